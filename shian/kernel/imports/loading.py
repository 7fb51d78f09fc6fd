"""From the file into the staging table: blocks of rows are parsed column by column and streamed in by COPY.

The file is never held as a whole: a row leaves its 32-byte digest, a wrong cell a line on disk. What was read ahead
(ahead.py) waits as lines on disk too.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.utils.translation import gettext as _

from shian.kernel.imports.cells import FieldParser
from shian.kernel.imports.collecting import uncollected
from shian.kernel.imports.columns import SEPARATOR
from shian.kernel.imports.headings import Remembered
from shian.kernel.imports.readers import Opened, Row
from shian.kernel.imports.rules import text_of
from shian.kernel.imports.specs import ERROR, Finding, ImportSpec
from shian.kernel.imports.staging import Staging, Tell

BLOCK = 1000
SPOOLED_BYTES, CHUNK = 4 << 20, 1 << 20
INTACT: Mapping[str, Finding] = {}
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def load(run: Staging, opened: Opened, tell: Tell) -> int:
    """COPY the file's rows in; what single cells have wrong is kept beside them. The number of rows."""
    reading = Reading(run.spec, opened)
    with _into(run) as copy:
        for lines in reading.blocks():
            copy.write(lines)
            tell(min(99, len(reading.row_numbers) * 100 // max(opened.estimate, 1)), _("读取文件"))
    return reading.kept_by(run)


@dataclass
class ReadAhead:
    """A file that was read before its turn: its rows as lines of COPY, on disk. `remembered`: what it was read by."""

    opened: Opened
    reading: "Reading"
    lines: IO[str]
    sha256: str
    remembered: Remembered

    def load(self, run: Staging, tell: Tell) -> int:
        """As `load` does. The number of rows."""
        with self.lines, _into(run) as copy:
            tell(0, _("读取文件"))
            self.lines.seek(0)
            while chunk := self.lines.read(CHUNK):
                copy.write(chunk)
        return self.reading.kept_by(run)


@contextmanager
def _into(run: Staging) -> Iterator[Any]:
    """The staging table as the target of COPY. Nobody looks for cycles meanwhile."""
    names = ["row_no", *(each.name for each in run.spec.fields), *(name for d in run.spec.derived for name in d.names)]
    statement = f"COPY {run.table} ({', '.join(names)}) FROM STDIN (FORMAT text, NULL '')"
    with uncollected(), run.cursor.copy(statement) as copy:
        yield copy
    run.execute(f"ANALYZE {{staging}} ({', '.join(_joined(run.spec))})")


def _joined(spec: ImportSpec) -> list[str]:
    """Columns that joins go by: the planner needs to know these, and a full ANALYZE would cost half a second."""
    references = [each.name for each in spec.fields if each.references]
    return list(
        dict.fromkeys(["row_no", *spec.natural_key, *references, *([spec.area_field] if spec.area_field else [])])
    )


class _Findings:
    """What single cells have wrong, as lines of COPY; on disk beyond some megabytes, for a file may be all wrong."""

    def __init__(self) -> None:
        self.lines = SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115 (kept open until it is copied)
        self.unreadable: set[str] = set()

    def add(self, row_no: int, name: str, value: str, findings: Iterable[Finding]) -> None:
        for each in findings:
            texts = (name, value, str(each.reason), str(each.remedy), each.severity)
            line = "\t".join((str(row_no), *(text.translate(_ESCAPED) for text in texts), "t"))
            self.lines.write(f"{line}\n".encode())
            if each.severity == ERROR:
                self.unreadable.add(name)

    def keep(self, run: Staging) -> None:
        """Into the table of problems."""
        run.unreadable = frozenset(self.unreadable)
        with self.lines, run.cursor.copy(f"COPY {run.problems} FROM STDIN") as copy:
            self.lines.seek(0)
            while chunk := self.lines.read(1 << 16):
                copy.write(chunk)


class Reading:
    """Blocks of rows become lines of COPY, column by column; asks no database. `digests` are 32 bytes per row, `found`:
    row, field, value and what is wrong with it."""

    def __init__(self, spec: ImportSpec, opened: Opened) -> None:
        positions = opened.matched.positions
        self.spec, self.opened, self.positions = spec, opened, positions
        self.row_numbers, self.digests = array("q"), bytearray()
        self.parsers = [(each.name, positions.get(each.name), FieldParser(each)) for each in spec.fields]
        order = {each.name: index for index, each in enumerate(spec.fields)}
        self.derived = [(order[each.source], each.function) for each in spec.derived]
        self.found = _Findings()

    def blocks(self) -> Iterator[str]:
        """The lines of some rows after the other."""
        while block := list(islice(self.opened.rows, BLOCK)):
            yield self._lines(block)

    def kept_by(self, run: Staging) -> int:
        """What is known of the rows goes on with the table that they stand in. The number of rows."""
        run.headings = {each.name: self.opened.matched.heading_of(each.name, self.spec) for each in self.spec.fields}
        run.present = frozenset(self.positions)
        run.row_numbers, run.digests = self.row_numbers, self.digests
        self.found.keep(run)
        return len(self.row_numbers)

    def _lines(self, block: Sequence[Row]) -> str:
        """One line per row. The digest of a row is over its canonical texts in field order, joined by U+001F."""
        numbers = [row_no for row_no, _cells in block]
        damaged = self._damaged(numbers)
        width = 1 + max(self.positions.values())
        cells = _transposed([row for _row_no, row in block], width)
        empty = ("",) * len(block)
        columns: list[Sequence[str]] = []
        for name, position, parse in self.parsers:
            column = empty if position is None else cells[position]
            values, findings = parse.column(column)
            columns.append(values)
            for index, found in findings.items():
                if name not in damaged.get(numbers[index], INTACT):
                    shown = text_of(column[index])[:200]
                    self.found.add(numbers[index], name, shown, found)
        rows = list(zip(*columns, strict=True))
        texts = list(map(SEPARATOR.join, rows))
        self.row_numbers.extend(numbers)
        self.digests += b"".join([sha256(text.encode()).digest() for text in texts])
        made = [map(function, columns[source]) for source, function in self.derived]
        whole = "" if made else "".join([f"{n}{SEPARATOR}{text}\n" for n, text in zip(numbers, texts, strict=True)])
        if whole.count(SEPARATOR) == len(rows) * len(columns):
            return whole.replace(SEPARATOR, "\t").replace("\\", "\\\\")
        # There are derived texts, or a cell holds the separator.
        lines = ["\t".join(chain((str(n),), *parts)) for n, *parts in zip(numbers, rows, *made, strict=True)]
        return "\n".join([*lines, ""]).replace("\\", "\\\\")

    def _damaged(self, numbers: Sequence[int]) -> dict[int, Mapping[str, Finding]]:
        """Row → field → what the reader found wrong with its cell; what the cell then seems to hold is not judged."""
        listed, fields = self.opened.findings, self.spec
        found = {n: _by_field(listed.pop(n), self.positions, fields) for n in numbers if n in listed} if listed else {}
        for row_no, wrong in found.items():
            for name, finding in wrong.items():
                self.found.add(row_no, name, "", (finding,))
        return found


def _transposed(rows: Sequence[Sequence[Any]], width: int) -> Sequence[Sequence[Any]]:
    """Columns of rows, at least `width` of them; the cells that every row has more than that are left over."""
    if min(map(len, rows)) < width:
        rows = [_padded(row, width) for row in rows]
    return list(zip(*rows, strict=False))


def _padded(cells: Sequence[Any], width: int) -> Sequence[Any]:
    """The first cells of a row; a row that ends early goes on empty."""
    return cells[:width] if len(cells) >= width else [*cells, *[""] * (width - len(cells))]


def _by_field(
    findings: Sequence[tuple[int, Finding]], positions: Mapping[str, int], spec: ImportSpec
) -> Mapping[str, Finding]:
    return {_field_at(positions, position, spec): finding for position, finding in reversed(findings)}


def _field_at(positions: Mapping[str, int], position: int, spec: ImportSpec) -> str:
    return next((name for name, at in positions.items() if at == position), spec.fields[0].name)
