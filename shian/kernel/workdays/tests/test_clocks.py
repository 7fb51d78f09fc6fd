"""Deadlines in words."""

from datetime import date

import pytest

from shian.kernel.workdays.clocks import clock_of
from shian.kernel.workdays.rules import Limit, Unit
from shian.kernel.workdays.tests.packed import packed_calendar

CALENDAR = packed_calendar()
TEN = CALENDAR.deadline(date(2026, 3, 2), Limit(10))


@pytest.mark.parametrize(
    ("today", "label", "state"),
    [
        (date(2026, 3, 2), "剩 10 个工作日", "waiting"),
        (date(2026, 3, 11), "剩 3 个工作日", "due"),
        (date(2026, 3, 16), "今日到期", "due"),
        (date(2026, 3, 18), "逾期 2 个工作日", "overdue"),
        (date(2026, 3, 21), "逾期 4 个工作日", "overdue"),
    ],
)
def test_the_clock_says_how_many_working_days_are_left_or_lost(today: date, label: str, state: str) -> None:
    clock = clock_of(CALENDAR, TEN, today)

    assert (clock.label, clock.state, clock.due_on) == (label, state, date(2026, 3, 16))


def test_a_period_of_calendar_days_is_told_in_days() -> None:
    found = CALENDAR.deadline(date(2026, 3, 2), Limit(30, Unit.DAY))

    assert clock_of(CALENDAR, found, date(2026, 3, 12), Unit.DAY).label == "剩 20 天"
    assert clock_of(CALENDAR, found, date(2026, 4, 3), Unit.DAY).label == "逾期 2 天"


def test_a_guessed_year_is_told_with_the_date() -> None:
    found = CALENDAR.deadline(date(2026, 12, 28), Limit(10))

    assert (
        clock_of(CALENDAR, found, date(2026, 12, 28)).label
        == "剩 10 个工作日（2027年放假安排未导入，按周一至周五推算）"
    )
