"""A phone with the field page: checks are made as an inspector makes them; the database tells what came of them."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, expect

from shian.config import verbs
from tests.browser.people import PHONE, sign_in
from tests.browser.site import Site
from tests.city import connected_to
from tools.browser_tests import chromium

HERE = {"latitude": 39.52, "longitude": 116.71, "accuracy": 12.0}
TERMS: dict[str, Any] = {
    "viewport": PHONE, "geolocation": HERE, "permissions": ["geolocation"], "reduced_motion": "reduce",
}  # fmt: skip
AT_HOME = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}  # as conftest.py has it
# The network is cut on purpose: the browser says so, and that an address is not there is no fault of the page.
CUT = r"net::ERR_|Failed to load resource|status of 40[039]|status of 422|status of 50"
CONTROLLED = """() => new Promise((done) => {
  const workers = navigator.serviceWorker
  if (workers.controller) done()
  else workers.addEventListener('controllerchange', () => done())
})"""
# What a browser holds once an account has signed in, by site and account; phones of later tests begin with it.
SESSIONS: dict[tuple[str, str], list[Any]] = {}
SURVEY = [
    {"type": "select_one verdict", "name": "licence", "label": "许可有效", "points": 60, "key_item": "yes"},
    {"type": "select_one verdict", "name": "records", "label": "进货查验", "points": 40, "photo_required": "fail"},
    {"type": "text", "name": "number", "label": "编号"},
    {"type": "username", "name": "who"},
]


def issue_form(site: Site, key: str, survey: list[dict[str, Any]] | None = None, **settings: Any) -> int:
    """A form in force for everybody, or its next version; its number."""
    from shian.engine.forms import actions
    from shian.engine.forms.tests.sheets import workbook
    from shian.kernel.accounts.models import User

    with database_of(site):
        office = User.objects.get(username="office")
        told = {"form_id": key, "form_title": f"离线试验 {key}", "version": "1", **settings}
        stream = workbook(survey or SURVEY, **told)
        draft = actions.upload_form(name="f.xlsx", stream=stream, by=office, at=verbs.now())
        return actions.issue_version(version=draft, valid_from=date(2020, 1, 1), by=office, at=verbs.now()).pk


def received(site: Site, key: str) -> list[dict[str, Any]]:
    """What came in of a form, in the order of its numbers: answers, times, photos."""
    from shian.engine.forms.models import FormSubmission

    with database_of(site):
        rows = FormSubmission.objects.filter(version__form__key=key).select_related("version", "user")
        found = [
            {
                "number": row.answers.get("number", ""), "who": row.answers.get("who"),
                "version": row.version.name, "percent": str(row.percent),
                "ended_at": row.ended_at, "sent_at": row.sent_at, "received_at": row.received_at, "clock": row.clock,
                "is_whole": row.completed_at is not None, "photos": row.photos, "user": row.user.username,
                "files": list(row.attachments.values_list("name", flat=True)),
            }
            for row in rows
        ]  # fmt: skip
    return sorted(found, key=lambda each: str(each["number"]))


def database_of(site: Site) -> connected_to:
    """Inside the block the site's own database is asked."""
    return connected_to(urlsplit(site.environment["DATABASE_URL"]).path.lstrip("/"))


def enter(page: Page, site: Site, url: str, account: str = "station") -> None:
    """Sign in and wait until everything is there for working without a network; by the form if nobody has signed this
    account in before, or a test has ended that session."""
    key = (site.url, account)
    page.context.add_cookies(SESSIONS.get(key, []))
    if page.context.request.get(f"{url}/account/", max_redirects=0).ok:
        page.goto(f"{url}/field/")
    else:
        page.goto(f"{url}/account/login/?next=/field/")
        sign_in(page, account, site.passwords[account])
    ready(page)
    SESSIONS[key] = page.context.cookies()


def ready(page: Page) -> None:
    expect(page.locator("[data-ready=true]")).to_be_visible()
    page.evaluate(CONTROLLED)


def begin(page: Page, key: str) -> None:
    page.evaluate(f"location.hash = '#/new/{key}'")
    expect(page.locator("[data-question=licence]")).to_be_visible()


def fill(page: Page, number: str, photo: Path | None) -> None:
    """One item passed, one failed with its photo, a number to know it by."""
    choose(page, "licence", "合格")
    choose(page, "records", "不合格")
    page.locator("[data-question=number] input").fill(number)
    if photo:
        page.locator("[data-question=records_photo] input[type=file]").first.set_input_files(photo)
        expect(page.locator(".sf-photo")).to_be_visible()
    expect(page.locator(".sf-saved")).to_contain_text("已保存")


def choose(page: Page, question: str, word: str) -> None:
    page.locator(f"[data-question={question}] .sf-choice").filter(has_text=word).first.click()


def sign(page: Page, canvas: Locator) -> None:
    """A stroke, until it is kept."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 180, box["y"] + 70, steps=4)
    page.mouse.up()
    expect(canvas).not_to_have_attribute("aria-busy", "true")


def finish(page: Page) -> None:
    page.get_by_role("button", name="完成检查").click()
    gone(page)


def gone(page: Page) -> None:
    """A finished check has left the page: what is touched next belongs to another one."""
    page.wait_for_url("**/#/queue")
    expect(page.locator(".sf-check")).to_have_count(0)


def made(page: Page, key: str, number: str, photo: Path | None) -> None:
    begin(page, key)
    fill(page, number, photo)
    finish(page)


def unsent(page: Page) -> Any:
    return page.locator("li[data-state=waiting], li[data-state=refused]")


def sent(page: Page) -> Any:
    return page.locator("li[data-state=sent]")


@contextmanager
def phone(playwright: Playwright, profile: Path, url: str) -> Iterator[BrowserContext]:
    """A browser of its own whose data outlive it."""
    from tests.browser.conftest import QUIET

    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium(is_killed=True), args=QUIET, base_url=url, **TERMS, **AT_HOME
    )
    try:
        yield context
    finally:
        with suppress(Error):  # it was killed
            context.close()


def kill(profile: Path) -> None:
    """As when the phone dies: every process of the browser with this profile, at once."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and str(profile) in _command(entry):
            os.kill(int(entry.name), signal.SIGKILL)
    for lock in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
        (profile / lock).unlink(missing_ok=True)


def _command(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def kept(page: Page) -> list[str]:
    """Names of the databases of users that lie in this browser."""
    asked = "indexedDB.databases().then((all) => all.map(({name}) => name).filter((name) => /field-/.test(name)))"
    found: list[str] = page.evaluate(asked)
    return found
