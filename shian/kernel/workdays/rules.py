"""Statutory periods over a calendar of working days: pure, and each answer knows which years it had to guess.

民法典 200-204 (days, months, years; the day of the event is not counted; a last day on a rest day moves to the next
working day), 行政许可法 82, 行政处罚法 85, 行政强制法 69 (which periods are working days),
市场监督管理行政处罚程序规定 (hours).
docs/law/workdays.md has the table, the conventions of our own and the vectors.
"""

import calendar as months
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
WARNED_BEFORE = (3, 1, 0)  # working days before the last day: T-3, T-1, T0


class ClockStopped(ValueError):
    """The period is suspended and has not resumed: it has no last day yet."""


class Unit(StrEnum):
    WORKDAY = "wd"
    DAY = "d"
    MONTH = "month"
    YEAR = "year"


class Stage(StrEnum):
    """How far a period has run: from 70 % yellow, from 90 % orange, after the last day red."""

    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


@dataclass(frozen=True)
class NamedDay:
    """A day that a notice names: off, or a weekend day that is worked."""

    is_workday: bool
    name: str


@dataclass(frozen=True)
class Year:
    """One year of the calendar; without its notice every Monday to Friday is worked and the year is provisional."""

    number: int
    named: Mapping[date, NamedDay] = field(default_factory=dict)
    is_provisional: bool = True


@dataclass(frozen=True)
class Limit:
    """A statutory period. `counts_start`: the start day is day 1. `rolls`: a last day on a rest day moves on."""

    amount: int
    unit: Unit = Unit.WORKDAY
    counts_start: bool = False
    rolls: bool = True

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("A period is not negative; count back with Calendar.add_workdays.")


@dataclass(frozen=True)
class Pause:
    """Days that do not count, both ends included; without `last` the clock still stands."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Deadline:
    """The last day of a period that began on `start`. `moved_from` is the rest day that it would have fallen on."""

    start: date
    on: date
    moved_from: date | None = None
    provisional_years: tuple[int, ...] = ()

    @property
    def is_provisional(self) -> bool:
        return bool(self.provisional_years)


@dataclass(frozen=True)
class OfficeHours:
    """When an office works; the statutes leave it to the place, so it is a parameter."""

    periods: tuple[tuple[time, time], ...] = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 30)))


OFFICE_HOURS = OfficeHours()


class Calendar:
    """Working days of all years; `year_of` brings one year when it is first asked for."""

    def __init__(self, year_of: Callable[[int], Year]) -> None:
        self._year_of = year_of
        self._years: dict[int, Year] = {}
        self._lists: dict[int, list[date]] = {}

    def year(self, number: int) -> Year:
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = self._year_of(number)
        return found

    def _worked(self, number: int) -> list[date]:
        """The working days of a year in order, for counting by place."""
        found = self._lists.get(number)
        if found is None:
            whole = _days(date(number, 1, 1), date(number, 12, 31))
            found = self._lists[number] = [day for day in whole if self.is_workday(day)]
        return found

    def is_workday(self, day: date) -> bool:
        named = self.year(day.year).named.get(day)
        return named.is_workday if named else day.weekday() < 5

    def name_of(self, day: date) -> str:
        """The holiday that the notice gives the day to, or ""."""
        named = self.year(day.year).named.get(day)
        return named.name if named else ""

    def provisional_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years between two days whose notice is not known."""
        low, high = sorted((first.year, last.year))
        return tuple(number for number in range(low, high + 1) if self.year(number).is_provisional)

    def on_or_after(self, day: date) -> date:
        """The day itself if it is worked, else the next working day."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def on_or_before(self, day: date) -> date:
        """The day itself if it is worked, else the working day before it."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def next_workday(self, day: date) -> date:
        """The first working day after the day."""
        return self.on_or_after(day + ONE_DAY)

    def previous_workday(self, day: date) -> date:
        """The last working day before the day."""
        return self.on_or_before(day - ONE_DAY)

    def add_workdays(self, start: date, amount: int) -> date:
        """The working day that lies `amount` working days after the start (before it, when negative).

        The start is not counted; for 0 it is the start, or the next working day when that is a rest day.
        """
        if amount == 0:
            return self.on_or_after(start)
        number = start.year
        days = self._worked(number)
        place = bisect_right(days, start) + amount - 1 if amount > 0 else bisect_left(days, start) + amount
        while place < 0:
            number -= 1
            days = self._worked(number)
            place += len(days)
        while place >= len(days):
            place -= len(days)
            number += 1
            days = self._worked(number)
        return days[place]

    def workdays_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when `last` lies before `first`."""
        if last < first:
            return -self.workdays_between(last, first)
        whole = sum(len(self._worked(number)) for number in range(first.year, last.year))
        return whole + bisect_right(self._worked(last.year), last) - bisect_right(self._worked(first.year), first)

    def rest_days_between(self, first: date, last: date) -> int:
        """Days off (weekends and holidays) from `first` to `last`, both included."""
        return sum(not self.is_workday(day) for day in _days(first, last))

    def holidays_between(self, first: date, last: date) -> list[tuple[date, str]]:
        """Days off that a notice names, both ends included, with their holiday."""
        off = (day for day in _days(first, last) if not self.is_workday(day))
        return [(day, name) for day in off if (name := self.name_of(day))]

    def deadline(self, start: date, limit: Limit, pauses: Sequence[Pause] = (), extension: int = 0) -> Deadline:
        """The last day of the period: `limit` and its extension (same unit) counted over unpaused days.

        Raises ClockStopped when a pause that begins before the end is still open.
        """
        origin = start - ONE_DAY if limit.counts_start else start
        amount = limit.amount + extension
        if limit.unit in {Unit.MONTH, Unit.YEAR}:
            end = _with_pauses(origin, add_months(origin, amount * (12 if limit.unit == Unit.YEAR else 1)), pauses)
        elif pauses:
            end = self._counted(origin, amount, limit.unit, pauses)
        elif limit.unit == Unit.WORKDAY and amount:
            end = self.add_workdays(origin, amount)
        else:
            end = origin + amount * ONE_DAY
        on = self.on_or_after(end) if limit.rolls else end
        return Deadline(start, on, end if on != end else None, self.provisional_years(start, on))

    def _counted(self, origin: date, amount: int, unit: Unit, pauses: Sequence[Pause]) -> date:
        day, left = origin, amount
        while left:
            day += ONE_DAY
            if not _paused(day, pauses):
                left -= unit == Unit.DAY or self.is_workday(day)
        return day

    def stage(self, deadline: Deadline, today: date, unit: Unit = Unit.WORKDAY, pauses: Sequence[Pause] = ()) -> Stage:
        """The colour of the period on a day, by the share of its unpaused days that have passed."""
        if today > deadline.on:
            return Stage.RED
        passed = self._unpaused(deadline.start, today, unit, pauses)
        whole = max(1, self._unpaused(deadline.start, deadline.on, unit, pauses))
        if passed * 10 >= whole * 9:
            return Stage.ORANGE
        return Stage.YELLOW if passed * 10 >= whole * 7 else Stage.GREEN

    def _unpaused(self, first: date, last: date, unit: Unit, pauses: Sequence[Pause]) -> int:
        days = (day for day in _days(first + ONE_DAY, last) if not any(pause.holds(day) for pause in pauses))
        return sum(unit != Unit.WORKDAY or self.is_workday(day) for day in days)

    def warning_days(self, deadline: Deadline, before: Iterable[int] = WARNED_BEFORE) -> list[date]:
        """The working days on which to warn, in order; those before the period began are left out."""
        found = {self.add_workdays(deadline.on, -back) if back else deadline.on for back in before}
        return sorted(day for day in found if day >= deadline.start)

    def add_working_hours(self, start: datetime, hours: float, office: OfficeHours = OFFICE_HOURS) -> datetime:
        """The moment when so many hours of work have passed since `start` (wall clock; the zone is kept)."""
        left, day = timedelta(hours=hours), start.date()
        while True:
            for opens, closes in office.periods if self.is_workday(day) else ():
                begin = max(start, datetime.combine(day, opens, start.tzinfo))
                end = datetime.combine(day, closes, start.tzinfo)
                if begin < end and left <= end - begin:
                    return begin + left
                left -= max(timedelta(), end - begin)
            day += ONE_DAY


def add_hours(start: datetime, hours: int, *, from_next_hour: bool) -> datetime:
    """The moment a period of hours ends. Hours run through nights and holidays.

    `from_next_hour`: the hour of the event is not counted (procedural law); duties to report within 2 or 24 hours run
    from the minute of knowledge.
    """
    if from_next_hour:
        start = start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return start + timedelta(hours=hours)


def add_months(start: date, amount: int) -> date:
    """The same day of a later (or earlier) month; the last day of the month where it has no such day (民法典 202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + amount, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + offset * ONE_DAY


def _paused(day: date, pauses: Sequence[Pause]) -> bool:
    for pause in pauses:
        if pause.holds(day):
            if pause.last is None:
                raise ClockStopped(pause.first)
            return True
    return False


def _with_pauses(origin: date, end: date, pauses: Sequence[Pause]) -> date:
    """The end moved on by each paused day after the origin, those that it thereby meets included."""
    day = end
    left = sum(_paused(each, pauses) for each in _days(origin + ONE_DAY, end))
    while left:
        day += ONE_DAY
        left -= not _paused(day, pauses)
    return day
