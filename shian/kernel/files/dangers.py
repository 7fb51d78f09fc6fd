"""What a file may carry besides its content: bombs, macros, archives in archives, two kinds in one. Pure, no Django.

Nothing is unpacked to disk, and memory stays bounded whatever the file claims.
"""

import posixpath
import re
import struct
import zipfile
import zlib
from typing import BinaryIO

MOST_ENTRIES = 10_000
MOST_UNPACKED = 4 << 30  # bytes; the largest workbook that imports promise unpacks to a third of it
MOST_EXPANSION = 200  # times; a workbook of registers reaches 30
SMALL = 1 << 20  # below this an archive may be as dense as it likes
CHUNK = 1 << 20
_LOCAL_HEADER = struct.Struct("<26xHH")
_ARCHIVES = (".zip", ".jar", ".rar", ".7z", ".gz", ".bz2", ".xz", ".tar")
_MACROS = re.compile(r"(?i)(^|/)(vbaproject\.bin|vbadata\.xml)$|^xl/macrosheets/|^xl/dialogsheets/")
_MARKUP = re.compile(rb"(?i)<(?:!doctype\s+html|html|script|body|iframe|svg|\?php)")
_ARCHIVE_END = b"PK\x05\x06"
EDGE = 64 << 10  # bytes at either end of a picture or PDF that are searched for a second kind


def danger_of(stream: BinaryIO, kind: str) -> str:
    """ "bomb", "macro", "nested", "path", "polyglot", or "" for a file of this kind (see `sniff`) that may stay."""
    try:
        if kind in {"xlsx", "docx", "zip"}:
            return _danger_of_archive(stream)
        return _danger_of_picture(stream, kind) if kind in {"pdf", "png", "jpg"} else ""
    finally:
        stream.seek(0)


def _danger_of_archive(stream: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError):
        return "bomb"
    names = [entry.filename for entry in entries]
    if any(_leads_out(name) for name in names):
        return "path"
    if any(_MACROS.search(name) for name in names):
        return "macro"
    if any(name.lower().endswith(_ARCHIVES) for name in names):
        return "nested"
    return "bomb" if _is_bomb(stream, entries) else ""


def _leads_out(name: str) -> bool:
    plain = name.replace("\\", "/")
    return plain.startswith("/") or ":" in plain[:3] or ".." in posixpath.normpath(plain).split("/")


def _is_bomb(stream: BinaryIO, entries: list[zipfile.ZipInfo]) -> bool:
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    size = stream.seek(0, 2)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or packed > size:
        return True  # entries that overlap claim more than there is
    if unpacked > SMALL and unpacked > MOST_EXPANSION * max(packed, 1):
        return True
    return any(_unpacks_to_more(stream, entry) for entry in entries)


def _unpacks_to_more(stream: BinaryIO, entry: zipfile.ZipInfo) -> bool:
    """Does the entry hold more than its header says? Readers that trust the header would be filled up by it."""
    if entry.compress_type == zipfile.ZIP_STORED:
        return entry.compress_size != entry.file_size and not entry.flag_bits & 1
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return True  # no office program writes another method
    stream.seek(entry.header_offset)
    name, extra = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
    stream.seek(name + extra, 1)
    unpacking, left, found = zlib.decompressobj(-15), entry.compress_size, 0
    while left > 0 and not unpacking.eof:
        block = stream.read(min(CHUNK, left))
        if not block:
            return True
        left -= len(block)
        while block and found <= entry.file_size:
            found += len(unpacking.decompress(block, CHUNK))
            block = unpacking.unconsumed_tail
        if found > entry.file_size:
            return True
    return False


def _danger_of_picture(stream: BinaryIO, kind: str) -> str:
    """A picture or PDF that a browser or an unpacker could take for something else."""
    size = stream.seek(0, 2)
    stream.seek(0)
    head = stream.read(1024 if kind == "pdf" else EDGE)
    stream.seek(max(0, size - EDGE))
    tail = stream.read(EDGE)
    if _ARCHIVE_END in tail or _MARKUP.search(head):
        return "polyglot"
    after = _after_the_end(tail, kind)
    return "polyglot" if _MARKUP.search(after) or b"PK\x03\x04" in after else ""


def _after_the_end(tail: bytes, kind: str) -> bytes:
    """What follows the mark that ends a file of this kind; all of the tail where there is no mark."""
    mark = {"pdf": b"%%EOF", "png": b"IEND\xaeB`\x82", "jpg": b"\xff\xd9"}[kind]
    place = tail.rfind(mark)
    return tail[place + len(mark) :] if place >= 0 else tail
