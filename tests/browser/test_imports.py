"""Wrong files: each gives its promised message on the page, and nothing is lost."""

import io
import re
from datetime import date
from pathlib import Path

import pytest
import python_calamine
from playwright.sync_api import Page, expect

from tests.browser.people import Door, follow
from tests.browser.sheets import HEADINGS, XLSX, csv_bytes, old_excel, png, row, serial, xlsx

BUDGETS = "ledger.budgets"


def upload(page: Page, name: str, content: bytes, **stated: str) -> None:
    """Choose the register and the file, state what the letter states, and have it checked."""
    page.goto(f"/imports/new/?importer={BUDGETS}")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": XLSX, "buffer": content})
    for label, value in stated.items():
        page.get_by_label(label).fill(value)
    follow(page.get_by_role("button", name="上传并检查"))
    expect(page.locator("main")).not_to_contain_text("上传后先检查，不会写入数据；核对无误后再接收。")


def accept(page: Page) -> None:
    page.locator("summary", has_text="接收").click()
    page.get_by_role("button", name="确认接收").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已接收")


def facts(page: Page) -> dict[str, str]:
    """Names and values of the batch's facts."""
    names, values = page.locator(".sh-facts dt").all_inner_texts(), page.locator(".sh-facts dd").all_inner_texts()
    return dict(zip(names, values, strict=True))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("账.xlsx", png(), "“账.xlsx”的内容不是可接受的格式"),
        ("账.xls", old_excel(), "是旧版 Excel（.xls）文件，请在 Excel 中另存为 .xlsx 后再上传"),
        ("账.xlsx", b"", "空"),
    ],
    ids=["a picture renamed", "an old workbook", "an empty file"],
)
def test_a_file_of_another_kind_is_refused_before_it_is_read(
    door: Door, name: str, content: bytes, message: str
) -> None:
    page = door.open("office", f"/imports/new/?importer={BUDGETS}")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": XLSX, "buffer": content})
    page.get_by_label("应有行数").fill("7")
    page.get_by_role("button", name="上传并检查").click()

    expect(page.get_by_role("alert")).to_contain_text(message)
    expect(page.get_by_label("导入类型")).to_have_value(BUDGETS)
    expect(page.get_by_label("应有行数")).to_have_value("7")


def test_a_missing_column_is_named_and_nothing_is_imported(door: Door) -> None:
    page = door.open("office")
    headings, cells = [*HEADINGS[:4], *HEADINGS[5:]], [*row("缺列")[:4], *row("缺列")[5:]]

    upload(page, "缺列.xlsx", xlsx([cells], headings))

    expect(page.get_by_role("alert")).to_contain_text("缺少必需的列：预算金额（万元）")
    expect(page.get_by_role("heading", level=1)).to_contain_text("失败")


def test_habits_of_real_workbooks_are_understood(door: Door) -> None:
    """Full-width digits, serial dates, cells merged downwards, a title above the headings."""
    page = door.open("office")
    content = xlsx(
        [
            row("全角", "１２．５", day=serial(date(2023, 4, 5))),
            row("合并", 3, day="2023年4月6日"),
            ["", 2023, "日常监管", "合并的下一行", 4, None, "2023/4/7"],
        ],
        change=lambda sheet: sheet.merge_range("A3:A4", "131022"),
    )

    upload(page, "真实.xlsx", content, 应有行数="3", 应有合计="预算金额（万元）=19.5")

    expect(page.get_by_role("heading", level=1)).to_contain_text("待接收")
    expect(page.locator("main")).to_contain_text("2023-04-05")
    assert facts(page)["合格"] == "3"
    accept(page)
    page.goto("/ledgers/budgets/?q=全角")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1")
    expect(page.locator("main")).to_contain_text("12.5")


def test_what_cannot_be_understood_is_returned_row_by_row(door: Door) -> None:
    """A formula without value, cells merged across, a row twice in the file."""
    page = door.open("office")
    content = xlsx(
        [row("公式"), row("横向合并"), row("重复"), row("重复"), row("好的")],
        change=lambda sheet: (sheet.write_formula("E2", "=6*2", None, ""), sheet.merge_range("C3:D3", "日常监管")),
    )

    upload(page, "有误.xlsx", content)

    problems = page.get_by_role("region").filter(has_text="处理办法").first
    expect(problems).to_contain_text("单元格 E2 是公式，但文件中没有计算结果")
    expect(problems).to_contain_text("该行有跨列合并的单元格")
    expect(problems).to_contain_text("同一主键在文件中出现 2 次")
    assert facts(page)["合格"] == "1"


def test_a_csv_in_gb18030_is_read_and_its_encoding_told(door: Door) -> None:
    page = door.open("office")

    upload(page, "国标.csv", csv_bytes([row("国标编码")], "gb18030"))

    expect(page.get_by_text("文件按 GB18030 编码读取")).to_be_visible()
    expect(page.locator("main")).to_contain_text("国标编码")


def test_an_unmet_total_stops_everything_until_a_named_user_gives_a_reason(door: Door) -> None:
    page = door.open("office")
    upload(page, "合计.xlsx", xlsx([row("合计甲", 10), row("合计乙", 20)]), 应有行数="3")

    stopped = page.get_by_role("region", name="合计不符，导入已停止")
    expect(page.get_by_role("heading", name="合计不符，导入已停止")).to_be_visible()
    expect(page.locator("summary", has_text="接收")).to_have_count(0)
    page.get_by_role("button", name="接受差额").click()
    expect(page.get_by_role("alert")).to_contain_text("接受差额的理由")
    page.get_by_label("接受差额的理由").fill("来文多计一行，已电话核实。")
    page.get_by_role("button", name="接受差额").click()

    expect(page.locator("main")).to_contain_text("来文多计一行，已电话核实。")
    expect(page.locator("main")).to_contain_text(re.compile("差额已由 .+（.*创建办工作人员）"))
    expect(stopped).to_have_count(0)
    accept(page)


def test_bad_rows_come_back_as_a_workbook_that_is_corrected_and_sent_as_it_is(door: Door, tmp_path: Path) -> None:
    page = door.open("office")
    upload(page, "改正.xlsx", xlsx([row("改正好的", 5), row("改正坏的", 5, paid=9), row("改正空的", "")]))
    assert (facts(page)["合格"], facts(page)["有误"]) == ("1", "2")
    accept(page)

    with page.expect_download() as waited:
        page.get_by_role("link", name="下载问题行").click()
    returned = tmp_path / waited.value.suggested_filename
    waited.value.save_as(returned)
    sheet = python_calamine.CalamineWorkbook.from_path(str(returned)).get_sheet_by_index(0).to_python()
    headings, *bad = sheet
    assert {"行号", "问题列", "问题", "处理办法"} <= set(map(str, headings))
    assert len(bad) == 2
    assert "已执行金额大于预算金额" in str(bad[0])
    amount = headings.index("预算金额（万元）")
    for cells in bad:
        cells[amount] = 11
    upload(page, returned.name, xlsx(bad, headings))

    assert (facts(page)["合格"], facts(page)["有误"]) == ("2", "0")
    accept(page)
    page.goto("/ledgers/budgets/?q=改正")
    expect(page.get_by_role("heading", level=1)).to_contain_text("3")


def test_a_county_cannot_import_rows_of_its_neighbour(door: Door) -> None:
    page = door.open("county")

    upload(page, "越界.xlsx", xlsx([row("本县"), row("邻县", area="131023")]))

    expect(page.locator("main")).to_contain_text("该行所属区划不在您的管辖范围内")
    assert (facts(page)["合格"], facts(page)["有误"]) == ("1", "1")


def test_the_file_itself_is_kept_as_it_was_sent(door: Door) -> None:
    page = door.open("office")
    content = xlsx([row("原件")])
    upload(page, "原件.xlsx", content)

    with page.expect_download() as waited:
        page.get_by_role("link", name="原件.xlsx").click()

    assert Path(waited.value.path()).read_bytes() == content
    assert python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["数据"]
