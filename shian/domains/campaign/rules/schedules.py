"""Backward scheduling (时间倒排): stages and steps hang on the final date by working days; and how a step stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shian.kernel.workdays.rules import Calendar


class Standing(StrEnum):
    """How a step stands; of many, the first of this order that any of them has is told (done: all of them)."""

    OVERDUE = "overdue"
    AT_RISK = "at_risk"
    ON_TRACK = "on_track"
    NOT_STARTED = "not_started"
    DONE = "done"


@dataclass(frozen=True)
class StageDates:
    """A stage of a plan: both days belong to it. `is_begun`: it was opened; `is_past`: a later one was."""

    number: int
    starts_on: date
    ends_on: date
    is_begun: bool = False
    is_past: bool = False


class DatesClash(ValueError):
    """The final date leaves a stage without a day; `number` is the stage's."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def hung_on(calendar: Calendar, day: date, before: date, after: date) -> date:
    """The day that lies as many working days before `after` as `day` lies before `before`.

    A day past `before` stays as many working days past it. Pure; 时间倒排 counts in working days.
    """
    return counted_back(calendar, after, calendar.workdays_between(day, before))


def counted_back(calendar: Calendar, end: date, workdays: int) -> date:
    """The working day `workdays` before the end; the end itself for 0."""
    return calendar.add_workdays(end, -workdays) if workdays else end


def moved_stages(calendar: Calendar, stages: Sequence[StageDates], before: date, after: date) -> list[StageDates]:
    """The stages when the final date moves: past ones stay, one that has begun keeps its first day. Raises DatesClash.

    A later stage begins on the day after the one before it ends where it did so until now, else by the same shift.
    """
    found: list[StageDates] = []
    for each in stages:
        moved = each
        if not each.is_past:
            starts = each.starts_on if each.is_begun else hung_on(calendar, each.starts_on, before, after)
            moved = StageDates(
                each.number, starts, hung_on(calendar, each.ends_on, before, after), each.is_begun, each.is_past
            )
        if moved.ends_on < moved.starts_on:
            raise DatesClash(each.number)
        found.append(moved)
    return found


def standing_of(*, is_open: bool, is_begun: bool, due_on: date | None, warns_on: date | None, today: date) -> Standing:
    """Late from the day after the last one; at risk from the day on which the ladder first warns."""
    if not is_open:
        return Standing.DONE
    if due_on and due_on < today:
        return Standing.OVERDUE
    if due_on and warns_on and warns_on <= today:
        return Standing.AT_RISK
    return Standing.ON_TRACK if is_begun else Standing.NOT_STARTED


def worst(standings: Iterable[Standing]) -> Standing | None:
    """How many together stand: the worst; on track once any is done while others wait; None for nothing."""
    found = set(standings)
    if not found:
        return None
    told = next(each for each in Standing if each in found)
    return Standing.ON_TRACK if told is Standing.NOT_STARTED and Standing.DONE in found else told


def late_workdays(calendar: Calendar, due_on: date, on: date) -> int:
    """Working days past the last day; a day off after it already counts as one."""
    return max(1, calendar.workdays_between(due_on, on)) if on > due_on else 0
