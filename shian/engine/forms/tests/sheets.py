"""Small workbooks for tests."""

import io
from typing import Any

import xlsxwriter

from shian.engine.forms.checking import check_sheets
from shian.engine.forms.definition import Definition
from shian.engine.forms.sheets import Sheets, sheets_of_rows

VERDICTS = [
    {"list_name": "verdict", "name": "pass", "label": "合格", "score": "1"},
    {"list_name": "verdict", "name": "part", "label": "部分合格", "score": "0.5"},
    {"list_name": "verdict", "name": "fail", "label": "不合格", "score": "0"},
    {"list_name": "verdict", "name": "na", "label": "不适用", "score": "na"},
]
FAULTS = [
    {"list_name": "found", "name": "none", "label": "没有问题", "deduct": "0"},
    {"list_name": "found", "name": "dust", "label": "积灰", "deduct": "2"},
    {"list_name": "found", "name": "flies", "label": "蝇虫", "deduct": "5"},
]
SETTINGS = {"form_id": "open_T1", "form_title": "试验打分表", "version": "1", "pass_mark": "80", "excellent_mark": "90"}
ITEMS: list[dict[str, Any]] = [
    {"type": "select_one verdict", "name": "licence", "label": "许可有效", "points": 40, "key_item": "yes"},
    {"type": "select_one verdict", "name": "records", "label": "进货查验", "points": 30, "photo_required": "fail"},
    {"type": "integer", "name": "expired", "label": "过期食品", "points": 20, "deduction": "每处扣5分，最多扣15分"},
    {"type": "select_multiple found", "name": "hygiene", "label": "卫生", "points": 10},
]


def sheets(survey: list[dict[str, Any]], *, choices: Any = None, **settings: Any) -> Sheets:
    return sheets_of_rows(survey, VERDICTS + FAULTS if choices is None else choices, {**SETTINGS, **settings})


def sheet(survey: list[dict[str, Any]] | None = None, **settings: Any) -> Definition:
    return check_sheets(sheets(ITEMS if survey is None else survey, **settings))


def workbook(survey: list[dict[str, Any]] | None = None, **settings: Any) -> io.BytesIO:
    """The same as an XLSX file."""
    tables = {
        "survey": ITEMS if survey is None else survey,
        "choices": VERDICTS + FAULTS,
        "settings": [{**SETTINGS, **settings}],
    }
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in tables.items():
            page, headings = book.add_worksheet(name), list(dict.fromkeys(key for row in rows for key in row))
            page.write_row(0, 0, headings)
            for number, row in enumerate(rows, start=1):
                page.write_row(number, 0, [row.get(heading, "") for heading in headings])
    out.seek(0)
    return out
