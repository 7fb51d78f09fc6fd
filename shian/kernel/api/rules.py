"""Pure rules of the interface: how a token is written, what a request's digest covers."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

PREFIX = "shian_"
_TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
_KEY = re.compile(r"[!-~]{8,128}")
LIFETIMES = (30, 90, 180, 365)  # days
ANSWERS_KEPT = timedelta(hours=24)
PER_MINUTE = 600


def new_token() -> str:
    """256 random bits behind a prefix that scanners of leaked secrets can look for."""
    return PREFIX + secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Has the text the form of a token?"""
    return _TOKEN.fullmatch(text) is not None


def token_digest(token: str) -> str:
    """SHA-256 as hex: all that is kept. The token has 256 bits, so it needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_idempotency_key(text: str) -> bool:
    """8 to 128 printable ASCII characters without spaces."""
    return _KEY.fullmatch(text) is not None


def request_digest(method: str, path: str, parts: Iterable[bytes]) -> str:
    """What makes two requests the same: method, path with query, and the parts of the body, each with its length."""
    digest = hashlib.sha256(f"{method} {path}".encode())
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def minute_of(at: datetime) -> int:
    """The minute that a request is counted in, since 1970."""
    return int(at.timestamp()) // 60


def seconds_left(at: datetime) -> int:
    """Until the next minute begins."""
    return 60 - int(at.timestamp()) % 60


def etag_of(content: bytes) -> str:
    """A weak validator: two answers that say the same, whatever the transfer encoding."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
