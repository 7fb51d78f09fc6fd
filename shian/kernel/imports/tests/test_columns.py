"""The quick way through a column and the way cell by cell give the same values."""

from datetime import date

import pytest

from shian.kernel.imports.cells import FieldParser
from shian.kernel.imports.columns import quick_column
from shian.kernel.imports.specs import Finding, ImportField


def no_swear_words(text: str) -> Finding | None:
    return Finding("不雅") if "呸" in text else None


FIELDS = {
    "plain": ImportField("x", "列", max_length=6),
    "required": ImportField("x", "列", required=True),
    "default": ImportField("x", "列", default="无"),
    "upper": ImportField("x", "列", normalise=str.upper, checks=(no_swear_words,)),
    "pattern": ImportField("x", "列", pattern=r"\d{3}"),
    "integer": ImportField("x", "列", "integer", minimum=0, maximum=100),
    "number": ImportField("x", "列", "number", minimum=-5, maximum=5),
    "date": ImportField("x", "列", "date"),
    "year": ImportField("x", "列", "year"),
    "boolean": ImportField("x", "列", "boolean"),
    "choice": ImportField("x", "列", choices={"甲": "a", "乙": "b"}),
}
CELLS = [
    "", " ", "甲", " 甲 ", "ＡＢ", "ab", "a\tb", "a\x1fb", "'=1", "=1+1", "呸", "123", "１２３", "1234567", "0", "-0",
    "00", "1.50", "1.5", "-1.5", "-0.5", "+1", "1e2", "101", "1,000", "6", "99999999999999999999", "2022-11-24",
    "2022/11/24",
    "2022-02-30", "2022-W01-1", "20221124", "1899-01-01", "44593", "是", "true", "2022", "2022年",
    "\u00a0甲", "甲\u3000乙",
]  # fmt: skip


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("cell", CELLS)
def test_a_column_of_one_is_judged_as_its_cell(kind: str, cell: str) -> None:
    parser = FieldParser(FIELDS[kind])
    value, findings = parser(cell)

    assert parser.column([cell]) == ([value], {0: findings} if findings else {})


@pytest.mark.parametrize("kind", FIELDS)
def test_a_column_is_judged_as_its_cells(kind: str) -> None:
    parser = FieldParser(FIELDS[kind])
    judged = [parser(cell) for cell in CELLS]

    values, findings = parser.column(CELLS)

    assert values == [value for value, _found in judged]
    assert findings == {index: found for index, (_value, found) in enumerate(judged) if found}


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("plain", ["甲", " 乙", ""]),
        ("upper", ["ab", "CD"]),
        ("integer", ["1", "", "100"]),
        ("number", ["-1.5", "0"]),
        ("date", ["2022-11-24", ""]),
    ],
)
def test_ordinary_columns_go_the_quick_way(kind: str, cells: list[str]) -> None:
    quick = quick_column(FIELDS[kind])

    assert quick is not None
    assert quick(cells) == [FieldParser(FIELDS[kind])(cell)[0] for cell in cells]


def test_numbers_and_answers_of_a_workbook_are_not_taken_for_each_other() -> None:
    parser = FieldParser(ImportField("x", "列"))

    assert parser.column([1.0, True, "1", 1.0])[0] == ["1", "是", "1", "1"]
    assert parser.column([1.0, "1", None])[0] == ["1", "1", ""]
    assert FieldParser(FIELDS["number"]).column([1.5, "", 2.0, date(2022, 1, 2)])[0] == ["1.5", "", "2", ""]
    assert FieldParser(FIELDS["date"]).column([date(2022, 1, 2), "", 44593.0])[0] == [
        "2022-01-02",
        "",
        "2022-02-01",
    ]
    assert "丢失末位" in str(parser.column([131000000000000001.0])[1][0][0].reason)
