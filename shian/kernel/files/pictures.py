"""Photographs tell where and with what they were taken: copies that leave the archive do not. Pure.

The stored original keeps everything, because it is evidence.
"""

import struct

_JPEG_PRIVATE = {0xE1, 0xED, 0xFE}  # Exif and XMP, IPTC, comments
_PNG_PRIVATE = {b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"}
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def without_metadata(content: bytes, kind: str) -> bytes:
    """The picture ("jpg" or "png") without place, device, author and comments; any other kind as it is."""
    if kind == "jpg":
        return _jpeg(content)
    return _png(content) if kind == "png" else content


def _jpeg(content: bytes) -> bytes:
    kept, place = bytearray(content[:2]), 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xDA:  # the picture itself begins
            break
        length = 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if marker not in _JPEG_PRIVATE:
            kept += content[place : place + length]
        place += length
    return bytes(kept) + content[place:]


def _png(content: bytes) -> bytes:
    kept, place = bytearray(_PNG_SIGNATURE), len(_PNG_SIGNATURE)
    while place + 12 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        end = place + 12 + length
        if content[place + 4 : place + 8] not in _PNG_PRIVATE:
            kept += content[place:end]
        place = end
    return bytes(kept)
