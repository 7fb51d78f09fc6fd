"""Periods, pure: what people write, and the days that a measure's period means at an as-of date.

Periods are written as in DHIS2: 2022, 2022S1 (half), 2022Q3, 202211, or two days joined by a slash.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_YEAR = re.compile(r"(\d{4})")
_HALF = re.compile(r"(\d{4})S([12])")
_QUARTER = re.compile(r"(\d{4})Q([1-4])")
_MONTH = re.compile(r"(\d{4})(0[1-9]|1[0-2])")
_RANGE = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)")
_LOOKBACK = re.compile(r"lookback:(\d{1,3})m")
KINDS = frozenset({"none", "year", "campaign", "range"})
BEGINNING = date(1949, 10, 1)


class PeriodInvalid(ValueError):
    """Not a period; the text says how one is written."""


@dataclass(frozen=True)
class Window:
    """Days from `start` to `end`, both included; `text` is how it is written."""

    start: date
    end: date
    text: str

    @property
    def is_whole_years(self) -> bool:
        return (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31)

    def shifted(self, years: int) -> "Window":
        """The same period other years, e.g. −1 for the year before."""
        start, end = years_later(self.start, years), years_later(self.end, years)
        if self.end.day == calendar.monthrange(self.end.year, self.end.month)[1]:
            end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
        text = str(start.year) if self.is_whole_years and start.year == end.year else f"{start}/{end}"
        return Window(start, end, text)


def years_later(day: date, years: int) -> date:
    """The same day in another year; 29 February becomes the 28th."""
    last = calendar.monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))


def months_before(day: date, months: int) -> date:
    """The day `months` calendar months earlier, cut to the month's length."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def parse_period(text: str) -> Window:
    """The days that a written period means. Raises PeriodInvalid."""
    try:
        return _parse(text)
    except ValueError as error:
        raise PeriodInvalid(
            f"{text!r} 不是期间：请写 2022、2022S1、2022Q3、202211 或 2022-01-01/2022-06-30。"
        ) from error


def _parse(text: str) -> Window:
    if found := _YEAR.fullmatch(text):
        return _months(int(found[1]), 1, 12, text)
    if found := _HALF.fullmatch(text):
        return _months(int(found[1]), int(found[2]) * 6 - 5, 6, text)
    if found := _QUARTER.fullmatch(text):
        return _months(int(found[1]), int(found[2]) * 3 - 2, 3, text)
    if found := _MONTH.fullmatch(text):
        return _months(int(found[1]), int(found[2]), 1, text)
    if found := _RANGE.fullmatch(text):
        start, end = date.fromisoformat(found[1]), date.fromisoformat(found[2])
        if start <= end:
            return Window(start, end, text)
    raise ValueError(text)


def _months(year: int, first: int, count: int, text: str) -> Window:
    last = first + count - 1
    return Window(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), text)


def is_period_rule(rule: str) -> bool:
    """Is this what a declaration may say under `period`?"""
    return rule in KINDS or _LOOKBACK.fullmatch(rule) is not None


def window_for(rule: str, as_of: date, period: str | None) -> Window | None:
    """The days a measure reads at `as_of`: None for a state. Raises PeriodInvalid.

    year: the year of as_of; campaign: everything so far; lookback:36m: from the same day 36 months ago, which still
    counts (three years and one day ago no longer does); a period that is asked for goes before all of these. `range`
    without a period is everything so far.
    """
    if rule == "none":
        return None
    if period:
        return parse_period(period)
    if rule == "year":
        return parse_period(str(as_of.year))
    if found := _LOOKBACK.fullmatch(rule):
        start = months_before(as_of, int(found[1]))
        return Window(start, as_of, f"{start}/{as_of}")
    return Window(BEGINNING, as_of, f"{BEGINNING}/{as_of}")
