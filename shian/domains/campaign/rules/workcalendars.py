"""A unit's work calendar (工作台历): dated duties by day, in months of weeks from Monday to Sunday. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True)
class Dated:
    """Something that falls on a day. state: of kernel/ui/states; who: the person, "" for the unit."""

    on: date
    title: str
    kind: str
    state: str = ""
    who: str = ""
    url: str = ""


@dataclass(frozen=True)
class Day:
    """A square of the month; `is_own`: it belongs to the month."""

    on: date
    is_own: bool
    is_today: bool
    duties: Sequence[Dated] = field(default=())


@dataclass(frozen=True)
class Sheet:
    """A month on a sheet of paper, with its duties once more as a list."""

    first: date
    weeks: list[list[Day]]
    duties: list[Dated]


def sheets_of(duties: Iterable[Dated], today: date) -> list[Sheet]:
    """One sheet for each month that has a duty, in order; every duty stands on exactly one of them."""
    rows = sorted(duties, key=lambda each: (each.on, each.kind, each.title))
    by_day: dict[date, list[Dated]] = {}
    for each in rows:
        by_day.setdefault(each.on, []).append(each)
    firsts = sorted({day.replace(day=1) for day in by_day})
    return [Sheet(first, _weeks(first, by_day, today), [each for each in rows if each.on.replace(day=1) == first])
            for first in firsts]  # fmt: skip


def _weeks(first: date, by_day: Mapping[date, list[Dated]], today: date) -> list[list[Day]]:
    monday, weeks = first - timedelta(days=first.weekday()), []
    after = (first + timedelta(days=32)).replace(day=1)
    while monday < after:
        days = [monday + timedelta(days=step) for step in range(7)]
        weeks.append([
            Day(day, first <= day < after, day == today, by_day.get(day, ()) if first <= day < after else ())
            for day in days
        ])  # fmt: skip
        monday += timedelta(days=7)
    return weeks
