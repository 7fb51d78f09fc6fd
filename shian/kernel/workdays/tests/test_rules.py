"""The arithmetic of periods: the vectors of the statutes with their confidence, the edges, and properties."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shian.kernel.workdays.rules import (
    Calendar,
    ClockStopped,
    Limit,
    OfficeHours,
    Pause,
    Stage,
    Unit,
    add_hours,
    add_months,
)
from shian.kernel.workdays.tests.packed import packed_calendar

CALENDAR = packed_calendar()
ORDINARY = st.dates(date(2019, 1, 1), date(2026, 9, 30))

# regulations 12.2: year, working days, days off beyond ordinary weekends (a selection is every stated range), worked
# weekends; confidence H, verified against the notices
YEARS = [
    (2023, 249, "01-28 01-29 04-23 05-06 06-25 10-07 10-08"),
    (2024, 251, "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12"),
    (2025, 248, "01-26 02-08 04-27 09-28 10-11"),
    (2026, 248, "01-04 02-14 02-28 05-09 09-20 10-10"),
]
OFF = {
    2023: "01-01/01-02 01-21/01-27 04-05/04-05 04-29/05-03 06-22/06-24 09-29/10-06 12-30/12-31",
    2024: "01-01/01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-10/06-10 09-15/09-17 10-01/10-07",
    2025: "01-01/01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08",
    2026: "01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07",
}
# start, working days, last day, confidence
WORKDAY_VECTORS = [
    ("2026-02-12", 7, "2026-02-28", "H"),  # a worked Saturday
    ("2026-02-12", 15, "2026-03-11", "H"),
    ("2026-02-12", 20, "2026-03-18", "H"),
    ("2026-02-13", 2, "2026-02-24", "H"),
    ("2026-04-30", 5, "2026-05-11", "H"),
    ("2026-09-18", 7, "2026-09-29", "H"),
    ("2026-09-29", 15, "2026-10-26", "H"),
]
# start, calendar days, day before rolling, last day, confidence
DAY_VECTORS = [
    ("2026-07-05", 90, "2026-10-03", "2026-10-08", "H"),
    ("2026-08-03", 60, "2026-10-02", "2026-10-08", "H"),
    ("2026-03-27", 90, "2026-06-25", "2026-06-25", "H"),
]


def on(text: str) -> date:
    return date.fromisoformat(text)


def days_of(year: int) -> list[date]:
    return [
        date(year, 1, 1) + timedelta(days=step)
        for step in range(366)
        if (date(year, 1, 1) + timedelta(step)).year == year
    ]


@pytest.mark.parametrize(("year", "workdays", "worked"), YEARS)
def test_a_year_has_the_stated_working_days_and_worked_weekends(year: int, workdays: int, worked: str) -> None:
    days = days_of(year)

    assert sum(map(CALENDAR.is_workday, days)) == workdays
    assert [f"{d:%m-%d}" for d in days if CALENDAR.is_workday(d) and d.weekday() >= 5] == worked.split()


@pytest.mark.parametrize("year", OFF)
def test_a_year_has_exactly_the_stated_days_off(year: int) -> None:
    ranges = [part.split("/") for part in OFF[year].split()]
    stated = {
        day for first, last in ranges for day in days_of(year) if on(f"{year}-{first}") <= day <= on(f"{year}-{last}")
    }

    assert {day for day in days_of(year) if day.weekday() < 5 and not CALENDAR.is_workday(day)} == {
        day for day in stated if day.weekday() < 5
    }
    assert not [day for day in stated if CALENDAR.is_workday(day)]


@pytest.mark.parametrize(("start", "amount", "last", "confidence"), WORKDAY_VECTORS)
def test_working_days_end_on_the_published_day(start: str, amount: int, last: str, confidence: str) -> None:
    assert confidence == "H"
    assert CALENDAR.add_workdays(on(start), amount) == on(last)
    assert CALENDAR.deadline(on(start), Limit(amount)).on == on(last)
    assert CALENDAR.workdays_between(on(start), on(last)) == amount


@pytest.mark.parametrize(("start", "amount", "unrolled", "last", "confidence"), DAY_VECTORS)
def test_calendar_days_end_on_the_published_day(
    start: str, amount: int, unrolled: str, last: str, confidence: str
) -> None:
    assert confidence == "H"
    found = CALENDAR.deadline(on(start), Limit(amount, Unit.DAY))

    assert found.on == on(last)
    assert found.moved_from == (on(unrolled) if unrolled != last else None)
    assert CALENDAR.deadline(on(start), Limit(amount, Unit.DAY, rolls=False)).on == on(unrolled)


def test_the_start_day_counts_only_where_the_rule_says_so() -> None:
    monday = on("2026-03-02")

    assert CALENDAR.deadline(monday, Limit(1)).on == on("2026-03-03")
    assert CALENDAR.deadline(monday, Limit(1, counts_start=True)).on == monday
    assert CALENDAR.deadline(monday, Limit(5, Unit.DAY, counts_start=True)).on == on("2026-03-06")


def test_no_days_at_all_end_on_the_day_itself_or_the_next_working_day() -> None:
    assert CALENDAR.add_workdays(on("2026-10-01"), 0) == on("2026-10-08")
    assert CALENDAR.add_workdays(on("2026-10-08"), 0) == on("2026-10-08")


def test_counting_back_finds_the_day_before_an_expiry() -> None:
    assert CALENDAR.add_workdays(on("2026-10-08"), -1) == on("2026-09-30")
    assert CALENDAR.add_workdays(on("2026-10-03"), -1) == on("2026-09-30")
    assert CALENDAR.workdays_between(on("2026-10-08"), on("2026-09-30")) == -1


def test_neighbouring_working_days_pass_over_holidays_and_stop_at_worked_weekends() -> None:
    assert CALENDAR.next_workday(on("2026-02-14")) == on("2026-02-24")
    assert CALENDAR.previous_workday(on("2026-02-24")) == on("2026-02-14")
    assert CALENDAR.on_or_after(on("2026-10-10")) == on("2026-10-10")
    assert CALENDAR.on_or_before(on("2026-10-07")) == on("2026-09-30")


def test_holidays_between_two_days_are_counted_and_named() -> None:
    found = CALENDAR.holidays_between(on("2026-09-24"), on("2026-10-08"))

    assert CALENDAR.rest_days_between(on("2026-09-24"), on("2026-10-08")) == 10
    assert [name for _day, name in found] == ["中秋节"] * 3 + ["国庆节"] * 7
    assert CALENDAR.rest_days_between(on("2026-03-02"), on("2026-03-08")) == 2
    assert CALENDAR.holidays_between(on("2026-03-02"), on("2026-03-08")) == []


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_months_end_on_the_same_day_number_or_the_end_of_the_month(start: str, months: int, last: str) -> None:
    assert add_months(on(start), months) == on(last)


def test_a_period_of_months_or_years_that_ends_on_a_holiday_moves_on() -> None:
    assert CALENDAR.deadline(on("2026-04-01"), Limit(6, Unit.MONTH)).on == on("2026-10-08")
    assert CALENDAR.deadline(on("2024-10-02"), Limit(2, Unit.YEAR)).on == on("2026-10-08")


def test_paused_days_do_not_count_both_ends_included() -> None:
    pause = Pause(on("2026-03-04"), on("2026-03-06"))  # Wednesday to Friday

    assert CALENDAR.deadline(on("2026-03-02"), Limit(5)).on == on("2026-03-09")
    assert CALENDAR.deadline(on("2026-03-02"), Limit(5), [pause]).on == on("2026-03-12")
    assert CALENDAR.deadline(on("2026-03-02"), Limit(5, Unit.DAY), [pause]).on == on("2026-03-10")
    assert CALENDAR.deadline(on("2026-03-02"), Limit(1, Unit.MONTH), [pause]).on == on("2026-04-07")


def test_overlapping_pauses_count_once_and_one_after_the_end_is_nothing() -> None:
    pauses = [
        Pause(on("2026-03-04"), on("2026-03-05")),
        Pause(on("2026-03-05"), on("2026-03-06")),
        Pause(on("2026-06-01"), None),
    ]

    assert CALENDAR.deadline(on("2026-03-02"), Limit(5), pauses).on == on("2026-03-12")


def test_a_pause_met_by_the_extended_end_extends_it_again() -> None:
    pauses = [Pause(on("2026-03-04"), on("2026-03-06")), Pause(on("2026-04-03"), on("2026-04-09"))]

    assert CALENDAR.deadline(on("2026-03-02"), Limit(1, Unit.MONTH), pauses).on == on("2026-04-13")  # 04-12 is a Sunday


@pytest.mark.parametrize("unit", Unit)
def test_a_stopped_clock_has_no_last_day(unit: Unit) -> None:
    with pytest.raises(ClockStopped):
        CALENDAR.deadline(on("2026-03-02"), Limit(5, unit), [Pause(on("2026-03-04"))])


def test_an_extension_adds_to_the_limit() -> None:
    assert CALENDAR.deadline(on("2026-03-02"), Limit(10), extension=5).on == CALENDAR.add_workdays(on("2026-03-02"), 15)


def test_a_negative_period_is_refused() -> None:
    with pytest.raises(ValueError, match="count back"):
        Limit(-1)


def test_an_answer_names_the_years_it_had_to_guess() -> None:
    assert CALENDAR.deadline(on("2026-12-25"), Limit(10)).provisional_years == (2027,)
    assert CALENDAR.deadline(on("2018-12-20"), Limit(20)).provisional_years == (2018,)
    assert CALENDAR.deadline(on("2026-11-20"), Limit(10)).is_provisional is False
    assert CALENDAR.provisional_years(on("2028-01-01"), on("2026-01-01")) == (2027, 2028)


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        ("2026-03-02", Stage.GREEN),
        ("2026-03-10", Stage.GREEN),  # 6 of 10
        ("2026-03-11", Stage.YELLOW),  # 7 of 10
        ("2026-03-12", Stage.YELLOW),
        ("2026-03-13", Stage.ORANGE),  # 9 of 10
        ("2026-03-16", Stage.ORANGE),
        ("2026-03-17", Stage.RED),
    ],
)
def test_a_period_turns_yellow_orange_and_red_at_its_shares(today: str, stage: Stage) -> None:
    assert CALENDAR.stage(CALENDAR.deadline(on("2026-03-02"), Limit(10)), on(today)) == stage


def test_paused_days_do_not_hasten_the_colour() -> None:
    pauses = [Pause(on("2026-03-04"), on("2026-03-17"))]
    found = CALENDAR.deadline(on("2026-03-02"), Limit(10), pauses)

    assert CALENDAR.stage(found, on("2026-03-17"), pauses=pauses) == Stage.GREEN


def test_warnings_fall_on_working_days_and_never_before_the_start() -> None:
    found = CALENDAR.deadline(on("2026-09-29"), Limit(2))

    assert found.on == on("2026-10-08")
    assert CALENDAR.warning_days(found) == [on("2026-09-30"), on("2026-10-08")]
    long = CALENDAR.deadline(on("2026-07-05"), Limit(90, Unit.DAY))
    assert CALENDAR.warning_days(long) == [on("2026-09-28"), on("2026-09-30"), on("2026-10-08")]


@pytest.mark.parametrize(
    ("start", "hours", "from_next_hour", "end"),
    [
        ("2026-10-01 09:20", 2, False, "2026-10-01 11:20"),  # a duty to report runs from the minute, holidays too
        ("2026-10-01 09:20", 24, False, "2026-10-02 09:20"),
        ("2026-03-02 09:20", 4, True, "2026-03-02 14:00"),  # the hour of the event is not counted
        ("2026-03-02 09:00", 4, True, "2026-03-02 14:00"),
        ("2026-12-31 23:30", 1, True, "2027-01-01 01:00"),
    ],
)
def test_hours_run_through_nights_and_holidays(start: str, hours: int, from_next_hour: bool, end: str) -> None:
    moment = datetime.fromisoformat(f"{start}+08:00")

    assert add_hours(moment, hours, from_next_hour=from_next_hour) == datetime.fromisoformat(f"{end}+08:00")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-02 09:00", 2, "2026-03-02 11:00"),
        ("2026-03-02 11:00", 2, "2026-03-02 14:30"),  # over lunch
        ("2026-03-02 16:30", 2, "2026-03-03 09:30"),  # over night
        ("2026-09-30 17:00", 1, "2026-10-08 09:00"),  # over the National Day
        ("2026-03-07 10:00", 7.5, "2026-03-09 17:30"),  # from a Saturday: Monday's whole day
        ("2026-02-14 08:00", 1, "2026-02-14 09:30"),  # a worked Saturday
    ],
)
def test_working_hours_run_in_office_hours_only(start: str, hours: float, end: str) -> None:
    found = CALENDAR.add_working_hours(datetime.fromisoformat(f"{start}+08:00"), hours)

    assert found == datetime.fromisoformat(f"{end}+08:00")


def test_office_hours_belong_to_the_place() -> None:
    summer = OfficeHours(((time(8), time(18)),))
    late = datetime.fromisoformat("2026-03-02 17:00+08:00")

    assert CALENDAR.add_working_hours(late, 2, summer) == datetime.fromisoformat("2026-03-03 09:00+08:00")


@given(ORDINARY, st.integers(1, 60))
def test_adding_then_counting_gives_the_same_number(start: date, amount: int) -> None:
    last = CALENDAR.add_workdays(start, amount)

    assert CALENDAR.is_workday(last)
    assert CALENDAR.workdays_between(start, last) == amount


@given(ORDINARY, st.integers(0, 60), st.integers(1, 60))
def test_adding_in_two_steps_is_adding_at_once(start: date, first: int, second: int) -> None:
    worked = CALENDAR.on_or_after(start)

    assert CALENDAR.add_workdays(CALENDAR.add_workdays(worked, first), second) == CALENDAR.add_workdays(
        worked, first + second
    )


@given(ORDINARY, st.integers(1, 60))
def test_counting_back_undoes_adding(start: date, amount: int) -> None:
    worked = CALENDAR.on_or_after(start)

    assert CALENDAR.add_workdays(CALENDAR.add_workdays(worked, amount), -amount) == worked


@given(ORDINARY, st.integers(1, 30), st.integers(0, 20), st.integers(0, 15), st.sampled_from([Unit.WORKDAY, Unit.DAY]))
def test_a_pause_moves_the_end_by_its_own_days_and_never_forward(
    start: date, amount: int, offset: int, length: int, unit: Unit
) -> None:
    first = start + timedelta(days=offset)
    pause = Pause(first, first + timedelta(days=length))
    plain, paused = (CALENDAR.deadline(start, Limit(amount, unit, rolls=False), pauses).on for pauses in ([], [pause]))
    counted = [
        day
        for step in range(1, (paused - start).days + 1)
        if not pause.holds(day := start + timedelta(days=step)) and (unit == Unit.DAY or CALENDAR.is_workday(day))
    ]

    assert paused >= plain
    assert len(counted) == amount
    assert counted[-1] == paused


@given(ORDINARY, st.integers(0, 120), st.sampled_from([Unit.DAY, Unit.MONTH]))
def test_every_last_day_is_a_working_day(start: date, amount: int, unit: Unit) -> None:
    assert CALENDAR.is_workday(CALENDAR.deadline(start, Limit(amount % 24 if unit == Unit.MONTH else amount, unit)).on)


def test_a_year_is_asked_for_once() -> None:
    asked: list[int] = []
    base = packed_calendar()

    def year_of(number: int):
        asked.append(number)
        return base.year(number)

    counting = Calendar(year_of)
    counting.add_workdays(on("2026-01-05"), 200)
    counting.add_workdays(on("2026-01-05"), 200)

    assert asked == [2026]
