"""The rows of the calendar, given to the rules: one query per year, kept for the length of the transaction."""

from collections.abc import Callable
from datetime import date

from django.db import connection, transaction
from django.db.models import Q

from shian.kernel.workdays.models import FIRST_YEAR, LAST_YEAR, CalendarDay
from shian.kernel.workdays.rules import Calendar, NamedDay, Year


class BeyondCalendar(ValueError):
    """The day lies outside the half century that the calendar holds: a mistyped year, most likely."""


def calendar() -> Calendar:
    """The calendar as this transaction sees it: each year is one query, asked for once.

    Outside a transaction every call reads anew. An import in the same transaction calls `forget_calendar`; other
    transactions read what is committed when they begin.
    """
    kept = getattr(connection, "_workdays", None)
    if kept is not None and _still_runs(kept[1]):
        return kept[0]  # type: ignore[no-any-return]
    made = Calendar(year_of)
    if connection.in_atomic_block:
        mark = _mark()
        transaction.on_commit(mark)
        connection._workdays = (made, mark)  # type: ignore[attr-defined]
    return made


def forget_calendar() -> None:
    """Rows have changed: the next `calendar()` reads them."""
    connection._workdays = None  # type: ignore[attr-defined]


def _mark() -> Callable[[], None]:
    def end_of_transaction() -> None:
        forget_calendar()

    return end_of_transaction


def _still_runs(mark: Callable[[], None]) -> bool:
    """The hooks of a transaction go with it, by commit and by rollback: a mark among them says that it still runs."""
    return any(hook[1] is mark for hook in connection.run_on_commit)


def year_of(number: int) -> Year:
    """One year in one query: the days that a notice names, and whether the year is known. Raises BeyondCalendar."""
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise BeyondCalendar(number)
    new_year = date(number, 1, 1)
    rows = CalendarDay.objects.filter(day__range=(new_year, date(number, 12, 31)))
    found = rows.filter(Q(notice_year__isnull=False) | Q(day=new_year)).values_list(
        "day", "is_workday", "holiday_name", "is_provisional"
    )
    listed = list(found)
    named = {day: NamedDay(is_workday, name) for day, is_workday, name, _provisional in listed if name}
    return Year(number, named, next(provisional for day, _w, _n, provisional in listed if day == new_year))


def known_years() -> list[int]:
    """The years whose notice was imported, in order."""
    rows = CalendarDay.objects.filter(day__month=1, day__day=1, is_provisional=False).order_by("day")
    return [day.year for day in rows.values_list("day", flat=True)]


def days_of(number: int) -> list[CalendarDay]:
    """Every row of the year, in order."""
    return list(CalendarDay.objects.filter(day__range=(date(number, 1, 1), date(number, 12, 31))).order_by("day"))


def due_joins(start: str, amount: str) -> str:
    """Two joins that give the last day of a period of working days as `due_end.day`, for statements over many rows.

    `start` and `amount` are SQL of a date and an integer, e.g. `c.opened_on`, `c.limit_days`; add the working days
    inside pauses to the amount. NULL, or a day beyond the calendar, gives NULL. The SQL function
    workdays_add(start, amount) answers the same for a single row.
    """
    return (
        f"LEFT JOIN workdays_calendarday due_start ON due_start.day = {start} "
        "LEFT JOIN workdays_calendarday due_end ON due_end.is_workday "
        f"AND due_end.number = workdays_target(due_start.number, due_start.is_workday, {amount})"
    )
