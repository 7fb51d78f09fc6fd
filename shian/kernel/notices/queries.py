"""Reads of notices and mail."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest

from shian.kernel.accounts.models import Role, User
from shian.kernel.notices.models import (
    Hook,
    Mail,
    MailMode,
    Notice,
    NoticeQuerySet,
    Preference,
    Push,
    PushState,
)
from shian.kernel.notices.outgoing import SentState


def notices_of(user: Any, *, unread: bool = False) -> NoticeQuerySet:
    """The user's notices, or those not read yet."""
    rows = Notice.objects.visible_to(user)
    return rows.filter(read_at__isnull=True) if unread else rows


def unread_count(request: HttpRequest) -> int:
    """What the bell shows: kept on the user's own row, so that no page asks for it."""
    return int(getattr(request.user, "unread_notices", 0))


def mail_mode_of(user: Any) -> MailMode:
    """What the user chose; the daily digest without a choice."""
    chosen = Preference.objects.filter(user=user.pk).values_list("mail_mode", flat=True).first()
    return MailMode(chosen) if chosen else MailMode.DAILY


def users_with_mail(mode: MailMode) -> QuerySet[User]:
    """Active users with an address who want mail in this way."""
    rows = User.objects.filter(is_active=True).exclude(email="")
    if mode == MailMode.DAILY:  # nobody's choice is this one
        return rows.exclude(pk__in=Preference.objects.exclude(mail_mode=mode).values("user"))
    return rows.filter(pk__in=Preference.objects.filter(mail_mode=mode).values("user"))


def administrators() -> list[int]:
    """Ids of the active system administrators: who hears of what has nobody else."""
    return list(User.objects.filter(is_active=True, role=Role.ADMIN).order_by("pk").values_list("pk", flat=True))


def mails(state: str = "") -> QuerySet[Mail]:
    """Letters, newest first; of one state when it is one."""
    rows = Mail.objects.select_related("recipient")
    return rows.filter(state=state) if state in SentState.values else rows


def hooks() -> QuerySet[Hook]:
    """Hooks, those in use first, with what waits for them (`waiting`), failed (`failed`) and went last (`last_at`)."""
    waiting, failed = (Q(pushes__state=state) for state in (PushState.WAITING, PushState.FAILED))
    counted = Hook.objects.select_related("reader").annotate(
        waiting=Count("pushes", filter=waiting), failed=Count("pushes", filter=failed), last_at=Max("pushes__sent_at")
    )
    return counted.order_by("-ended_at", "-pk")


def due_hooks(at: datetime) -> list[int]:
    """Hooks for which something is due, the longest waiting first."""
    due = (
        Push.objects.filter(state=PushState.WAITING, next_at__lte=at).order_by("next_at").values_list("hook", flat=True)
    )
    return list(dict.fromkeys(due))


def pushes_of(hook: Hook, limit: int) -> list[Push]:
    """The newest pushes of a hook."""
    return list(hook.pushes.order_by("-pk")[:limit])
