"""Workbooks and CSV files with the habits of real ones."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from shian.kernel.imports.headings import FileUnusable
from shian.kernel.imports.readers import Opened, open_table
from shian.kernel.imports.tests.files import THINGS, csv_file, xlsx_file

HEAD = ["编码", "名称", "生产日期", "金额（万元）", "本地"]


def read(path: Path, kind: str) -> tuple[Opened, list[tuple[int, list[Any]]]]:
    with open_table(path, kind, THINGS) as opened:
        return opened, [(number, list(cells)) for number, cells in opened.rows]


def test_a_title_above_the_headings_is_skipped_and_said(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "a.xlsx", [["二〇二二年物品表"], [], HEAD, ["A1", "甲", "2022-01-02", 3.5, "是"]])

    opened, rows = read(path, "xlsx")

    assert opened.matched.row_no == 3
    assert "第 3 行" in opened.matched.notes[0]
    assert rows == [(4, ["A1", "甲", "2022-01-02", 3.5, "是"])]


def test_headings_match_by_alias_english_name_and_without_unit(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [["CODE", "物品 名称", "金额", "备注"], ["A1", "甲", "3", "x"]])

    opened, _rows = read(path, "csv")

    assert opened.matched.positions == {"code": 0, "name": 1, "amount": 2}
    assert opened.matched.ignored == ("备注",)


def test_cells_merged_downwards_give_their_value_to_each_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEAD)
        page.merge_range("B2:B4", "甲")
        for row in (1, 2, 3):
            page.write(row, 0, f"A{row}")

    _opened, rows = read(path, "xlsx")

    assert [cells[:2] for _number, cells in rows] == [["A1", "甲"], ["A2", "甲"], ["A3", "甲"]]


def test_cells_merged_across_columns_are_a_finding_of_their_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEAD)
        page.write(1, 0, "A1")
        page.merge_range("B2:D2", "甲")

    opened, _rows = read(path, "xlsx")

    assert "跨列合并" in str(opened.findings[2][0][1].reason)


def test_dates_of_a_workbook_are_dates_and_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        hidden = book.add_worksheet("旧")
        hidden.write_row(0, 0, HEAD)
        hidden.hide()
        book.add_worksheet("空")
        page = book.add_worksheet("数据")
        page.activate()
        page.write_row(0, 0, HEAD)
        page.write_row(1, 0, ["A1", "甲"])
        page.write_datetime(1, 2, date(2022, 1, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
        book.add_worksheet("说明").write(0, 0, "说明文字")

    opened, rows = read(path, "xlsx")

    assert str(rows[0][1][2]) == "2022-01-02"
    assert "数据" in opened.notes[0]


def test_a_formula_gives_its_stored_value_and_without_one_its_cell_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEAD)
        page.write_row(1, 0, ["A1", "甲"])
        page.write_formula("D2", "=1+1", None, 2)
        page.write_row(2, 0, ["A2", "乙"])
        page.write_formula("D3", "=1+1", None, "")
        page.write_row(3, 0, ["A3", "丙"])
        page.write_formula("D4", "=1/0", None, "#DIV/0!")

    opened, rows = read(path, "xlsx")

    assert rows[0][1][3] == 2
    assert {row: str(found[0][1].reason) for row, found in opened.findings.items()} == {
        3: "单元格 D3 是公式，但文件中没有计算结果",
        4: "单元格 D4 的公式结果是错误值",
    }
    assert [found[0][0] for found in opened.findings.values()] == [3, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = csv_file(tmp_path / "a.csv", [HEAD, ["A1", "廊坊香河肉饼", "", "", ""]], encoding)

    _opened, rows = read(path, "csv")

    assert rows == [(2, ["A1", "廊坊香河肉饼", "", "", ""])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_with_every_usual_delimiter(tmp_path: Path, delimiter: str) -> None:
    path = csv_file(tmp_path / "a.csv", [HEAD, ["A1", "甲", "", "3", "是"]], delimiter=delimiter)

    _opened, rows = read(path, "csv")

    assert rows[0][1] == ["A1", "甲", "", "3", "是"]


def test_a_row_with_more_cells_than_headings_is_told(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [HEAD, ["A1", "甲", "", "3", "是", "多"]])

    opened, _rows = read(path, "csv")

    assert "6 列" in str(opened.findings[2][0][1].reason)


def test_missing_columns_are_listed_beside_what_was_found(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [["编码", "数量"], ["A1", "1"]])

    with pytest.raises(FileUnusable, match=r"缺少必需的列：名称.*编码、数量"):
        read(path, "csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html><table><tr><td>x</td></tr></table></html>", "网页"),
        (b"a,b\n1,2\n", "没有找到"),
        (b"\n\n\n", "没有内容"),
        (b"\x81\xff\xfe\x80,\n", "编码无法识别"),
    ],
)
def test_what_is_no_table_of_ours_is_refused_in_words(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    with pytest.raises(FileUnusable, match=message):
        read(path, "csv")


def test_an_empty_workbook_and_a_broken_one_are_refused(tmp_path: Path) -> None:
    empty, broken = xlsx_file(tmp_path / "a.xlsx", []), tmp_path / "b.xlsx"
    broken.write_bytes(empty.read_bytes()[:900])

    with pytest.raises(FileUnusable, match="没有内容"):
        read(empty, "xlsx")
    with pytest.raises(FileUnusable, match="损坏"):
        read(broken, "xlsx")
