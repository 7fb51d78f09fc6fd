"""Pure functions of the seal: what may be sealed, what of it is hashed, time-ordered identifiers."""

import hashlib
import hmac
import re
import secrets
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from shian.kernel.notary.canonical import LARGEST_INTEGER, canonical_plain

SHA256_TEXT = re.compile(r"[0-9a-f]{64}")


def plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON value that is stored and hashed for `value`: Decimals, dates and times become strings.

    Raises TypeError for a float (a sealed number must read back the same) and for any other type.
    """
    result: dict[str, Any] = _plain(value)
    return result


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_INTEGER else str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be sealed: give a string, whole number, Decimal, date or list.")


def sealed_time(at: datetime) -> str:
    """A moment as seals write it: UTC, microseconds. The same for every time zone it is told in."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def content_of(
    *,
    uid: uuid.UUID,
    action: str,
    actor: str,
    subject: str,
    at: datetime,
    data: Mapping[str, Any],
    rows_root: bytes | None = None,
    rows_count: int | None = None,
) -> bytes:
    """The canonical entry: all that is sealed of it. `data` is plain already."""
    content: dict[str, Any] = {
        "action": action,
        "actor": actor,
        "at": sealed_time(at),
        "data": data,
        "subject": subject,
    }
    content["uid"] = str(uid)
    if rows_root is not None:
        content |= {"rows_root": rows_root.hex(), "rows_count": rows_count}
    return canonical_plain(content)


def leaf_data(salt: bytes, content: bytes) -> bytes:
    """What the public log holds of an entry: SHA-256(salt ‖ canonical entry), 32 bytes."""
    return hashlib.sha256(salt + content).digest()


def veiled(value: str, key: str) -> str:
    """What a seal holds of a value that not all its readers may see: "hmac-sha256:" and the HMAC under a secret `key`
    (hexadecimal digits), which is kept beside the value. With both anybody can prove that it is the sealed one; from
    the seal alone nobody finds it by trying names."""
    return f"hmac-sha256:{hmac.new(bytes.fromhex(key), value.encode(), hashlib.sha256).hexdigest()}"


def files_named(data: Any) -> Iterator[str]:
    """The SHA-256 of every stored file that sealed data name: any text of 64 hexadecimal digits."""
    if isinstance(data, str):
        if SHA256_TEXT.fullmatch(data):
            yield data
    elif isinstance(data, Mapping):
        for item in data.values():
            yield from files_named(item)
    elif isinstance(data, list):
        for item in data:
            yield from files_named(item)


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562 §5.7): 48 bits of milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)
