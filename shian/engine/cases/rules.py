"""Pure rules of cases: the days on which a case warns or climbs, where a set of clocks stands, whose turn it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from shian.kernel.workdays.rules import Calendar, Deadline, Limit, Pause, Unit, add_hours

HOUR = "h"


class Side(StrEnum):
    """Who acts in a case: the unit that must do it, the one that asked for it, the one that verifies it."""

    UNIT = "unit"
    ISSUER = "issuer"
    VERIFIER = "verifier"


class Audience(StrEnum):
    """Who hears of a rung. OWNER, UNIT, UNIT_HEAD: of the side whose move it is, the named owner (else the staff), the
    staff, the leaders; the others: the staff or leaders of that side, whosever move it is."""

    OWNER = "owner"
    UNIT = "unit"
    UNIT_HEAD = "unit_head"
    ISSUER = "issuer"
    ISSUER_HEAD = "issuer_head"
    VERIFIER = "verifier"


@dataclass(frozen=True)
class Length:
    """How long a clock runs: `amount` of `unit` (wd, d, month, year, or h for hours that run day and night)."""

    amount: int
    unit: str = Unit.WORKDAY
    counts_start: bool = False


@dataclass(frozen=True)
class Rung:
    """`after` working days past the due day (negative: before it) the case reaches `level` and `to` hear of it.

    Level 0 warns, from 1 on it is an escalation.
    """

    level: int
    after: int
    to: Audience


@dataclass(frozen=True)
class Span:
    """A running clock as rows keep it: its start, its length, what was added, and the days that did not count."""

    started_at: datetime
    length: Length
    extension: int = 0
    pauses: tuple[Pause, ...] = ()


def ends(calendar: Calendar, span: Span) -> tuple[date, datetime | None]:
    """The last day of a clock, and the moment for one in hours. The moment carries the zone of `started_at`.

    Hours are moved on by each whole paused day. Raises ClockStopped for an open pause.
    """
    start = span.started_at
    if span.length.unit == HOUR:
        moment = add_hours(start, span.length.amount + span.extension, from_next_hour=False)
        moment += sum(_paused_days(span), start=timedelta())
        return moment.date(), moment
    limit = Limit(span.length.amount, Unit(span.length.unit), counts_start=span.length.counts_start)
    return deadline_of(calendar, start.date(), limit, span).on, None


def deadline_of(calendar: Calendar, start: date, limit: Limit, span: Span) -> Deadline:
    """The deadline of a clock in days. Raises ClockStopped."""
    return calendar.deadline(start, limit, span.pauses, span.extension)


def _paused_days(span: Span) -> Iterable[timedelta]:
    for pause in span.pauses:
        if pause.last is not None:
            yield (pause.last - pause.first) + timedelta(days=1)


def rung_days(ladder: Sequence[Rung], due_on: date, calendar: Calendar) -> list[tuple[date, Rung]]:
    """Each rung with its day, in order of the ladder; the due day itself needs no working day."""
    return [(calendar.add_workdays(due_on, rung.after) if rung.after else due_on, rung) for rung in ladder]


def next_rung(
    ladder: Sequence[Rung], due_on: date, calendar: Calendar, *, climbed: int
) -> tuple[date, Rung] | tuple[None, None]:
    """The first rung that has not been climbed, with its day; (None, None) at the top. `climbed`: rungs behind us."""
    left = rung_days(ladder, due_on, calendar)[climbed:]
    return left[0] if left else (None, None)


def reached(ladder: Sequence[Rung], due_on: date, today: date, calendar: Calendar, *, climbed: int) -> list[Rung]:
    """The rungs above `climbed` whose day has come, lowest first; only the last one is told to people."""
    return [rung for day, rung in rung_days(ladder, due_on, calendar)[climbed:] if day <= today]


def turn_key(unit: str, user: int | None) -> str:
    """Whose turn it is, as one text that an index answers: the named owner's account, else the unit's."""
    if user is not None:
        return f"u:{user}"
    return f"o:{unit}" if unit else ""


def turn_keys(user: int | None, units: Iterable[str]) -> list[str]:
    """The turns that are a user's own; somebody without an account has none."""
    return [f"u:{user}", *(f"o:{unit}" for unit in units)] if user else []
