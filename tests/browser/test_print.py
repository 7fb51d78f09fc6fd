"""On paper: the page's content in black on white, without what only a screen can use, inside the width of A4."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

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


ACROSS = {"A4": (842, 595), "A3": (1191, 842)}
BOX = re.compile(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]")


@pytest.mark.parametrize("paper", ACROSS)
def test_the_war_map_fills_one_sheet_across_whatever_the_paper(door: Door, paper: str) -> None:
    page = door.open("office", reverse("campaign:war_map"))
    assert sheets(page, paper) == [ACROSS[paper]]


def test_the_timetable_and_the_work_calendar_lie_across_and_begin_on_the_first_sheet(door: Door) -> None:
    page = door.open("office", reverse("campaign:step_list"))
    assert set(sheets(page, "A4")) == {ACROSS["A4"]}
    page.goto(f"{reverse('campaign:work_calendar')}?unit=1310-AGRI")
    months = page.locator(".sh-duties").count()
    page.emulate_media(media="print")
    heading, month = page.locator("h1").bounding_box(), page.locator(".sh-duties").first.bounding_box()
    assert months <= len(sheets(page, "A3")) <= months + 1  # a month is a sheet
    assert heading
    assert month
    assert month["y"] - heading["y"] < 100  # no sheet with the heading alone


def sheets(page: Page, paper: str) -> list[tuple[int, int]]:
    """Width and height of every printed sheet in points."""
    printed = page.pdf(prefer_css_page_size=True, format=paper)
    return [(int(float(width)), int(float(height))) for width, height in BOX.findall(printed)]
