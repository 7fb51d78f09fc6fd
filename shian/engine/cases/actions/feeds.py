"""The calendar address of a user: made, replaced, ended. The secret is shown once and kept as its digest."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from shian.engine.cases.models import CalendarFeed
from shian.kernel.notary.actions import seal


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_feed(*, user: Any, at: datetime) -> str:
    """A new secret for the user's calendar; the address before it stops working."""
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        user=user, defaults={"digest": digest_of(secret), "made_at": at, "read_at": None}
    )
    _seal("cases.feed_made", user, at)
    return secret


@transaction.atomic
def end_feed(*, user: Any, at: datetime) -> bool:
    """The address stops working; False when there was none."""
    ended, _kinds = CalendarFeed.objects.filter(user=user).delete()
    if ended:
        _seal("cases.feed_ended", user, at)
    return bool(ended)


def _seal(action: str, user: Any, at: datetime) -> None:
    name = str(user.get_username())
    seal(action=action, by=name, subject=f"accounts.user:{name}", data={}, at=at)
