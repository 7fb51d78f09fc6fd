"""Files that people upload, with the habits of real ones. The register is that of budgets."""

import csv
import io
import struct
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

HEADINGS = ["区划代码", "年度", "经费科目", "预算项目", "预算金额（万元）", "已执行金额（万元）", "批复日期"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Row = Sequence[Any]


def row(line: str, amount: Any = 12.5, *, area: str = "131022", paid: Any = None, day: Any = "2023-03-01") -> Row:
    """One line of a county's budget."""
    return [area, 2023, "日常监管", line, amount, paid, day]


def xlsx(rows: Sequence[Row], headings: Row = HEADINGS, change: Callable[[Worksheet], object] | None = None) -> bytes:
    """A workbook; `change` may still do to the sheet what people do."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("数据")
        for number, values in enumerate([headings, *rows]):
            sheet.write_row(number, 0, values)
        if change:
            change(sheet)
    return out.getvalue()


def csv_bytes(rows: Sequence[Row], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([HEADINGS, *rows])
    return out.getvalue().encode(encoding)


def serial(day: date) -> int:
    """The number under which Excel keeps a day."""
    return (day - date(1899, 12, 30)).days


def png() -> bytes:
    """A picture of one grey dot."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00\x80")) + chunk(b"IEND", b"")
    )


def old_excel() -> bytes:
    """The first bytes of an .xls file."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048)
