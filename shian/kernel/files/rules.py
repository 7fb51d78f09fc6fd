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
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
MAX_EXPANSION = 200


def sniff(stream: BinaryIO) -> str:
    """The kind of the content: a key of MEDIA_TYPES, "xls" (the old Excel format), "locked" (a workbook with a
    password), or "" when unknown."""
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
