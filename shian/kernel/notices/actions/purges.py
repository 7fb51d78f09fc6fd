"""Messages whose time is over: kernel.retention says which."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from shian.kernel.accounts.models import User
from shian.kernel.notary.actions import seal
from shian.kernel.notices.models import Mail, Notice, Push
from shian.kernel.scope.walls import system_scope

AT_ONCE = 5_000
MESSAGES: dict[str, tuple[type[Any], str]] = {
    "notices.notice": (Notice, "sent_at"),
    "notices.push": (Push, "created_at"),
    "notices.mail": (Mail, "created_at"),
}


def purge_messages(*, table: str, before: datetime, kept: Collection[str], by: str, at: datetime) -> int:
    """Remove the messages of a table (a key of MESSAGES) from before a moment but for the `kept` keys; how many.

    Some thousands in one transaction, each sealed with its count: killed in between, the next run goes on.
    """
    count = 0
    while found := _purge_some(table, before, kept, by, at):
        count += found
    return count


@transaction.atomic
def _purge_some(table: str, before: datetime, kept: Collection[str], by: str, at: datetime) -> int:
    model, event = MESSAGES[table]
    with system_scope():
        rows = model._default_manager.filter(**{f"{event}__lt": before}).exclude(pk__in=kept).order_by("pk")
        keys = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
        if not keys:
            return 0
        if model is Notice:
            _silence(keys)
        model._default_manager.filter(pk__in=keys).delete()
    told = {"count": len(keys), "before": before.isoformat(), "first": keys[0], "last": keys[-1]}
    seal(action="notices.purged", by=by, subject=table, data=told, at=at)
    return len(keys)


def _silence(keys: Collection[int]) -> None:
    """Bells no longer count what goes unread."""
    unread = Notice.objects.filter(pk__in=keys, read_at__isnull=True).values_list("recipient", flat=True)
    for user, count in sorted(Counter(unread).items()):
        User.objects.filter(pk=user).update(unread_notices=F("unread_notices") - count)
