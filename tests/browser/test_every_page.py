"""All pages of the sidebar and one record of each kind: quiet, never wider than the screen, open to everybody."""

from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from shian.config.home import PROJECT
from tests.browser.people import DESKTOP, PHONE, Door, Watch

AXE = (PROJECT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
UNDRAWN = "[data-island]:not(.is-ready, .is-failed)"
FIGURE = "/figures/operators.total/?area=131000&as_of=2022-11-24"
RECORDS = [
    "/campaign/items/1.4.2/",
    "/campaign/losses/?by=area",
    FIGURE,
    "/figures/operators.total/rows/?area=131000&as_of=2022-11-24",
    "/operators/map/",
    "/operators/131081-00001/",
    "/areas/131022/",
    "/people/1310-AGRI/",
    "/ledgers/budgets/",
    "/imports/new/",
    "/reports/new/",
]
READ_ALOUD = [
    "/",
    "/campaign/",
    "/campaign/items/1.4.2/",
    "/campaign/vetoes/",
    FIGURE,
    "/operators/",
    "/operators/map/",
    "/operators/131081-00001/",
    "/areas/",
    "/imports/",
    "/imports/new/",
    "/reports/new/",
]


def pages_of_sidebar(page: Page) -> list[str]:
    return [str(link.get_attribute("href")) for link in page.locator(".sh-sidebar a").all()]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_page_complains_or_scrolls_sideways(door: Door, size: ViewportSize) -> None:
    page = door.open("office", viewport=size)
    paths = [*pages_of_sidebar(page), *RECORDS]
    assert len(paths) > 20
    wide, broken = [], []
    for path in paths:
        answer = page.goto(path)
        expect(page.locator(UNDRAWN)).to_have_count(0)
        if not answer or answer.status != 200:
            broken.append(path)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            wide.append(path)
        if page.locator(".is-failed").count():
            broken.append(f"{path} (a chart or map)")

    assert (broken, wide) == ([], [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(door: Door, theme: Any) -> None:
    page = door.open("office", color_scheme=theme)
    found = [*_violations(door.open(path="/account/login/", color_scheme=theme))]
    for path in READ_ALOUD:
        page.goto(path)
        expect(page.locator(UNDRAWN)).to_have_count(0)
        found += _violations(page)

    assert found == []


def test_the_gallery_of_components_fits_and_reads_well(door: Door, watch: Watch) -> None:
    watch.expect("2026-02-30")  # its form shows how a date that does not exist is refused
    page = door.open("admin", "/ui/", viewport=PHONE)
    expect(page.locator(UNDRAWN)).to_have_count(0)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert _violations(page) == []


def _violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url}: {each['id']} {node['target']} {node['failureSummary']}"
        for each in result["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"][:3]
    ]
