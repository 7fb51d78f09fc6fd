"""Weeks of the weekly ledger: their Monday, cut-off and lock; what a correction changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shian.kernel.workdays.rules import Calendar


@dataclass(frozen=True)
class WeekRule:
    """weekday: 1 Monday to 7 Sunday; hour of that day, local time; locks_after: working days past the cut-off."""

    weekday: int
    hour: int
    locks_after: int


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def cut_off(monday: date, rule: WeekRule, zone: ZoneInfo) -> datetime:
    """When the week's ledgers are due."""
    return datetime.combine(monday + timedelta(days=rule.weekday - 1), time(rule.hour), zone)


def lock_day(monday: date, rule: WeekRule, calendar: Calendar) -> date:
    """The day on which the week is locked at its beginning: the working day after the last one left for late filers."""
    due = monday + timedelta(days=rule.weekday - 1)
    return calendar.add_workdays(due, rule.locks_after + 1)


def changed_lines(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """Pairs of lines that differ, by place; None stands for a line that was not there."""
    longest = max(len(before), len(after))
    pairs = [(_at(before, place), _at(after, place)) for place in range(longest)]
    return [pair for pair in pairs if pair[0] != pair[1]]


def _at(lines: Sequence[Mapping[str, Any]], place: int) -> Mapping[str, Any] | None:
    return lines[place] if place < len(lines) else None
