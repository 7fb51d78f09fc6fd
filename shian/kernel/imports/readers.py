"""Readers: XLSX and CSV become numbered rows of cells, whatever the file's habits.

A row number is what a spreadsheet shows: the first row is 1. Cells are text, numbers, dates or booleans; "" is empty.
"""

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from shian.kernel.imports.formulas import cells_without_value
from shian.kernel.imports.headings import (
    NOTHING_REMEMBERED,
    SEARCHED_ROWS,
    FileUnusable,
    Matched,
    Remembered,
    find_headings,
)
from shian.kernel.imports.specs import Finding, ImportSpec

Row = tuple[int, Sequence[Any]]
ENCODINGS = ("utf-8", "gb18030")
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
OTHER_TEXT = ("<html", "<!doctype", "<table", "<?xml", "{", "[")
DELIMITERS = (",", "\t", ";", "，")
csv.field_size_limit(1 << 20)


@dataclass
class Opened:
    """A table under way: its headings are matched, its rows still to be read (once)."""

    matched: Matched
    rows: Iterator[Row]
    estimate: int
    notes: list[str] = field(default_factory=list)
    findings: dict[int, list[tuple[int, Finding]]] = field(default_factory=dict)  # row → (column, what is wrong)


@contextmanager
def open_table(
    path: Path, kind: str, spec: ImportSpec, remembered: Remembered = NOTHING_REMEMBERED
) -> Iterator[Opened]:
    """A file of kind "xlsx" or "csv" with its headings found, open for as long as the block lasts. `remembered` are
    headings that were matched by hand.

    Raises FileUnusable.
    """
    if kind == "xlsx":
        yield _open_workbook(path, spec, remembered)
    elif kind == "csv":
        encoding = _encoding(path)
        with path.open(encoding=encoding, newline="") as stream:
            opened = _open_csv(stream, path, spec, remembered)
            if encoding == "gb18030":
                opened.notes.append(_("文件按 GB18030 编码读取。"))
            yield opened
    else:
        raise FileUnusable(_("只能导入 .xlsx、.csv 文件或数据包（.zip）。"))


def _start(spec: ImportSpec, rows: Iterator[Row], remembered: Remembered) -> tuple[Matched, Iterator[Row]]:
    """Headings of the first rows, and the rows beneath them that hold anything."""
    head = [row for row in islice(rows, SEARCHED_ROWS) if _is_filled(row[1])]
    matched = find_headings(spec, head, remembered)
    rest = (row for row in rows if _is_filled(row[1]))
    return matched, chain((row for row in head if row[0] > matched.row_no), rest)


def _is_filled(cells: Sequence[Any]) -> bool:
    if cells and cells[0].__class__ is str and cells[0].strip():
        return True
    return any(cell != "" and cell is not None and (cell.__class__ is not str or cell.strip()) for cell in cells)


def _open_workbook(path: Path, spec: ImportSpec, remembered: Remembered) -> Opened:
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheet, notes = _first_filled(book)
        findings = _formula_findings(path, sheet)
        merges = _Merges(sheet)
        matched, rows = _start(spec, merges.spread(enumerate(sheet.iter_rows(), start=1)), remembered)
    except PasswordError:
        raise FileUnusable(_("工作簿有打开密码，请去掉密码后重新上传。")) from None
    except CalamineError as error:
        raise FileUnusable(_("工作簿已损坏，无法读取，请在 Excel 中另存后重新上传。")) from error
    for row_no, found in merges.wide.items():
        findings.setdefault(row_no, []).extend(found)
    return Opened(matched, rows, sheet.height, notes, findings)


def _first_filled(book: CalamineWorkbook) -> tuple[CalamineSheet, list[str]]:
    names = [
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
    ]
    sheets = [sheet for name in names if (sheet := book.get_sheet_by_name(name)).height]
    if not sheets:
        raise FileUnusable(_("工作簿里没有内容（隐藏的工作表不读取），请检查后重新上传。"))
    if len(sheets) == 1:
        return sheets[0], []
    note = _("工作簿有 %(count)s 个有内容的工作表，只读取第一个“%(name)s”。")
    return sheets[0], [note % {"count": len(sheets), "name": sheets[0].name}]


def _formula_findings(path: Path, sheet: CalamineSheet) -> dict[int, list[tuple[int, Finding]]]:
    first = sheet.start[1] if sheet.start else 0
    found: dict[int, list[tuple[int, Finding]]] = {}
    for row_no, column, name, is_error in cells_without_value(path, sheet.name):
        reason = (
            _("单元格 %(cell)s 的公式结果是错误值") if is_error else _("单元格 %(cell)s 是公式，但文件中没有计算结果")
        ) % {"cell": name}
        remedy = _("请在 Excel 中打开重新计算并保存，或把公式粘贴为数值")
        found.setdefault(row_no, []).append((column - first, Finding(reason, remedy)))
    return found


class _Merges:
    """Cells merged downwards give their value to every row; cells merged across columns are an error of the row."""

    def __init__(self, sheet: CalamineSheet) -> None:
        first = sheet.start[1] if sheet.start else 0
        self.below: dict[int, list[tuple[int, int]]] = {}
        self.wide: dict[int, list[tuple[int, Finding]]] = {}
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            for row_no in range(top + 2, bottom + 2):
                self.below.setdefault(row_no, []).append((left - first, top + 1))
            if right > left:
                finding = Finding(_("该行有跨列合并的单元格"), _("请取消合并后逐格填写"))
                for row_no in range(top + 1, bottom + 2):
                    self.wide.setdefault(row_no, []).append((left - first, finding))
        self.anchors = {(row, column) for pairs in self.below.values() for column, row in pairs}

    def spread(self, rows: Iterator[Row]) -> Iterator[Row]:
        if not self.below:
            yield from rows
            return
        kept: dict[tuple[int, int], Any] = {}
        tops = {row for row, _column in self.anchors}
        for row_no, read in rows:
            cells = list(read)
            for column, top in self.below.get(row_no, ()):
                if 0 <= column < len(cells):
                    cells[column] = kept.get((top, column), "")
            if row_no in tops:
                kept |= {(row_no, c): cells[c] for r, c in self.anchors if r == row_no and 0 <= c < len(cells)}
            yield row_no, cells


def _open_csv(stream: TextIO, path: Path, spec: ImportSpec, remembered: Remembered) -> Opened:
    head = stream.readline()
    while head and not head.strip():
        head = stream.readline()
    if head.lstrip().lower().startswith(OTHER_TEXT):
        raise FileUnusable(_("文件内容是网页或其他文本，不是表格，请从原系统重新导出为 .xlsx 或 .csv。"))
    delimiter = max(DELIMITERS, key=head.count)
    stream.seek(0)
    findings: dict[int, list[tuple[int, Finding]]] = {}
    matched, rows = _start(spec, _csv_rows(csv.reader(stream, delimiter=delimiter), findings), remembered)
    rows_about = max(1, path.stat().st_size // max(20, len(head.encode())))
    return Opened(matched, _within(rows, len(matched.headings), findings), rows_about, [], findings)


def _csv_rows(reader: Any, findings: dict[int, list[tuple[int, Finding]]]) -> Iterator[Row]:
    row_no = 0
    while True:
        row_no += 1
        try:
            yield row_no, next(reader)
        except StopIteration:
            return
        except csv.Error:
            finding = Finding(_("该行引号不成对或内容过长"), _("请检查该行的引号"))
            findings.setdefault(row_no, []).append((0, finding))
            yield row_no, ["?"]


def _within(rows: Iterator[Row], width: int, findings: dict[int, list[tuple[int, Finding]]]) -> Iterator[Row]:
    for row_no, cells in rows:
        if len(cells) > width and _is_filled(cells[width:]):
            reason = _("该行有 %(cells)s 列，多于表头的 %(width)s 列") % {"cells": len(cells), "width": width}
            finding = Finding(reason, _("内容里的逗号请用双引号括起，或改用 .xlsx"))
            findings.setdefault(row_no, []).append((width - 1, finding))
        yield row_no, cells


def _encoding(path: Path) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, else GB18030. Raises FileUnusable when none fits."""
    with path.open("rb") as stream:
        head = stream.read(4)
    for mark, name in BOMS:
        if head.startswith(mark):
            return name
    for name in ENCODINGS:
        if _decodes(path, name):
            return name
    raise FileUnusable(_("文字编码无法识别（支持 UTF-8 和 GB18030），请另存为“CSV UTF-8”后重新上传。"))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
