"""Takes the pictures of docs/guide/field.md from a running demo: `python tools/field_pictures.py --url http://localhost:8600`.

It first gives the demo what the pictures show: three open checks of the station's own, and a draw that was run. The
phone is Chromium at 390×844; the network is cut while the check is made.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from shian.config import database, verbs  # noqa: E402 - the project is no installed package
from shian.config.home import Home  # noqa: E402
from tests.browser.phone import TERMS  # noqa: E402
from tools.browser_tests import chromium  # noqa: E402
from tools.screenshots import joined, keep, shot, sign_in  # noqa: E402

CHECKS = 3
FAILED = 2  # place in the sheet of the item that fails
NAMES = ("office", "agriculture", "county", "station")


def main() -> None:
    """Every picture into docs/pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://localhost:8600")
    parser.add_argument("--out", type=Path, default=PROJECT / "docs" / "pictures")
    asked = parser.parse_args()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    home = Home.current()
    verbs.connect(database.find_database(home), home)
    draw = drawn_sample()
    assign_checks()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-quic"])
        for name, picture in [*on_the_phone(browser, asked.url, Path(folder)), *at_the_desk(browser, asked.url, draw)]:
            keep(asked.out, name, picture)
        browser.close()


def people() -> dict[str, Any]:
    from shian.kernel.accounts.models import User

    return {each.username: each for each in User.objects.filter(username__in=NAMES)}


def assign_checks() -> None:
    """Open checks of operators of the station's township, by the city's office, due in a week."""
    from shian.domains.fieldchecks.actions.visits import Errand, Team, assign_visits
    from shian.domains.fieldchecks.models import FieldPoint, Mode
    from shian.domains.fieldchecks.queries.formats import formats_at
    from shian.registers.people.models import Organisation

    who, today = people(), verbs.today()
    forms = {each.code: each.form for each in formats_at("131000", today) if each.mode == Mode.OVERT}
    points = FieldPoint.objects.visible_to(who["station"]).filter(mode=Mode.OVERT, format__in=forms)
    chosen = [(each, forms[each.format]) for each in points.exclude(operator=None).order_by("pk")[:CHECKS]]
    issuer = Organisation.objects.filter(posts__person__user=who["office"]).first()
    assert issuer, "the demo's office belongs to no unit"
    errand = Errand(chosen, due_on=today + timedelta(days=7))
    assign_visits(errand=errand, team=Team(issuer, who["station"], who["county"]), by=who["office"], at=verbs.now())


def drawn_sample() -> Any:
    """The newest draw of the demo that was run; one is made where there is none."""
    from shian.engine.draws.models import Draw, DrawState
    from tests.browser.draw_records import _confirmed

    run = Draw.objects.filter(state=DrawState.CONFIRMED)
    return run.order_by("-pk").first() or _confirmed()


def on_the_phone(browser: Browser, url: str, folder: Path) -> Iterator[tuple[str, Image.Image]]:
    """What is assigned, the sheet with an item that was put right, the signatures, the queue without a network."""
    context = browser.new_context(base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai", **TERMS)
    page = context.new_page()
    sign_in(page, "station")
    page.goto("/field/")
    expect(page.locator("[data-ready=true]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    tasks = shot(page)
    context.set_offline(True)
    page.get_by_role("button", name="开始").first.click()
    sheet = filled(page, folder)
    signed = signatures(page)
    page.get_by_role("button", name="完成检查").click()
    expect(page.locator("li[data-state=waiting]").first).to_be_visible()
    yield "phone-check", joined([tasks, sheet])
    yield "phone-send", joined([signed, shot(page)])
    context.set_offline(False)
    expect(page.locator("li[data-state=sent]").first).to_be_visible()
    context.close()


def filled(page: Page, folder: Path) -> Image.Image:
    """Every item passes but one, which has its photo and another of what was put right."""
    expect(page.locator("[data-question=place]")).to_contain_text("误差")
    for item in page.locator("[data-question^=item_].sf-card").all():
        item.locator(".sf-choice").first.click()
    failed = page.locator(f"[data-question=item_{FAILED}]")
    failed.locator(".sf-choice").filter(has_text="不合格").click()
    for ending, is_tidy in (("photo", False), ("after", True)):
        question = page.locator(f"[data-question=item_{FAILED}_{ending}]")
        question.locator("input[type=file]").first.set_input_files(shelf(folder / f"{ending}.jpg", is_tidy=is_tidy))
        expect(question.locator(".sf-photo")).to_be_visible()
    page.locator(f"[data-question=item_{FAILED}_note] input, [data-question=item_{FAILED}_note] textarea").fill(
        "货架底层食品贴墙落地存放"
    )
    failed.evaluate("each => scrollTo(0, each.offsetTop - 150)")
    return shot(page)


def shelf(path: Path, *, is_tidy: bool) -> Path:
    """A drawn photo: boxes on a shelf, in order or not."""
    picture = Image.new("RGB", (1600, 1200), "#d8d2c4")
    pen = ImageDraw.Draw(picture)
    for y in (380, 760, 1140):
        pen.rectangle((60, y, 1540, y + 28), fill="#7b6a52")
    colours = ("#3f7f8c", "#b5763a", "#8a9a5b")
    for n in range(18):
        row, column = divmod(n, 6)
        left, tilt = 110 + 240 * column, 0 if is_tidy else (n * 37) % 60 - 20
        top = 380 * row + 140 + (0 if is_tidy else (n * 53) % 90)
        pen.rectangle((left + tilt, top, left + tilt + 190, 380 * (row + 1) - 2), fill=colours[n % 3])
    picture.save(path, quality=85)
    return path


def signatures(page: Page) -> Image.Image:
    """Both pads signed."""
    for canvas in page.locator("canvas").all():
        stroke(page, canvas)
    return shot(page)


def stroke(page: Page, canvas: Locator) -> None:
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 70)
    page.mouse.down()
    for step in range(1, 30):
        page.mouse.move(box["x"] + 40 + 7 * step, box["y"] + 60 + (25 if step % 4 < 2 else -20))
    page.mouse.up()
    expect(canvas).not_to_have_attribute("aria-busy", "true")


def at_the_desk(browser: Browser, url: str, draw: Any) -> Iterator[tuple[str, Image.Image]]:
    """The list of visits, the record of the one that came from the phone, the draw, its verification."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=url, locale="zh-CN")
    sign_in(page, "office")
    page.goto("/fieldchecks/visits/?standing=")
    yield "visits", shot(page)
    page.goto("/fieldchecks/visits/?standing=done")
    page.locator("table[data-rows] tbody tr a").first.click()
    page.wait_for_url("**/fieldchecks/visits/*/")
    yield "visit", shot(page)
    page.goto(f"/draws/{draw.pk}/")
    yield "draw", shot(page)
    page.goto(f"/draws/{draw.pk}/check/")
    yield "draw-check", shot(page)


if __name__ == "__main__":
    main()
