"""Workbooks that go out: the rows that were not accepted, to be corrected and sent back as they are, and templates."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from shian.kernel.imports.headings import (
    CULPRIT_COLUMN,
    NOTHING_REMEMBERED,
    OWN_COLUMNS,
    REASON_COLUMN,
    REMEDY_COLUMN,
    ROW_COLUMN,
    Remembered,
)
from shian.kernel.imports.models import ImportProblem
from shian.kernel.imports.readers import open_table
from shian.kernel.imports.rules import text_of
from shian.kernel.imports.specs import ImportField, ImportSpec

LIST_LIMIT = 250  # characters of a list that a spreadsheet's validation takes
TEMPLATE_ROWS = 5000
WIDTHS = {"string": 18, "integer": 12, "number": 12, "date": 13, "boolean": 8, "year": 8}
Problems = Mapping[int, Sequence[ImportProblem]]


def write_bad_rows(
    out: BinaryIO | Path,
    path: Path,
    kind: str,
    spec: ImportSpec,
    problems: Problems,
    remembered: Remembered = NOTHING_REMEMBERED,
) -> int:
    """The bad rows with their own headings and values, and four columns more. The number of rows written."""
    with open_table(path, kind, spec, remembered) as opened, _workbook(out) as book:
        headings = opened.matched.headings
        kept = [index for index, heading in enumerate(headings) if heading not in OWN_COLUMNS]
        sheet, styles = book.add_worksheet(_("待改正")), _Styles(book)
        last = len(kept) + 1
        sheet.set_column(1, last, 16)
        sheet.set_column(last + 1, last + 2, 46)
        titles = [ROW_COLUMN, *(headings[index] for index in kept), CULPRIT_COLUMN, REASON_COLUMN, REMEDY_COLUMN]
        _head(sheet, styles, titles)
        written = 0
        for row_no, cells in opened.rows:
            if row_no in problems:
                written += 1
                _bad_row(sheet, styles, written, row_no, [_at(cells, index) for index in kept], problems[row_no])
    return written


def _at(cells: Sequence[Any], index: int) -> str:
    return text_of(cells[index]) if index < len(cells) else ""


def _bad_row(
    sheet: Any, styles: "_Styles", line: int, row_no: int, cells: list[str], problems: Sequence[ImportProblem]
) -> None:
    culprits = list(dict.fromkeys(problem.column for problem in problems))
    reasons = [f"{problem.column}：{problem.reason}" for problem in problems]
    remedies = list(dict.fromkeys(problem.remedy for problem in problems if problem.remedy))
    sheet.write_number(line, 0, row_no, styles.plain)
    for column, text in enumerate(cells, start=1):
        sheet.write_string(line, column, text, styles.text)
    for column, text in enumerate(("、".join(culprits), "；".join(reasons), "；".join(remedies)), start=len(cells) + 1):
        sheet.write_string(line, column, text, styles.problem)


def write_template(out: BinaryIO | Path, spec: ImportSpec) -> None:
    """An empty sheet with the importer's headings, drop-down lists and hints, and a sheet that explains them."""
    with _workbook(out) as book:
        styles = _Styles(book)
        sheet = book.add_worksheet(str(spec.title)[:28])
        _head(sheet, styles, [str(each.title) for each in spec.fields], [each.required for each in spec.fields])
        for column, each in enumerate(spec.fields):
            sheet.set_column(column, column, WIDTHS[each.type], styles.text if each.type == "string" else styles.plain)
            words = list(each.accepted) or (["是", "否"] if each.type == "boolean" else [])
            if words and len(",".join(words)) <= LIST_LIMIT:
                sheet.data_validation(1, column, TEMPLATE_ROWS, column, {"validate": "list", "source": words})
        _explain(book.add_worksheet(_("填写说明")), styles, spec)


def _explain(sheet: Any, styles: "_Styles", spec: ImportSpec) -> None:
    _head(sheet, styles, [_("列"), _("英文名"), _("必填"), _("类型"), _("单位"), _("说明")])
    for line, row in enumerate(_explanations(spec), start=1):
        for column, text in enumerate(row):
            sheet.write_string(line, column, text, styles.text)
    sheet.set_column(0, 1, 20)
    sheet.set_column(5, 5, 80)


def _explanations(spec: ImportSpec) -> Iterator[tuple[str, ...]]:
    kinds = {
        "string": _("文本"),
        "integer": _("整数"),
        "number": _("数字"),
        "date": _("日期"),
        "boolean": _("是/否"),
        "year": _("年份"),
    }
    for each in spec.fields:
        kind = kinds[each.type]
        yield str(each.title), each.name, _("是") if each.required else "", kind, str(each.unit), field_hint(each)


def field_hint(each: ImportField) -> str:
    """What may be written into the column."""
    words = "、".join(word for word in each.accepted if word)
    parts = [str(each.hint), _("可填：%(words)s") % {"words": words} if words else "", str(each.pattern_hint)]
    return "；".join(part for part in parts if part)


class _Styles:
    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bg_color": "#DDE7E6", "border": 1, "text_wrap": True})
        self.needed = book.add_format({"bold": True, "bg_color": "#F6E3C5", "border": 1, "text_wrap": True})
        self.text = book.add_format({"num_format": "@"})
        self.plain = book.add_format()
        self.problem = book.add_format({"num_format": "@", "font_color": "#A61B1B", "text_wrap": True})


def _head(sheet: Any, styles: _Styles, titles: Sequence[str], needed: Sequence[bool] = ()) -> None:
    for column, title in enumerate(titles):
        style = styles.needed if column < len(needed) and needed[column] else styles.head
        sheet.write_string(0, column, title, style)
    sheet.freeze_panes(1, 0)


def _workbook(out: BinaryIO | Path) -> Any:
    """Text is written as text, whatever it begins with: nothing in these files is ever a formula. One row is held at
    a time, whatever their number."""
    import xlsxwriter  # by who writes a workbook only: it takes long to load

    target = str(out) if isinstance(out, Path) else out
    return xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
