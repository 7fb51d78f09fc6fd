"""Formulas of a workbook that have no stored result: the reader gives an empty cell, so the sheet's XML is asked."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

CHUNK = 1 << 20
_FORMULA = rb"<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*"
_CELL = re.compile(
    rb'<c r="([A-Z]+)(\d+)"([^>]*)>\s*'
    rb"(?:" + _FORMULA + rb"(?:<v\s*/>|<v>\s*</v>)?|(?:" + _FORMULA + rb")?<v>#[^<]*</v>)\s*</c>"
)
_TEXT_RESULT = re.compile(rb't="str"')
_IS_ERROR = re.compile(rb't="e"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def cells_without_value(path: Path, sheet: str) -> Iterator[tuple[int, int, str, bool]]:
    """Row number, column index, name (F6) and whether it is an error value, of each such cell."""
    with zipfile.ZipFile(path) as book:
        member = _member_of(book, sheet)
        if member is None:
            return
        with book.open(member) as stream:
            carry = b""
            while chunk := stream.read(CHUNK):
                block = carry + chunk
                end = block.rfind(b"</row>") + 1
                yield from _found(block[:end])
                carry = block[end:]
            yield from _found(carry)


def _found(block: bytes) -> Iterator[tuple[int, int, str, bool]]:
    if b"<f" not in block and b't="e"' not in block:
        return
    for cell in _CELL.finditer(block):
        letters, digits, attributes = cell.groups()
        is_error = bool(_IS_ERROR.search(attributes))
        if is_error or not _TEXT_RESULT.search(attributes):
            yield int(digits), _column(letters), (letters + digits).decode(), is_error


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def _member_of(book: zipfile.ZipFile, sheet: str) -> str | None:
    """The archive member that holds the sheet of that name."""
    try:
        tree = ElementTree.fromstring(book.read("xl/workbook.xml"))  # noqa: S314
        relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return None
    wanted = next((s.get(_RELATION) for s in tree.iter() if s.tag.endswith("}sheet") and s.get("name") == sheet), None)
    target = next((r.get("Target") for r in relations if wanted and r.get("Id") == wanted), None)
    if target is None:
        return None
    member = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    return member if member in book.namelist() else None
