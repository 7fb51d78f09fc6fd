"""Workbooks and packs as numbered rows of texts; a definition as a workbook again.

Every reader gives the same `Sheets`, so that one check tells of each fault where it stands: sheet, row, column.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from shian.engine.forms.definition import Definition, Question
from shian.engine.forms.question_types import FROM_LIST, GROUPS

SHEETS = ("survey", "choices", "settings")
REFUSED_SHEETS = ("external_choices", "entities", "osm")
MOST_ROWS, MOST_COLUMNS, MOST_TEXT = 2_000, 100, 4_000
SURVEY = (
    "type", "name", "label", "hint", "required", "required_message", "relevant", "constraint", "constraint_message",
    "calculation", "default", "appearance", "read_only", "parameters", "points", "deduction", "key_item", "legal_basis",
    "photo_required",
)  # fmt: skip
CHOICES = ("list_name", "name", "label", "score", "deduct")
SETTINGS = (
    "form_title", "form_id", "version", "default_language", "series", "valid_from", "pass_mark", "excellent_mark",
    "legal_basis", "confidence", "withheld", "corrections",
)  # fmt: skip
HEADINGS: dict[str, str] = {
    "list name": "list_name", "relevance": "relevant", "readonly": "read_only", "read only": "read_only",
    "constraint message": "constraint_message", "required message": "required_message", "calculate": "calculation",
    "form title": "form_title", "form id": "form_id", "value": "name",
    "类型": "type", "名称": "name", "题目": "label", "提示": "hint", "必填": "required", "显示条件": "relevant",
    "校验": "constraint", "校验提示": "constraint_message", "计算": "calculation", "默认值": "default",
    "外观": "appearance", "只读": "read_only", "参数": "parameters", "分值": "points", "扣分规则": "deduction",
    "关键项": "key_item", "依据": "legal_basis", "拍照": "photo_required", "选项组": "list_name", "选项": "label",
    "得分比例": "score", "扣分": "deduct", "表名": "form_title", "表号": "form_id", "版本": "version", "系列": "series",
    "启用日期": "valid_from", "合格分": "pass_mark", "优秀分": "excellent_mark", "可信度": "confidence",
    "公布前保密": "withheld", "当场整改": "corrections",
}  # fmt: skip


class SheetsUnreadable(ValueError):
    """No workbook can be read at all; the text says why and what to do, for the user."""


@dataclass(frozen=True)
class SheetRow:
    """A row that holds something. `number` is what a spreadsheet shows; `cells` are texts by canonical heading."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, heading: str) -> str:
        return self.cells.get(heading, "")


@dataclass(frozen=True)
class Sheet:
    """A sheet: canonical heading → as it was written, and the rows beneath."""

    headings: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[SheetRow] = ()


@dataclass(frozen=True)
class Sheets:
    """The sheets of the subset; `others` are names of sheets that forms do not take."""

    survey: Sheet = field(default_factory=Sheet)
    choices: Sheet = field(default_factory=Sheet)
    settings: Sheet = field(default_factory=Sheet)
    others: Sequence[str] = ()


def read_workbook(stream: BinaryIO) -> Sheets:
    """The sheets of an XLSX file. Raises SheetsUnreadable."""
    try:
        book = CalamineWorkbook.from_filelike(stream)
        names = {name.strip().lower(): name for name in book.sheet_names}
        read = {name: _sheet(book.get_sheet_by_name(names[name])) for name in SHEETS if name in names}
    except PasswordError:
        raise SheetsUnreadable(_("工作簿有打开密码，请去掉密码后重新上传。")) from None
    except CalamineError as error:
        raise SheetsUnreadable(_("工作簿已损坏，无法读取，请在 Excel 中另存后重新上传。")) from error
    return Sheets(**read, others=[name for name in REFUSED_SHEETS if name in names])


def _sheet(sheet: CalamineSheet) -> Sheet:
    if sheet.height > MOST_ROWS or sheet.width > MOST_COLUMNS:
        told = {"name": sheet.name, "rows": MOST_ROWS, "columns": MOST_COLUMNS}
        raise SheetsUnreadable(_("“%(name)s”表超过 %(rows)s 行或 %(columns)s 列，请删去空行空列后重新上传。") % told)
    rows = [
        (number, [_text(cell) for cell in cells])
        for number, cells in enumerate(sheet.to_python(skip_empty_area=False), 1)
    ]
    filled = [row for row in rows if any(row[1])]
    if not filled:
        return Sheet()
    written = filled[0][1]
    headings = [_canonical(each) for each in written]
    found = [
        SheetRow(number, {name: cell for name, cell in zip(headings, cells, strict=False) if name and cell})
        for number, cells in filled[1:]
    ]
    return Sheet(dict(zip(headings, written, strict=True)), found)


def _canonical(heading: str) -> str:
    plain = " ".join(heading.split())
    lower = plain.lower()
    return HEADINGS.get(lower, lower)


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
        case date() | time():
            return cell.isoformat()
    return str(cell).strip()[:MOST_TEXT]


def sheets_of_rows(
    survey: Sequence[Mapping[str, Any]], choices: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]
) -> Sheets:
    """The same of rows that a pack holds; the first row below the headings is row 2, as in a workbook."""
    return Sheets(_of_rows(survey, SURVEY), _of_rows(choices, CHOICES), _of_rows([settings], SETTINGS))


def _of_rows(rows: Sequence[Mapping[str, Any]], known: Sequence[str]) -> Sheet:
    told = [
        SheetRow(number, {key: text for key, value in row.items() if (text := _text(value))})
        for number, row in enumerate(rows, start=2)
    ]
    names = dict.fromkeys([*known, *(key for row in told for key in row.cells)])
    return Sheet({name: name for name in names}, told)


def workbook_of(form: Definition) -> bytes:
    """The form as an XLSForm workbook that can be edited and uploaded again; companions are made anew then."""
    import xlsxwriter  # by who writes a workbook only: it takes long to load

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        _written(book, "survey", SURVEY, list(_survey_rows(form.questions)))
        listed = [{"list_name": name, **vars(each)} for name, several in form.choices.items() for each in several]
        _written(book, "choices", CHOICES, listed)
        _written(book, "settings", SETTINGS, [_settings_row(form)])
    return out.getvalue()


def _written(book: Any, name: str, headings: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    sheet, bold = book.add_worksheet(name), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, 40 if heading == "label" else 16)
        for number, row in enumerate(rows, start=1):
            if row.get(heading):
                sheet.write_string(number, column, row[heading])


def _survey_rows(questions: Sequence[Question]) -> Any:
    for each in questions:
        if each.companion_of:
            continue
        row = survey_row(each)
        if each.type in GROUPS:
            yield {**row, "type": f"begin {each.type}"}
            yield from _survey_rows(each.children)
            yield {"type": f"end {each.type}"}
        else:
            yield row


def survey_row(question: Question) -> dict[str, str]:
    """A question as a row of the survey sheet, our columns included."""
    names = ("name", "label", "hint", "required_message", "relevant", "constraint", "constraint_message", "calculation",
             "default", "appearance", "points", "legal_basis")  # fmt: skip
    row = {name: str(getattr(question, name)) for name in names}
    ending = ".csv" if question.type == FROM_LIST else ""
    row["type"] = f"{question.type} {question.list_name}{ending}" if question.list_name else question.type
    row["type"] = "dateTime" if question.type == "datetime" else row["type"]
    row |= {name: "yes" for name in ("required", "read_only", "key_item") if getattr(question, name)}
    row |= {"deduction": question.rule, "photo_required": {"always": "yes"}.get(question.photo, question.photo)}
    row["parameters"] = " ".join(f"{key}={value}" for key, value in question.parameters.items())
    return row


def _settings_row(form: Definition) -> dict[str, str]:
    return {
        "form_title": form.title, "form_id": form.key, "version": form.version, "series": form.series,
        "valid_from": form.valid_from, "pass_mark": form.pass_mark, "excellent_mark": form.excellent_mark,
        "legal_basis": form.basis, "confidence": form.confidence, "withheld": "yes" if form.is_withheld else "",
        "corrections": "yes" if form.takes_corrections else "",
    }  # fmt: skip
