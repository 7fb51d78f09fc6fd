"""Files made for tests, with the habits of real ones."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from shian.kernel.imports.specs import ImportField, ImportSpec, Target

THINGS = ImportSpec(
    key="things",
    title="物品",
    natural_key=("code",),
    fields=(
        ImportField("code", "编码", required=True),
        ImportField("name", "名称", required=True, aliases=("物品名称",)),
        ImportField("made_on", "生产日期", "date"),
        ImportField("amount", "金额（万元）", "number", aliases=("金额",)),
        ImportField("is_local", "本地", "boolean"),
    ),
    target=Target(table="things", key=("code",), columns={"code": "s.code"}),
)


def csv_bytes(rows: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode(encoding)


def csv_file(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path.write_bytes(csv_bytes(rows, encoding, delimiter))
    return path


def xlsx_file(path: Path, rows: Sequence[Sequence[Any]], sheet: str = "数据") -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return path
