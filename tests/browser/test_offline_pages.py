"""How the field page reads, in both languages and themes, at both widths; how large it is; that it can be installed."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import DESKTOP, PHONE, Watch
from tests.browser.phone import CUT, TERMS, begin, choose, enter, issue_form, ready, sent, unsent
from tests.browser.reading import TAGS, too_wide, violations
from tests.browser.site import Site
from tests.browser.wire import Wire

MOST_BYTES, MOST_ON_THE_WIRE = 2_300_000, 480_000
TARGETS = """() => [...document.querySelectorAll('main a, main button, main .sf-choice, main .sf-pick')]
  .filter((each) => each.checkVisibility())
  .map((each) => [each.textContent.trim(), Math.round(each.getBoundingClientRect().height)])
  .filter(([, height]) => height < 44)"""


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "dark")])
def test_the_pages_read_well(
    new_context: Callable[..., BrowserContext], watch: Watch, site: Site, wire: Wire, language: str, theme: str
) -> None:
    watch.expect(CUT)
    key = f"off_look_{theme}"
    issue_form(site, key)
    context = new_context(base_url=wire.url, **TERMS)
    watch.follow(context)
    page = context.new_page()
    enter(page, site, wire.url)
    cookies = {"django_language": language, "shian_theme": theme}
    context.add_cookies([{"name": name, "value": value, "url": wire.url} for name, value in cookies.items()])
    page.reload()
    ready(page)
    assert page.evaluate("document.documentElement.lang") == language

    found = _wrong(page)
    page.goto("/field/#/forms")
    expect(page.locator(".sf-item").first).to_be_visible()
    found += _wrong(page)
    _refused_check(page, site, wire, key)
    found += _wrong(page)
    begin(page, key)
    page.locator("[data-question=records] .sf-choice").nth(2).click()
    page.locator(".sf-foot .btn-primary").click()
    expect(page.locator(".sf-faults li")).to_have_count(2)
    page.mouse.move(1, 1)
    found += _wrong(page)

    assert found == []


def _refused_check(page: Page, site: Site, wire: Wire, key: str) -> None:
    """One that the server refuses, with the reason and what can be done: its sheet has become stricter behind its back,
    as if the phone had been tampered with."""
    begin(page, key)
    page.locator("[data-question=licence] .sf-choice").nth(0).click()
    page.locator("[data-question=records] .sf-choice").nth(0).click()
    page.route("**/submissions/**", _tampered)
    page.locator(".sf-foot .btn-primary").click()
    expect(page.locator("li[data-state=refused] .sf-reason")).to_be_visible()
    page.unroute("**/submissions/**")


def _tampered(route: Any) -> None:
    body = route.request.post_data_buffer
    route.continue_(post_data=body.replace(b'"score":"100.00"', b'"score":"101.00"'))


def _wrong(page: Page) -> list[str]:
    found = violations(page, TAGS) + too_wide(page)
    found += [f"{page.url}: {text!r} is {height} px high" for text, height in page.evaluate(TARGETS)]
    page.set_viewport_size(DESKTOP)
    found += too_wide(page)
    page.set_viewport_size(PHONE)
    return found


def test_a_refused_check_is_changed_as_a_draft_and_goes_out(
    new_context: Callable[..., BrowserContext], watch: Watch, site: Site, wire: Wire
) -> None:
    watch.expect(CUT)
    issue_form(site, "off_refused")
    context = new_context(base_url=wire.url, **TERMS)
    page = context.new_page()
    enter(page, site, wire.url)
    _refused_check(page, site, wire, "off_refused")
    expect(page.locator(".sf-reason")).to_contain_text("百分制得分与答案不符")
    expect(unsent(page)).to_have_count(1)

    page.get_by_role("button", name="改为草稿").click()
    choose(page, "licence", "部分合格")
    page.locator(".sf-foot .btn-primary").click()

    expect(sent(page)).to_have_count(1)


def test_a_token_that_is_out_of_date_is_asked_for_once_more(
    new_context: Callable[..., BrowserContext], watch: Watch, site: Site, wire: Wire
) -> None:
    watch.expect(CUT)
    issue_form(site, "off_token")
    page = new_context(base_url=wire.url, **TERMS).new_page()
    enter(page, site, wire.url)
    refused: list[str] = []
    page.route("**/submissions/**", lambda route: _once_refused(route, refused))
    begin(page, "off_token")
    for question in ("licence", "records"):
        choose(page, question, "合格")
    page.locator(".sf-foot .btn-primary").click()

    expect(sent(page)).to_have_count(1)
    assert len(refused) == 1


def _once_refused(route: Any, refused: list[str]) -> None:
    if refused:
        route.continue_()
    else:
        refused.append(route.request.url)
        route.fulfill(status=403, body="")


def test_what_is_kept_stays_within_its_budget_and_can_be_installed(site: Site) -> None:
    with urlopen(f"{site.url}/field/worker.js", timeout=20) as answer:
        told = json.loads(answer.readline().decode().removeprefix("self.SHELL = "))
    files: list[bytes] = []
    for address in [*told["files"], told["page"]]:
        with urlopen(f"{site.url}{address}", timeout=20) as answer:
            files.append(answer.read())
    with urlopen(f"{site.url}{told['manifest']}", timeout=20) as answer:
        manifest = json.loads(answer.read())

    assert sum(map(len, files)) < MOST_BYTES
    assert sum(len(gzip.compress(each)) for each in files) < MOST_ON_THE_WIRE
    assert manifest["display"] == "standalone"
    assert {each["src"] for each in manifest["icons"]} <= set(told["files"])
    assert not [each for each in told["files"] if Path(each).name.startswith(("map-", "chart-"))]
