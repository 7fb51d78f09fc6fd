"""The rows behind the rules: known and unknown years, one query per year, and SQL that answers as Python does."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from shian.kernel.workdays.models import FIRST_YEAR, LAST_YEAR, CalendarDay
from shian.kernel.workdays.queries import BeyondCalendar, calendar, due_joins, forget_calendar, known_years
from shian.kernel.workdays.rules import Calendar, ClockStopped, Limit, Pause
from shian.kernel.workdays.tests.packed import packed_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def known() -> Calendar:
    """2019 to 2026 as the pack has them; the importer's own tests stand in kernel/imports."""
    for day, named in packed_days().items():
        CalendarDay.objects.filter(day=day).update(
            is_workday=named.is_workday, notice_year=day.year, holiday_name=named.name, source_doc="通知"
        )
    CalendarDay.objects.filter(day__range=(date(2019, 1, 1), date(2026, 12, 31))).update(is_provisional=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT workdays_renumber()")
    forget_calendar()
    return calendar()


def one(statement: str, *parameters: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


def test_every_day_of_the_half_century_has_its_row_and_weekends_are_off() -> None:
    days = CalendarDay.objects.order_by("day")

    assert (days.first().day, days.last().day) == (date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    assert days.count() == (date(LAST_YEAR, 12, 31) - date(FIRST_YEAR, 1, 1)).days + 1
    assert not [row for row in days if row.is_workday != (row.day.weekday() < 5)]


def test_an_unknown_year_is_provisional_and_a_known_one_is_not(known: Calendar) -> None:
    assert known.year(2027).is_provisional
    assert not known.year(2026).is_provisional
    assert known_years() == list(range(2019, 2027))
    assert known.is_workday(date(2027, 10, 1))


def test_a_day_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(BeyondCalendar):
        calendar().is_workday(date(1026, 3, 2))


def test_a_year_is_one_query_for_the_whole_transaction(known: Calendar, django_assert_num_queries) -> None:
    forget_calendar()

    with django_assert_num_queries(1):
        calendar().add_workdays(date(2026, 1, 5), 200)
        calendar().workdays_between(date(2026, 1, 5), date(2026, 12, 1))
    with django_assert_num_queries(1):
        calendar().add_workdays(date(2025, 12, 30), 20)


def test_what_is_rolled_back_leaves_no_calendar_behind() -> None:
    day = date(2030, 3, 4)
    assert calendar().is_workday(day)
    with transaction.atomic():
        CalendarDay.objects.filter(day=day).update(
            is_workday=False, notice_year=2030, holiday_name="元旦", source_doc="通知"
        )
        forget_calendar()
        assert not calendar().is_workday(day)
        transaction.set_rollback(True)

    assert calendar().is_workday(day)


@pytest.mark.django_db(transaction=True)
def test_another_transaction_reads_anew() -> None:
    day = date(2030, 3, 4)
    with transaction.atomic():
        first = calendar()
        assert calendar() is first
        assert first.is_workday(day)
    CalendarDay.objects.filter(day=day).update(
        is_workday=False, notice_year=2030, holiday_name="元旦", source_doc="通知"
    )

    assert not calendar().is_workday(day)
    with transaction.atomic():
        assert calendar() is not first


def test_sql_and_python_agree_on_adding(known: Calendar) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d::date, n, workdays_add(d::date, n) "
            "FROM generate_series('2018-11-01'::date, '2027-02-28', '1 day') d, "
            "unnest(ARRAY[-90, -7, -1, 0, 1, 2, 5, 7, 20, 45]) n"
        )
        rows = cursor.fetchall()

    assert len(rows) > 30_000
    assert [row for row in rows if known.add_workdays(row[0], row[1]) != row[2]] == []


def last_day(known: Calendar, start: date, amount: int, pauses: list[Pause]) -> date | None:
    """As Python has it; None while the clock stands."""
    try:
        return known.deadline(start, Limit(amount), pauses).on
    except ClockStopped:
        return None


def ranged(pause: Pause) -> str:
    return f"[{pause.first},{pause.last}]" if pause.last else f"[{pause.first},)"


def test_sql_and_python_agree_on_suspension(known: Calendar) -> None:
    chance, asked = random.Random(12), []
    for _case in range(1500):
        start = date(2018, 11, 1) + timedelta(days=chance.randrange(2900))
        pauses = []
        for _pause in range(chance.randrange(4)):
            first = start + timedelta(days=chance.randrange(-20, 60))
            is_open = chance.random() < 0.15
            pauses.append(Pause(first, None if is_open else first + timedelta(days=chance.randrange(25))))
        asked.append((start, chance.choice([0, 1, 2, 5, 7, 20, 45]), pauses))
    texts = ["{" + ",".join(ranged(pause) for pause in pauses) + "}" for _start, _amount, pauses in asked]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT workdays_add(s, n, p::datemultirange) "
            "FROM unnest(%s::date[], %s::int[], %s::text[]) WITH ORDINALITY AS t (s, n, p, place) ORDER BY place",
            [[each[0] for each in asked], [each[1] for each in asked], texts],
        )
        found = [day for (day,) in cursor.fetchall()]

    wanted = [last_day(known, *each) for each in asked]
    assert 50 < wanted.count(None) < 750
    assert [pair for pair in zip(asked, found, wanted, strict=True) if pair[1] != pair[2]] == []


def test_sql_and_python_agree_on_counting(known: Calendar) -> None:
    start = date(2018, 12, 1)
    for step in range(0, 2900, 53):
        first, last = start + timedelta(days=step), start + timedelta(days=step + step % 97 - 20)
        assert one("SELECT workdays_between(%s, %s)", first, last) == known.workdays_between(first, last)


def test_a_day_beyond_the_calendar_gives_null_in_sql() -> None:
    assert one("SELECT workdays_add('1026-03-02', 5)") is None
    assert one("SELECT workdays_add('2049-12-30', 400)") is None
    assert one("SELECT workdays_add(NULL, 5)") is None


def test_many_rows_get_their_last_day_from_one_statement(known: Calendar) -> None:
    joins = due_joins("c.opened_on", "c.days")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE c ON COMMIT DROP AS SELECT ('2019-01-01'::date + (n * 37 % 2800)) AS opened_on, "
            "n % 61 AS days FROM generate_series(1, 20000) n"
        )
        cursor.execute(f"SELECT c.opened_on, c.days, due_end.day FROM c {joins}")
        rows = cursor.fetchall()

    assert len(rows) == 20_000
    assert [row for row in rows[::10] if known.add_workdays(row[0], row[1]) != row[2]] == []
