"""When a subscription is due: the schedule of EPCIS 2.0 (§8.2.5.3), each field a list of numbers and ranges.

{"hour": "8,20", "dayOfWeek": "[1-5]"} is at eight and at twenty o'clock from Monday to Friday; fields that are missing
mean every value, but the smaller ones of a field that is told mean their first: here minute 0 and second 0.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

FIELDS: Mapping[str, tuple[int, int]] = {
    "second": (0, 59), "minute": (0, 59), "hour": (0, 23), "dayOfMonth": (1, 31), "month": (1, 12), "dayOfWeek": (1, 7),
}  # fmt: skip
_PART = re.compile(r"([0-9]{1,2})|\[([0-9]{1,2})-([0-9]{1,2})\]")
FARTHEST = 366 * 5  # days; a 29 February comes within


class BadSchedule(ValueError):
    """A schedule that is none, or whose moment never comes."""


def values_of(name: str, text: str) -> list[int]:
    """The numbers that a field names, in order: "1,[5-7]" → 1 5 6 7. Raises BadSchedule."""
    least, most = FIELDS[name]
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        told = _PART.fullmatch(part)
        if told is None:
            raise BadSchedule(f"{name}: numbers and ranges [from-to], joined by commas")
        first, last = (int(told[1]), int(told[1])) if told[1] else (int(told[2]), int(told[3]))
        if not least <= first <= last <= most:
            raise BadSchedule(f"{name}: from {least} to {most}")
        found |= set(range(first, last + 1))
    return sorted(found)


def next_moment(schedule: Mapping[str, str], after: datetime) -> datetime:
    """The first moment of the schedule after another, in that one's time zone. Raises BadSchedule."""
    if not schedule or not schedule.keys() <= FIELDS.keys():
        raise BadSchedule(f"some of {', '.join(FIELDS)}")
    told = {name: values_of(name, text) for name, text in schedule.items()}
    largest = max((place for place, name in enumerate(FIELDS) if name in told), default=0)
    for place, (name, (least, most)) in enumerate(FIELDS.items()):
        told.setdefault(name, [least] if place < min(largest, 3) else list(range(least, most + 1)))
    moments = [time(hour, minute, second) for hour in told["hour"] for minute in told["minute"]
               for second in told["second"]]  # fmt: skip
    for day in range(FARTHEST):
        on = after.date() + timedelta(days=day)
        if not _is_day(on, told):
            continue
        for at in moments:
            found = datetime.combine(on, at, after.tzinfo)
            if found > after:
                return found
    raise BadSchedule("this day never comes")


def _is_day(day: date, told: Mapping[str, list[int]]) -> bool:
    return day.day in told["dayOfMonth"] and day.month in told["month"] and day.isoweekday() in told["dayOfWeek"]
