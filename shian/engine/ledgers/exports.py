"""Exports of tables: exactly what is filtered, with filter, as-of date, user and a checksum stated.

The checksum is SHA-256 over the rows as CSV (UTF-8, heading first), the same for both formats. In CSV the statement
stands above the heading, in XLSX on a second sheet, so that either file can be imported again as it is. Headings and
rows are Chinese whatever the language of the page, so that the same rows give the same checksum for every reader; the
importer knows both languages. Nothing is ever a formula. Personal data stays masked whoever exports, under headings
that no importer takes for the values; a file that leaves goes through the door (kernel.disclosures), which asks for a
reason where one is due.
"""

import csv
import hashlib
import io
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from urllib.parse import quote

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import override

from shian.kernel.disclosures.door import Door
from shian.kernel.disclosures.rules import REASON_ABOVE
from shian.kernel.imports.rules import plain_cell
from shian.kernel.ui.actors import actor
from shian.kernel.ui.masking import masked
from shian.kernel.ui.tables import Cell, Column, Row

FORMATS = ("xlsx", "csv")
IN_MEMORY = 8 * 1024 * 1024
CHUNK = 64 * 1024
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Export:
    """A finished file: `facts` are what it states about itself."""

    name: str
    format: str
    file: IO[bytes]
    rows: int
    checksum: str
    facts: Mapping[str, str]
    personal: Sequence[str] = ()

    def leave(self, door: Door, *, subject: str, at: datetime) -> StreamingHttpResponse:
        """The file as a download that is sealed and listed: rows of `subject` ("app.model:key").

        Raises what the door raises.
        """
        return door.let_out(
            self._response(),
            subject=subject,
            title=self.name,
            rows=self.rows,
            personal=self.personal,
            facts=self.facts,
            at=at,
        )

    def _response(self) -> StreamingHttpResponse:
        """Sent in pieces from disk."""
        answer = StreamingHttpResponse(self._pieces(), content_type=_TYPES[self.format])
        name = quote(f"{self.name}.{self.format}")
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        answer["X-Content-SHA256"] = self.checksum
        return answer

    def _pieces(self) -> Iterator[bytes]:
        with self.file:
            while chunk := self.file.read(CHUNK):
                yield chunk


def make_export(
    *,
    name: str,
    format: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    facts: Mapping[str, str],
    by: str,
    at: datetime,
    door: Door | None = None,
) -> Export:
    """Write the rows to a file. `facts` say filter and as-of date; user (`by`, a user name, told in words), time,
    reason, rows and checksum are added.

    With a door the file is about to leave: what the door raises comes before the rows are read through. Without one it
    stays in the house (a file in the store).
    """
    personal = [column.personal for column in columns if column.personal]
    if door:
        door.check(0, personal)
    reason = door.reason if door else ""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
        with override(settings.LANGUAGE_CODE), _closed(rows):
            count, checksum = _fill(body, _lines(columns, rows), door)
        stated = {
            **facts,
            _("导出人"): str(actor(by)),
            _("导出时间"): timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S"),
            **({_("导出理由"): reason} if reason else {}),
            _("行数"): str(count),
            _("校验值（SHA-256）"): checksum,
        }
        body.seek(0)
        written = _as_csv(name, stated, body) if format == "csv" else _as_xlsx(columns, stated, body)
    written.seek(0)
    return Export(name, format, written, count, checksum, stated, personal)


@contextmanager
def _closed(rows: Iterable[Row]) -> Iterator[None]:
    """Rows that were not read to their end let go of their cursor while the transaction still knows it."""
    try:
        yield
    finally:
        if isinstance(rows, Generator):
            rows.close()


def _fill(body: IO[bytes], lines: Iterable[list[str]], door: Door | None) -> tuple[int, str]:
    """Heading and rows as CSV; the number of rows and the checksum. The door is asked again at the first row more than
    leave without further ado."""
    digest, count = hashlib.sha256(), -1
    for count, line in enumerate(lines):
        if door and count == REASON_ABOVE + 1:
            door.check(count)
        data = _csv_line(line)
        digest.update(data)
        body.write(data)
    return count, digest.hexdigest()


def _lines(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[list[str]]:
    yield [_heading(column) for column in columns]
    for row in rows:
        yield [_shown(column, row.cells.get(column.key)) for column in columns]


def _shown(column: Column, value: Any) -> str:
    """The text of a cell; what a page reveals to its reader stays masked in a file that goes from hand to hand."""
    text = _text(value)
    return masked(column.personal, text) if column.personal else text


def _heading(column: Column) -> str:
    label = force_str(column.label)
    unit = force_str(column.unit)
    if column.personal:
        return _("%(label)s（已遮盖）") % {"label": label}
    return _("%(label)s（%(unit)s）") % {"label": label, "unit": unit} if unit and unit not in label else label


def _text(value: Any) -> str:
    if isinstance(value, Cell):
        value = value.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return force_str(value)


def _csv_line(cells: Iterable[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(plain_cell(cell) for cell in cells)
    return text.getvalue().encode()


def _as_csv(name: str, stated: Mapping[str, str], body: IO[bytes]) -> IO[bytes]:
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - handed to the response
    out.write("\ufeff".encode())
    out.write(_csv_line([name]))
    for label, value in stated.items():
        out.write(_csv_line([_("%(label)s：%(value)s") % {"label": label, "value": value}]))
    while chunk := body.read(CHUNK):
        out.write(chunk)
    return out


def _as_xlsx(columns: Sequence[Column], stated: Mapping[str, str], body: IO[bytes]) -> IO[bytes]:
    import xlsxwriter  # by who writes a workbook only: it takes long to load

    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the response
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(_("数据"))
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_footer("&L&8" + _watermark(stated).replace("&", "&&") + "&R&8&P / &N")
        lines = csv.reader(io.TextIOWrapper(body, "utf-8", newline=""))
        for place, heading in enumerate(next(lines)):
            sheet.write_string(0, place, heading, bold)
        for number, line in enumerate(lines, start=1):
            _write_row(sheet, number, columns, line)
        about = book.add_worksheet(_("说明"))
        about.set_column(0, 0, 22)
        about.set_column(1, 1, 80)
        for number, (label, value) in enumerate(stated.items()):
            about.write_string(number, 0, label, bold)
            about.write_string(number, 1, value)
    return out


def _watermark(stated: Mapping[str, str]) -> str:
    """Who took it and when, on every printed page."""
    return "  ".join(stated[label] for label in (_("导出人"), _("导出时间")))


def _write_row(sheet: Any, number: int, columns: Sequence[Column], line: Sequence[str]) -> None:
    for place, (column, cell) in enumerate(zip(columns, line, strict=True)):
        if column.kind == "number" and cell:
            sheet.write_number(number, place, float(cell))
        else:
            sheet.write_string(number, place, cell)
