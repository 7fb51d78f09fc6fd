"""Pure rules of reminders: which rungs a matter has reached, when a message goes out, when it is tried again."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shian.kernel.workdays.rules import Calendar

MAX_ATTEMPTS = 8
SECRET = "whsec_"  # noqa: S105 (how a Standard Webhooks secret begins)
WAITS = (1, 5, 15, 60, 240, 720, 1440)  # minutes after the first, second, … failure


@dataclass(frozen=True)
class Rung:
    """A step of a ladder: `after` working days past the due day (negative: before it) the people called `to` hear.

    `key` tells two rungs of one level apart.
    """

    level: str
    after: int
    to: str
    key: str = ""

    @property
    def name(self) -> str:
        return self.key or self.level


def rung_day(rung: Rung, due_on: date, calendar: Calendar) -> date:
    """The day on which a matter due on `due_on` reaches the rung; the due day itself needs no working day."""
    return calendar.add_workdays(due_on, rung.after) if rung.after else due_on


def reached(ladder: Sequence[Rung], due_on: date, today: date, calendar: Calendar) -> list[Rung]:
    """The rungs reached by today, lowest first; the last one is where the matter stands."""
    return [rung for rung in ladder if rung_day(rung, due_on, calendar) <= today]


def next_attempt(attempts: int, at: datetime) -> datetime | None:
    """When to try again after so many failed attempts; None when it is given up."""
    return at + timedelta(minutes=WAITS[attempts - 1]) if attempts < MAX_ATTEMPTS else None


def is_quiet(moment: time, quiet: tuple[time, time] | None) -> bool:
    """Does the time of day lie in the quiet hours? The first minute does, the last does not; they may pass midnight."""
    if quiet is None:
        return False
    first, last = quiet
    return first <= moment < last if first <= last else moment >= first or moment < last


def push_moment(at: datetime, *, daily_at: time | None, quiet: tuple[time, time] | None) -> datetime:
    """When a message of this moment may go out, in its zone: at once or at the day's digest, never while quiet."""
    if daily_at is not None:
        at = _next(at, daily_at)
    return _next(at, quiet[1]) if quiet and is_quiet(at.time(), quiet) else at


def _next(at: datetime, wanted: time) -> datetime:
    """The next moment, this one included, at which the clock shows the time."""
    found = at.replace(hour=wanted.hour, minute=wanted.minute, second=0, microsecond=0)
    return found if found >= at else found + timedelta(days=1)


def is_signing_secret(text: str) -> bool:
    """Is this a symmetric secret of Standard Webhooks: whsec_ and 24 to 64 bytes in Base64?"""
    try:
        key = base64.b64decode(text.removeprefix(SECRET), validate=True)
    except (binascii.Error, ValueError):
        return False
    return text.startswith(SECRET) and 24 <= len(key) <= 64
