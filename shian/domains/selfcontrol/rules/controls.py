"""When records of a business are due, late or back-filled; what stands in them; pure.

Basis: 企业落实食品安全主体责任监督管理规定: daily control, weekly check, monthly dispatch. Days and moments are local.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

PASS, PROBLEM, NONE = "pass", "problem", "none"
ANSWERS = (PASS, PROBLEM, NONE)
DECISION = "decision-"  # an item of a day's list that a meeting put there


@dataclass(frozen=True)
class ControlNumbers:
    """A version of packs/parameters/selfcontrol/controls.yaml."""

    valid_from: date
    kinds: tuple[str, ...]
    late_days: int
    taken_days: int
    week_days: int
    month_day: int
    handled_days: int
    keep_months: int
    simplified_items: int
    offline_days: int
    remind_hour: int
    quiet: tuple[time, time]


def read_controls(told: Mapping[str, Any]) -> ControlNumbers:
    """One version of the file. Raises KeyError, ValueError."""
    if int(told["keep_months"]) < 24:
        raise ValueError("keep_months is less than 24.")
    first, last = (time.fromisoformat(each) for each in told["quiet"])
    names = (
        "late_days", "taken_days", "week_days", "month_day", "handled_days", "keep_months", "simplified_items",
        "offline_days", "remind_hour",
    )  # fmt: skip
    numbers = {name: int(told[name]) for name in names}
    return ControlNumbers(told["valid_from"], tuple(told["kinds"]), quiet=(first, last), **numbers)


class NotTaken(ValueError):
    """A record for a day to come, or for one too long ago."""


def lateness(day: date, recorded_on: date, numbers: ControlNumbers) -> tuple[bool, bool]:
    """(late, back-filled) of a day's record written on a day. Raises NotTaken."""
    after = (recorded_on - day).days
    if not 0 <= after < numbers.taken_days:
        raise NotTaken(day)
    return after > 0, after > numbers.late_days


@dataclass(frozen=True)
class Kept:
    """What a phone says of a record that it kept: when it was made and when it was sent, both by its own clock; the
    version of the list and the keys of the items that it showed."""

    noted_at: datetime
    sent_at: datetime
    list_version: int
    shown: tuple[str, ...]


def made_at(kept: Kept, received_at: datetime) -> datetime:
    """When the record was made: the phone's time, righted by as much as its clock was off when it sent; never after
    the receipt."""
    return min(kept.noted_at - (kept.sent_at - received_at), received_at)


def clock_off(kept: Kept, received_at: datetime) -> int:
    """Seconds that the phone's clock was ahead when it sent."""
    return round((kept.sent_at - received_at).total_seconds())


def judged_on(day: date, made_on: date, received_on: date, numbers: ControlNumbers) -> date:
    """The day by which the lateness of a kept record is judged: that of its making while it comes within
    `offline_days` after its day; else that of its receipt, and so when it seems to be made before its day (somebody
    set the clock meanwhile)."""
    is_trusted = made_on >= day and (received_on - day).days <= numbers.offline_days
    return made_on if is_trusted else received_on


def monday_of(day: date) -> date:
    """The first day of the ISO week."""
    return day - timedelta(days=day.weekday())


def week_due(monday: date, numbers: ControlNumbers) -> date:
    """The last day on which the week's report is in time."""
    return monday + timedelta(days=6 + numbers.week_days)


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_due(month: date, numbers: ControlNumbers) -> date:
    """The last day on which the minutes of a month are in time."""
    return next_month(month).replace(day=numbers.month_day)


def oldest_kept(today: date, numbers: ControlNumbers) -> date:
    """The first day whose month is still kept."""
    months = today.year * 12 + today.month - 1 - numbers.keep_months
    return date(months // 12, months % 12 + 1, 1)


def missing_answers(items: Sequence[Mapping[str, Any]], answers: Mapping[str, str]) -> list[str]:
    """Keys of items without an answer, in their order: a day is not recorded by one tick for everything."""
    return [str(each["key"]) for each in items if answers.get(str(each["key"])) not in ANSWERS]


def gaps(days: Collection[date], recorded: Collection[date], closed: Sequence[tuple[date, date]]) -> list[date]:
    """Days without a record that were not declared closed, in order."""
    held = set(recorded)
    return [
        day for day in sorted(days)
        if day not in held and not any(first <= day <= last for first, last in closed)
    ]  # fmt: skip


class ListWrong(ValueError):
    """A list of risks that cannot be approved; the text says why in a word: empty, twice, blank or many."""


def check_items(items: Sequence[Mapping[str, Any]], most: int = 0) -> None:
    """Raise ListWrong unless each item has key, process, risk and control, no key comes twice, and there are
    `most` items at most (0: any number)."""
    if not items:
        raise ListWrong("empty")
    if len({each.get("key") for each in items}) != len(items):
        raise ListWrong("twice")
    if any(not str(each.get(name, "")).strip() for each in items for name in ("key", "process", "risk", "control")):
        raise ListWrong("blank")
    if most and len(items) > most:
        raise ListWrong("many")
