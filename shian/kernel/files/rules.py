"""Telling a file's kind by its first bytes, never by its name."""

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
_MAGIC = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
_OLE = b"\xd0\xcf\x11\xe0"
MAX_EXPANSION = 200


def sniff(stream: BinaryIO) -> str:
    """The kind of the content: a key of MEDIA_TYPES, "xls" for the old Excel format, or "" when unknown."""
    stream.seek(0)
    head = stream.read(8192)
    stream.seek(0)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if head.startswith(_OLE):
        return "xls"
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(stream)
    return "csv" if head and b"\x00" not in head.replace(b"\xff\xfe", b"") else ""


def _kind_of_zip(stream: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            packed = sum(item.compress_size for item in archive.infolist()) or 1
            bomb = sum(item.file_size for item in archive.infolist()) / packed > MAX_EXPANSION
    except zipfile.BadZipFile:
        return ""
    finally:
        stream.seek(0)
    if bomb:
        return ""
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    return "docx" if any(name.startswith("word/") for name in names) else "zip"
