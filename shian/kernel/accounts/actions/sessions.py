"""Signing in, and ending sessions."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction

from shian.kernel.accounts.actions.seals import seal_deed, subject_of
from shian.kernel.accounts.models import User
from shian.kernel.accounts.policy import policy_for
from shian.kernel.notary.actions import seal


@transaction.atomic
def sign_in(
    *, user: User, log_in: Callable[[], None], methods: Sequence[str], ip: str, device: str, at: datetime
) -> None:
    """Begin a session by `log_in` (Django's, which changes the session key) and seal how and from where."""
    log_in()
    seal_deed(user, "signed_in", user.username, at, methods=list(methods), ip=ip, device=device)


@transaction.atomic
def note_event(*, username: str, action: str, by: str, at: datetime, data: dict[str, Any]) -> None:
    """Seal what allauth or axes did to an account: a factor added or removed, a lock, a sign-out."""
    seal(action=f"accounts.{action}", by=by, subject=subject_of(username), data=data, at=at)


@transaction.atomic
def expire_session(*, user: User, close: Callable[[], None], reason: str, at: datetime) -> None:
    """End the present session by `close` because its time is over; `reason` is a word of the log."""
    username = user.username
    close()
    note_event(username=username, action="session_expired", by=username, at=at, data={"reason": reason})


def note_activity(*, session_key: str, at: datetime) -> None:
    """When the session was last used, for the list of sessions; not a deed, so it is not sealed."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=at)


@transaction.atomic
def end_session(*, user: User, key: int, by: str, at: datetime) -> bool:
    """End one session of the user; False when there is none of that key."""
    session = UserSession.objects.filter(user=user, pk=key).first()
    if session is None:
        return False
    session.end()
    seal_deed(user, "session_ended", by, at, sessions=1)
    return True


@transaction.atomic
def end_other_sessions(*, user: User, current_key: str, by: str, at: datetime) -> int:
    """End all sessions of the user but the present one; how many."""
    count = drop_sessions(user, but=current_key)
    seal_deed(user, "session_ended", by, at, sessions=count)
    return count


@transaction.atomic
def end_all_sessions(*, user: User, by: str, at: datetime) -> int:
    """End every session of the user; how many."""
    count = drop_sessions(user)
    seal_deed(user, "session_ended", by, at, sessions=count)
    return count


@transaction.atomic
def end_oldest_sessions(*, user: User, current_key: str, at: datetime) -> list[str]:
    """End the oldest sessions, so that with the present one no more go on than the policy allows; their keys."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=current_key).order_by("-created_at", "-pk")
    over = [row for row in rows if row.exists()][policy_for(user).sessions_at_once - 1 :]
    for row in over:
        row.end()
    if over:
        seal_deed(user, "session_ended", user.username, at, sessions=len(over), reason="at_once")
    return [row.session_key for row in over]


@transaction.atomic
def save_preferences(*, user: User, language: str, theme: str, at: datetime) -> None:
    """Language and look of the pages, kept with the account."""
    user.language, user.theme = language, theme
    user.save(update_fields=["language", "theme"])
    seal_deed(user, "preferences_saved", user.username, at, language=language, theme=theme)


@transaction.atomic
def link_identity(*, user: User, connect: Callable[[], None], provider: str, identity: str, at: datetime) -> None:
    """Tie an identity of the outside sign-in service to the account by `connect`; an open invitation is used up."""
    connect()
    user.activation_digest, user.activation_expires_at = "", None
    user.save(update_fields=["activation_digest", "activation_expires_at"])
    seal_deed(user, "identity_linked", user.username, at, provider=provider, identity=identity)


def drop_sessions(user: User, *, but: str = "") -> int:
    """Delete the user's sessions, except one; part of a deed that seals."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=but))
    for session in sessions:
        session.end()
    return len(sessions)
