"""Pure functions of the seal: canonical JSON, leaf hash, Merkle root, time-ordered identifiers."""

import hashlib
import json
import secrets
import time
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8 (the subset of RFC 8785 without fractional numbers).

    Decimals, dates and times become strings. Raises TypeError for a float: a sealed number must read back the same.
    """
    plain = _plain(value)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be sealed: give a string, whole number, Decimal, date or list.")


def plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON value that is stored and hashed for `value`."""
    result: dict[str, Any] = _plain(value)
    return result


def leaf_hash(salt: bytes, entry: Mapping[str, Any]) -> bytes:
    """SHA-256(salt ‖ canonical entry): 32 bytes."""
    return hashlib.sha256(salt + canonical(entry)).digest()


def merkle_root(digests: Iterable[bytes]) -> tuple[bytes, int]:
    """Root of the RFC 9162 tree (§2.1.1) over 32-byte digests, and their count; the empty tree is SHA-256("")."""
    level = [hashlib.sha256(b"\x00" + digest).digest() for digest in digests]
    count = len(level)
    if not level:
        return hashlib.sha256(b"").digest(), 0
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        joined = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = joined + level[-1:] if len(level) % 2 else joined
    return level[0], count


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562 §5.7): 48 bits of milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)
