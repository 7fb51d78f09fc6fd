"""Rungs and attempts, without a database."""

from datetime import date, datetime, timedelta

import pytest

from shian.kernel.notices.ladders import ReminderRule, Rung, Wording
from shian.kernel.notices.rules import MAX_ATTEMPTS, next_attempt, reached, rung_day
from shian.kernel.notices.tests.cast import LADDER
from shian.kernel.workdays.tests.packed import packed_calendar

CALENDAR = packed_calendar()
DUE_ON = date(2026, 9, 30)  # the National Day follows: 1 to 7 October are off


@pytest.mark.parametrize(
    ("today", "names"),
    [
        (date(2026, 9, 23), []),
        (date(2026, 9, 24), ["soon"]),  # three working days before: the Mid-autumn holiday lies between
        (date(2026, 9, 29), ["soon"]),
        (date(2026, 9, 30), ["soon", "due"]),
        (date(2026, 10, 7), ["soon", "due"]),
        (date(2026, 10, 8), ["soon", "due", "overdue"]),
        (date(2026, 10, 12), ["soon", "due", "overdue"]),
        (date(2026, 10, 13), ["soon", "due", "overdue", "escalated"]),  # 10 October is a worked Saturday
    ],
)
def test_a_rung_is_reached_on_its_working_day(today: date, names: list[str]) -> None:
    assert [rung.name for rung in reached(LADDER, DUE_ON, today, CALENDAR)] == names


def test_the_due_day_itself_may_be_a_rest_day() -> None:
    assert rung_day(Rung("fault", 0, "all"), date(2026, 10, 3), CALENDAR) == date(2026, 10, 3)


def test_attempts_wait_longer_each_time_and_end() -> None:
    at = datetime.fromisoformat("2026-03-02 09:00+08:00")
    waits = [next_attempt(count, at) for count in range(1, MAX_ATTEMPTS + 1)]

    assert waits[0] == at + timedelta(minutes=1)
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[-1] is None


@pytest.mark.parametrize(
    ("ladder", "words", "claim"),
    [
        ((Rung("due", 0, "a"), Rung("due", 2, "a")), {"due": Wording("x")}, "names a rung twice"),
        ((Rung("overdue", 2, "a"), Rung("due", 0, "a")), {"overdue": Wording("x")}, "does not go up"),
        ((Rung("due", 0, "a"),), {}, "has no wording"),
        ((Rung("late", 0, "a"),), {"late": Wording("x")}, "no level late"),
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(ladder, words, claim) -> None:
    with pytest.raises(ValueError, match=claim):
        ReminderRule("tests", "事项", ladder, lambda today: [], lambda matter, to: [], words, "x")


def test_a_rung_without_words_takes_those_below() -> None:
    rule = ReminderRule(
        "tests", "事项", LADDER, lambda today: [], lambda matter, to: [],
        {"soon": Wording("a"), "overdue": Wording("b")}, "x",
    )  # fmt: skip

    assert [rule.wording_of(rung).title for rung in LADDER] == ["a", "a", "b", "b"]
