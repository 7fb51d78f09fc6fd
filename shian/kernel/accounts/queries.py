"""Reads of accounts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.db.models import Q, QuerySet

from shian.kernel.accounts.models import ADMINISTRATORS, UsedPassword, User
from shian.kernel.accounts.policy import lock_duration, lock_failures
from shian.kernel.accounts.rules import activation_digest, device_name, masked_ip, unlocks_at
from shian.kernel.ui.states import Text

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True)
class HeldPost:
    """A post as an account page names it."""

    title: Text
    organisation: Text
    area: Text
    url: str = ""


@dataclass(frozen=True)
class OpenSession:
    """Where somebody is signed in: device and masked place."""

    key: int
    device: str
    place: str
    began_at: datetime
    seen_at: datetime
    is_current: bool


PostsOf = Callable[[User, Any], list[HeldPost]]
_posts_of: list[PostsOf] = []


def register_posts_provider(provider: PostsOf) -> None:
    """Name the function (user, viewer) → posts held today; there is one, of the app that knows posts."""
    _posts_of[:] = [provider]


def held_posts(user: User, viewer: Any) -> list[HeldPost]:
    """The posts that the user holds today; none when no app tells."""
    return _posts_of[0](user, viewer) if _posts_of else []


def user_awaiting_activation(username: str, code: str, at: datetime) -> User | None:
    """The user whose unexpired activation code this is, or None (which of the two was wrong is not told)."""
    return User.objects.filter(
        username=username,
        activation_digest=activation_digest(code),
        activation_expires_at__gt=at,
        is_active=True,
    ).first()


def user_of_identity(username: str) -> User | None:
    """The active account of this name, for an outside identity that claims it; case counts."""
    return User.objects.filter(username=username, is_active=True).first() if username else None


def newest_passwords(user: User, count: int) -> list[str]:
    """The hashes of the user's last `count` passwords, the present one among them."""
    rows = UsedPassword.objects.filter(user=user).order_by("-set_at", "-pk")
    return list(rows.values_list("password", flat=True)[:count])


def has_second_factor(user: User) -> bool:
    """Has the user a passkey or an authenticator app?"""
    return bool(factors_of(user).exists())


def has_factor(user: User, kind: str) -> bool:
    """Has the user a factor of this kind (a value of allauth's Authenticator.Type)?"""
    return bool(Authenticator.objects.filter(user=user, type=kind).exists())


def factors_of(user: User) -> Any:
    """The user's passkeys and authenticator app (a queryset of allauth's Authenticator), without recovery codes."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS)


def second_factors(user: User) -> list[Authenticator]:
    """Passkeys, authenticator app and recovery codes of the user, oldest first."""
    return list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))


def locked_until(username: str, at: datetime) -> datetime | None:
    """When the account of this name opens again after wrong passwords; None when it is not locked."""
    duration = lock_duration()
    rows = AccessAttempt.objects.filter(username=username, attempt_time__gt=at - duration)
    return unlocks_at(rows.values_list("attempt_time", "failures_since_start"), lock_failures(), duration)


def open_sessions(user: User, current_key: str | None) -> list[OpenSession]:
    """The user's living sessions, the present one first, then the newest."""
    found = [
        OpenSession(
            key=row.pk,
            device=device_name(row.user_agent),
            place=masked_ip(row.ip),
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            is_current=row.session_key == current_key,
        )
        for row in UserSession.objects.filter(user=user).order_by("-last_seen_at")
        if row.exists()
    ]
    return sorted(found, key=lambda each: not each.is_current)


def users_matching(text: str, role: str, condition: str, at: datetime) -> QuerySet[User]:
    """Accounts for the administrators' list. `condition`: open, waiting, inactive, ended, locked or "" for all."""
    rows = User.objects.all()
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    if role:
        rows = rows.filter(role=role)
    ended = Q(valid_to__isnull=False, valid_to__lte=at)
    conditions = {
        "open": Q(is_active=True, activation_digest="") & ~ended,
        "waiting": Q(is_active=True) & ~Q(activation_digest="") & ~ended,
        "inactive": Q(is_active=False),
        "ended": Q(is_active=True) & ended,
        "locked": Q(username__in=locked_names(at)),
    }
    return rows.filter(conditions.get(condition, Q()))


def locked_names(at: datetime) -> list[str]:
    """The names that are locked after wrong passwords, whether or not an account of that name exists."""
    rows = AccessAttempt.objects.filter(attempt_time__gt=at - lock_duration()).values_list("username", flat=True)
    return [name for name in sorted(set(filter(None, rows))) if locked_until(name, at)]


def is_last_administrator(user: User) -> bool:
    """Would nobody be left to do the part of this administrator (system, security or audit)?"""
    others = User.objects.filter(role=user.role, is_active=True, valid_to__isnull=True).exclude(pk=user.pk)
    return user.role in ADMINISTRATORS and not others.exists()
