"""Pure rules of credentials and sessions (GB/T 22239-2019 8.1.4.1: identity, ageing, lock-out, idle sessions)."""

import hashlib
import ipaddress
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


class Standing(StrEnum):
    """Whether an account may be used at a moment."""

    OPEN = "open"
    INACTIVE = "inactive"
    NOT_YET = "not_yet"
    ENDED = "ended"


def new_activation_code() -> str:
    """Twelve characters without look-alikes, in groups of four: 60 bits."""
    letters = [secrets.choice(_ALPHABET) for _ in range(12)]
    return "-".join("".join(letters[i : i + 4]) for i in (0, 4, 8))


def activation_digest(code: str) -> str:
    """SHA-256 of the code without dashes, spaces or case."""
    return hashlib.sha256(re.sub(r"[\s-]", "", code).upper().encode()).hexdigest()


def new_password() -> str:
    """A generated password: four groups of five, about 100 bits; capital letters, digits and dashes."""
    while True:
        groups = ["".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4)]
        password = "-".join(groups)
        if character_classes(password) >= 3:
            return password


def character_classes(password: str) -> int:
    """How many of five kinds occur: lower case, upper case, digits, letters without case (Chinese), signs."""
    kinds = (
        any(c.islower() for c in password),
        any(c.isupper() for c in password),
        any(c.isdigit() for c in password),
        any(c.isalpha() and not c.islower() and not c.isupper() for c in password),
        any(not c.isalnum() for c in password),
    )
    return sum(kinds)


def is_too_old(changed_at: datetime | None, max_age_days: int, at: datetime) -> bool:
    """Is a password past its age? One whose day is not known counts as fresh; 0 days means that none ages."""
    return bool(changed_at and max_age_days and at - changed_at >= timedelta(days=max_age_days))


def standing(*, is_active: bool, valid_from: datetime | None, valid_to: datetime | None, at: datetime) -> Standing:
    """An account is open from `valid_from` (inclusive) until `valid_to` (exclusive)."""
    if not is_active:
        return Standing.INACTIVE
    if valid_from is not None and at < valid_from:
        return Standing.NOT_YET
    if valid_to is not None and at >= valid_to:
        return Standing.ENDED
    return Standing.OPEN


def is_idle(seen_at: float, idle_minutes: int, at: float) -> bool:
    """Has nothing been asked for longer than allowed? Moments are seconds since 1970."""
    return at - seen_at > idle_minutes * 60


def unlocks_at(failures: Iterable[tuple[datetime, int]], limit: int, duration: timedelta) -> datetime | None:
    """When a lock ends, from (moment, number of failures) pairs; None when there is no lock.

    A failure is forgotten after `duration`; the lock ends as soon as fewer than `limit` are remembered.
    """
    remembered = sorted(failures)
    total = sum(count for _, count in remembered)
    for moment, count in remembered:
        if total < limit:
            return None
        total -= count
        if total < limit:
            return moment + duration
    return None


def masked_ip(ip: str | None) -> str:
    """A place without its end: 10.12.3.4 → 10.12.*.*, 2001:db8:1::5 → 2001:db8:*; "" for none."""
    if not ip:
        return ""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv4Address):
        return ".".join(ip.split(".")[:2]) + ".*.*"
    return ":".join(group.lstrip("0") or "0" for group in address.exploded.split(":")[:2]) + ":*"


def device_name(user_agent: str) -> str:
    """What a person recognises of a browser's long name: "Chrome · Windows"; "" when nothing is recognised."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)
