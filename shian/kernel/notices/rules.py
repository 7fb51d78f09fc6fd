"""Pure rules of reminders: which rungs a matter has reached, when to try a letter again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shian.kernel.workdays.rules import Calendar

MAX_ATTEMPTS = 8
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
