"""On paper: the page's content in black on white, without what only a screen can use, inside the width of A4."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import Door
from tests.browser.reading import drawn, too_wide

PAPER = {"width": 688, "height": 1000}  # A4 between its margins, in CSS pixels
ON_SCREEN_ONLY = ".sh-topbar, .sh-sidebar, .sh-skip, .sh-crumbs, .sh-actions, .sh-tabs, .sh-toolbar, .sh-pager-links"
SHEETS = {
    "list": "/operators/?kind=农贸市场",
    "evaluation": "/campaign/",
    "record": "/operators/131081-00001/",
    "figure": "/figures/operators.total/?area=131000&as_of=2022-11-24",
    "calendar": "/workdays/2026/",
    "standard": "/campaign/standard/",
}


@pytest.mark.parametrize("path", SHEETS.values(), ids=SHEETS)
def test_paper_carries_the_content_only(door: Door, path: str) -> None:
    page = door.open("office", path, viewport=PAPER, color_scheme="dark")
    drawn(page)
    page.emulate_media(media="print")

    expect(page.locator(ON_SCREEN_ONLY).locator("visible=true")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
    assert too_wide(page) == []
    heads = page.locator("main table thead:visible")
    assert {head.evaluate("(head) => getComputedStyle(head).display") for head in heads.all()} <= {"table-header-group"}
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_chart_is_drawn_for_white_paper_and_back(door: Door) -> None:
    page = door.open("office", SHEETS["figure"], color_scheme="dark")
    drawn(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")

    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
