"""Sending notices and reading them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from shian.kernel.accounts.models import User
from shian.kernel.notary.actions import seal
from shian.kernel.notices.actions.hooks import queue_pushes
from shian.kernel.notices.actions.mails import queue_letters
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import Notice
from shian.kernel.notices.queries import notices_of
from shian.kernel.scope.walls import system_scope


@dataclass(frozen=True)
class Draft:
    """One message for several users. See models.Notice for the texts."""

    recipients: Collection[int]
    rule: str
    subject: str
    level: str
    wording: Wording
    params: Mapping[str, Any] = field(default_factory=dict)
    link: str = ""
    due_on: date | None = None


@transaction.atomic
def send_notices(*, drafts: Sequence[Draft], by: str, at: datetime) -> int:
    """One notice for each recipient of each draft, and letters and pushes to those who want them; how many notices.

    Sends as often as it is called: reminders that must come once go through `run_rule`.
    """
    rows = [
        Notice(
            recipient_id=user, rule=draft.rule, subject=draft.subject, level=draft.level,
            title_id=draft.wording.title, body_id=draft.wording.body, params=dict(draft.params), link=draft.link,
            due_on=draft.due_on, sent_at=at,
        )
        for draft in drafts
        for user in dict.fromkeys(draft.recipients)
    ]  # fmt: skip
    if not rows:
        return 0
    with system_scope():  # nobody else reads another one's notices
        Notice.objects.bulk_create(rows, batch_size=1000)
        queue_letters(notices=rows, at=at)
        queue_pushes(notices=rows, at=at)
    _ring(rows)
    seal(
        action="notices.sent",
        by=by,
        subject=f"notices.rule:{drafts[0].rule}",
        data={"count": len(rows), "about": sorted({f"{draft.subject} {draft.level}" for draft in drafts})[:200]},
        at=at,
    )
    return len(rows)


@transaction.atomic
def mark_read(*, user: Any, numbers: Iterable[int], at: datetime) -> int:
    """The user has read these of their own notices; how many were unread. Other people's are left alone."""
    return _read(user, [int(number) for number in numbers], at)


@transaction.atomic
def mark_all_read(*, user: Any, at: datetime) -> int:
    """The user has read everything; how many notices were unread."""
    return _read(user, None, at)


def _read(user: Any, numbers: list[int] | None, at: datetime) -> int:
    rows = notices_of(user, unread=True)
    if numbers is not None:
        rows = rows.filter(pk__in=numbers)
    read = sorted(rows.values_list("pk", flat=True))
    if not read:
        return 0
    count = Notice.objects.filter(pk__in=read, read_at__isnull=True).update(read_at=at)
    User.objects.filter(pk=user.pk).update(unread_notices=F("unread_notices") - count)
    user.unread_notices -= count
    seal(
        action="notices.read",
        by=user.get_username(),
        subject=f"accounts.user:{user.get_username()}",
        data={"count": count, "notices": read[:200]},
        at=at,
    )
    return count


def _ring(notices: Iterable[Notice]) -> None:
    """Raise what the bells show by steps, not by counting anew: two senders at once both count. Users are locked in
    order, so two never wait crosswise; those of one count rise in one statement."""
    counts = Counter(notice.recipient_id for notice in notices)
    by_count: dict[int, list[int]] = defaultdict(list)
    for user in User.objects.filter(pk__in=counts).order_by("pk").select_for_update().values_list("pk", flat=True):
        by_count[counts[user]].append(user)
    for count, users in by_count.items():
        User.objects.filter(pk__in=users).update(unread_notices=F("unread_notices") + count)
