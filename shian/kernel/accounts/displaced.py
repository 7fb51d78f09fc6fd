"""Sessions that ended because their account began one too many: what their browsers are told when they come back.

The session itself is gone by then, so a mark is kept under the digest of its key, as long as a session may last.
"""

import hashlib
from collections.abc import Iterable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from shian.kernel.accounts.policy import policy_for


def remember_displaced(keys: Iterable[str]) -> None:
    """Mark these session keys."""
    for key in keys:
        cache.set(_mark(key), True, policy_for().session_hours * 3600)


def was_displaced(request: HttpRequest) -> bool:
    """Does the browser come with the key of such a session? True once."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return bool(key) and bool(cache.delete(_mark(key)))


def _mark(key: str) -> str:
    return f"accounts:displaced:{hashlib.sha256(key.encode()).hexdigest()}"
