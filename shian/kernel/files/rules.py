"""Telling a file's kind by its first bytes, never by its name; and names that are fit to be shown and kept."""

import re
import unicodedata
import zipfile
from typing import BinaryIO

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "csv": "text/csv; charset=utf-8",
}
_MAGIC = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SVG = re.compile(rb"(?is)\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]")
_UNFIT = re.compile(r'[<>:"|?*]')
NAME_LENGTH = 200


def sniff(stream: BinaryIO) -> str:
    """The kind of the content: a key of MEDIA_TYPES, "xls" (the old Excel format), "locked" (a workbook with a
    password), "svg" and "gif" (never accepted), or "" when unknown."""
    stream.seek(0)
    head = stream.read(8192)
    stream.seek(0)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if head.startswith(_OLE):
        return _kind_of_ole(stream)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(stream)
    if _SVG.match(head):
        return "svg"
    is_text = head.startswith(_UTF16) or b"\x00" not in head
    return "csv" if head and is_text else ""


def _kind_of_ole(stream: BinaryIO) -> str:
    content = stream.read()
    stream.seek(0)
    return "locked" if _ENCRYPTED in content else "xls"


def _kind_of_zip(stream: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return ""
    finally:
        stream.seek(0)
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    return "docx" if any(name.startswith("word/") for name in names) else "zip"


def clean_name(name: str) -> str:
    """The last part of a name without control and direction characters, at most 200 characters long with its ending.

    "..\\a/报\u202e告.xlsx" → "报告.xlsx"; "文件" for a name of which nothing is left.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(each for each in unicodedata.normalize("NFC", last) if unicodedata.category(each)[0] != "C")
    kept = _UNFIT.sub("_", " ".join(visible.split())).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > NAME_LENGTH:
        ending = f"{dot}{ending}"[:20] if stem else ""
        kept = kept[: NAME_LENGTH - len(ending)] + ending
    return kept or "文件"
