"""A county sees its own county, a township its own township: in lists, rows, exports and by address."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.people import Door, Watch

DAY = "2022-11-24"


def test_a_county_user_finds_only_the_own_county_in_lists_and_rows(door: Door) -> None:
    page = door.open("county", "/operators/")
    assert 0 < int(page.locator("h1 .sh-heading-count").inner_text().replace(",", "")) < 10_000
    assert set(page.locator("td[data-label='县（市、区）']").all_inner_texts()) == {"固安县"}

    page.goto(f"/figures/operators.total/rows/?as_of={DAY}")
    expect(page.locator("h1 .sh-heading-count")).to_have_text("6,744")


def test_the_export_of_a_county_user_holds_the_own_county_only(door: Door) -> None:
    page = door.open("county", "/operators/?kind=农贸市场")
    page.locator("summary", has_text="导出").click()
    page.get_by_role("link", name="CSV").click()
    page.get_by_label("理由").select_option("日常监管")
    with page.expect_download() as waited:
        page.get_by_role("button", name="导出", exact=True).click()
    text = Path(waited.value.path()).read_text(encoding="utf-8-sig")
    lines = list(csv.reader(text.splitlines()))
    start = next(number for number, cells in enumerate(lines) if "县（市、区）" in cells)
    column = lines[start].index("县（市、区）")
    counties = {cells[column] for cells in lines[start + 1 :] if len(cells) > column and cells[column]}

    assert counties == {"固安县"}


@pytest.mark.parametrize(
    ("account", "path"),
    [
        ("county", "/areas/131023/"),
        ("county", "/operators/?area=131023"),
        ("county", "/operators/131023-00001/"),
        ("county", f"/figures/operators.total/?area=131023&as_of={DAY}"),
        ("county", f"/figures/operators.total/rows/export/?area=131000&as_of={DAY}&format=csv"),
        ("county", f"/campaign/?area=131023&as_of={DAY}"),
        ("station", "/areas/131022101/"),
        ("station", f"/figures/operators.total/rows/?area=131022101&as_of={DAY}"),
        ("station", f"/campaign/items/1.4.2/?area=131022101&as_of={DAY}"),
    ],
)
def test_pages_of_another_county_or_a_sister_township_do_not_exist(
    door: Door, watch: Watch, account: str, path: str
) -> None:
    watch.expect("status of 404")
    page = door.open(account, path="")
    answer = page.goto(path)

    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_station_sees_no_operator_of_the_sister_township(door: Door, watch: Watch) -> None:
    page = door.open("office", "/operators/?area=131022101")
    code = page.locator("table[data-rows] tbody tr").first.get_attribute("data-href")
    watch.expect("status of 404")

    other = door.open("station", path="")
    answer = other.goto(str(code))

    assert answer
    assert answer.status == 404
