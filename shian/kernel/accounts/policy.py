"""The rules for accounts in force on a day, read from packs/parameters/accounts.yaml.

Numbers, not code: a city changes them by a dated version in its pack. Accounts of a generated demo city have their own
short list of exceptions; nothing else loosens a rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from shian.kernel.parameters.dated import Dated


@dataclass(frozen=True)
class AccountPolicy:
    """Lengths in characters, ages in days, the rest as named. `basis`, `confidence`: where they are from."""

    valid_from: date
    basis: str
    confidence: str
    min_length: int
    classes: int
    history: int
    max_age_days: int
    change_when_given: bool
    lock_failures: int
    lock_minutes: int
    idle_minutes: int
    session_hours: int
    sessions_at_once: int
    searches_per_minute: int
    reauthentication_minutes: int
    activation_days: int
    second_factor_roles: frozenset[str]


def policy_at(day: date, *, is_demo: bool = False) -> AccountPolicy:
    """The policy in force on the day. Raises ImproperlyConfigured when the pack has none for it."""
    normal, demo = POLICIES.at(day)
    return demo if is_demo else normal


def policy_for(user: Any = None) -> AccountPolicy:
    """Today's policy for this user (for everybody without one)."""
    return policy_at(timezone.localdate(), is_demo=bool(getattr(user, "is_demo", False)))


def lock_failures(request: Any = None, credentials: Any = None) -> int:
    """Wrong passwords in a row that lock an account (asked by django-axes)."""
    return policy_for().lock_failures


def lock_duration(request: Any = None) -> timedelta:
    """How long a lock lasts (asked by django-axes)."""
    return timedelta(minutes=policy_for().lock_minutes)


def _read(told: Mapping[str, Any]) -> tuple[AccountPolicy, AccountPolicy]:
    """A version as it holds for everybody, and as it holds for generated demo accounts."""
    password, lock, session, demo = told["password"], told["lock"], told["session"], told["demo"]
    normal = AccountPolicy(
        valid_from=told["valid_from"],
        basis=told["basis"],
        confidence=told["confidence"],
        min_length=int(password["min_length"]),
        classes=int(password["classes"]),
        history=int(password["history"]),
        max_age_days=int(password["max_age_days"]),
        change_when_given=bool(password["change_when_given"]),
        lock_failures=int(lock["failures"]),
        lock_minutes=int(lock["minutes"]),
        idle_minutes=int(session["idle_minutes"]),
        session_hours=int(session["hours"]),
        sessions_at_once=int(session["at_once"]),
        searches_per_minute=int(told["searches_per_minute"]),
        reauthentication_minutes=int(told["reauthentication_minutes"]),
        activation_days=int(told["activation_days"]),
        second_factor_roles=frozenset(told["second_factor"]["roles"]),
    )
    relaxed = replace(
        normal,
        change_when_given=bool(demo["change_when_given"]),
        second_factor_roles=frozenset(demo["second_factor"]["roles"]),
        sessions_at_once=int(demo["session"]["at_once"]),
    )
    return normal, relaxed


POLICIES = Dated("accounts", _read)
