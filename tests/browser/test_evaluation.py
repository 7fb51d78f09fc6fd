"""From the first page to an item, to its figure, to the rows behind it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Door

DAY = "2022-11-24"
KINDS = ["producers", "fcm", "sellers", "markets", "caterers", "small"]
FILTERS = [("section", "基础工作"), ("method", "资料审查"), ("unit", "市农业农村局"), ("state", "评审结论")]
SMALL = ["workshops", "small_restaurants", "stalls"]


def count_in_heading(page: Page) -> int:
    return int(page.locator("h1 .sh-heading-count").inner_text().replace(",", ""))


def first_cells(page: Page) -> list[str]:
    return [cell.split()[0] for cell in page.locator("table[data-rows] tbody tr > :first-child").all_inner_texts()]


def test_the_first_page_shows_work_and_debts_and_opens_an_item(door: Door) -> None:
    page = door.open("county")
    expect(page.get_by_role("heading", name="本单位失分")).to_be_visible()
    link = page.locator("#debts tbody tr a").first
    code = link.inner_text().split()[0]

    link.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(code)
    expect(page.locator("main")).to_contain_text("固安县")


def test_the_list_of_94_items_is_filtered_by_section_method_unit_and_state(door: Door) -> None:
    page = door.open("office", "/campaign/")
    expect(page.locator(".sh-callout", has_text="示例权重")).to_be_visible()
    assert count_in_heading(page) == 94
    counts = [94]
    for name, choice in FILTERS:
        page.locator(f"#filter-{name}").select_option(label=choice)
        expect(page.locator(f"#filter-{name}")).to_have_class(re.compile("is-used"))
        counts.append(count_in_heading(page))
        assert page.locator("table[data-rows] tbody tr").count() == counts[-1]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] > 0
    assert all(code.startswith("1.") for code in first_cells(page))

    page.reload()
    assert count_in_heading(page) == counts[-1]
    page.get_by_role("link", name="清除筛选").click()
    expect(page.locator("h1 .sh-heading-count")).to_have_text("94")


def test_choosing_a_county_shows_its_own_results(door: Door) -> None:
    page = door.open("office", "/campaign/")
    page.get_by_label("县（市、区）").select_option(label="固安县")

    expect(page.locator(".sh-lead")).to_contain_text("固安县")
    expect(page).to_have_url(re.compile("area=131022"))


def test_an_item_leads_to_its_figure_and_the_figure_to_as_many_rows(door: Door) -> None:
    page = door.open("office", "/campaign/items/1.4.2/")
    link = page.locator(".sh-facts a[href*='township_coverage']")
    shown = float(link.inner_text().removesuffix("%"))
    link.click()
    expect(page.locator(".sh-figure-number")).to_contain_text(f"{shown:.1f}")
    part = page.locator(".sh-figure-rate").inner_text().split("/")[0].strip()

    page.locator(".sh-figure-number a").click()

    expect(page.locator("h1 .sh-heading-count")).to_have_text(part)


def opened(page: Page, key: str) -> int:
    """The figure on its page, after its rows were opened and as many were found."""
    page.goto(f"/figures/operators.{key}/?area=131000&as_of={DAY}")
    number = page.locator(".sh-figure-number a")
    value = int(number.inner_text().split()[0].replace(",", ""))
    number.click()
    expect(page.locator("h1 .sh-heading-count")).to_have_text(f"{value:,}")
    expect(page.locator(".sh-pager .num")).to_contain_text(f"/ {value:,}")
    return value


@pytest.mark.parametrize(("key", "value", "parts"), [("total", 64_098, KINDS), ("small", 25_476, SMALL)])
def test_a_published_number_opens_into_rows_and_into_its_parts(
    door: Door, key: str, value: int, parts: list[str]
) -> None:
    page = door.open("office")

    assert opened(page, key) == value
    assert sum(opened(page, part) for part in parts) == value


def test_the_map_of_a_figure_opens_the_area_that_is_clicked(door: Door) -> None:
    page = door.open("office", f"/figures/operators.total/?area=131000&as_of={DAY}")
    expect(page.locator(".sh-map.is-ready")).to_be_visible()
    expect(page.locator(".sh-map-legend")).to_contain_text("12,069")
    box = page.locator(".sh-map canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.6)

    expect(page).to_have_url(re.compile(r"area=1310\d\d(?!00)"))


def test_the_veto_board_shows_value_margin_and_period_or_why_it_is_unknown(door: Door) -> None:
    page = door.open("office", "/campaign/vetoes/?as_of=2022-11-24")

    assert count_in_heading(page) == 5
    known = page.get_by_role("row", name="三年内重大以上事故")
    expect(known).to_contain_text("未触发")
    expect(known).to_contain_text("— 2022-11-24")
    expect(page.get_by_role("row", name="领导责任制未落实")).to_contain_text("尚无评审结论")


def test_a_reviewer_enters_a_verdict_and_the_item_is_rescored(door: Door) -> None:
    page = door.open("reviewer", "/campaign/items/1.1.3/")
    page.get_by_role("link", name="录入评审结论").click()
    page.get_by_role("radio", name="达标", exact=True).check()
    page.get_by_label("理由").fill("补充材料已经查阅，符合要求。")
    page.get_by_role("button", name="保存结论").click()

    expect(page.get_by_text("已保存。本项得 0.75 分（分值 0.75）。")).to_be_visible()
    expect(page.locator(".sh-timeline")).to_contain_text("补充材料已经查阅，符合要求。")
