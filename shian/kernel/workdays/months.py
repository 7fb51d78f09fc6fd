"""A year as twelve months of weeks, for the page."""

from collections.abc import Sequence
from datetime import date, timedelta

from shian.kernel.ui.pieces import DayCell, Month
from shian.kernel.workdays.models import CalendarDay


def kind_of(row: CalendarDay) -> str:
    """How the square of the day is drawn."""
    if row.notice_year:
        return "makeup" if row.is_workday else "holiday"
    return "work" if row.is_workday else "rest"


def months_of(rows: Sequence[CalendarDay], today: date) -> list[Month]:
    """The months of a year's rows, which are complete and in order."""
    by_day = {row.day: row for row in rows}
    firsts = [row.day for row in rows if row.day.day == 1]
    return [_month(first, by_day, today) for first in firsts]


def _month(first: date, by_day: dict[date, CalendarDay], today: date) -> Month:
    own = [row for day, row in by_day.items() if day.month == first.month]
    monday = first - timedelta(days=first.weekday())
    weeks: list[list[DayCell | None]] = []
    while monday <= own[-1].day:
        weeks.append([_cell(monday + timedelta(days=step), first.month, by_day, today) for step in range(7)])
        monday += timedelta(days=7)
    worked = sum(row.is_workday for row in own)
    return Month(first, weeks, worked, len(own) - worked)


def _cell(day: date, month: int, by_day: dict[date, CalendarDay], today: date) -> DayCell | None:
    row = by_day.get(day)
    if row is None or day.month != month:
        return None
    return DayCell(day, kind_of(row), row.holiday_name, day == today)
