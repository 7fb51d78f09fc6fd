"""The page of a year."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.models import Role, User
from shian.kernel.workdays.models import CalendarDay
from shian.kernel.workdays.months import months_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> User:
    user = User.objects.create(username="root", role=Role.ADMIN)
    client.force_login(user)
    return user


@pytest.fixture
def notice() -> None:
    """A notice of 2030: two days off and a worked Sunday."""
    for day, is_workday in ((date(2030, 10, 1), False), (date(2030, 10, 2), False), (date(2030, 9, 29), True)):
        CalendarDay.objects.filter(day=day).update(
            is_workday=is_workday, notice_year=2030, holiday_name="国庆节", source_doc="2030年放假安排的通知"
        )
    CalendarDay.objects.filter(day__year=2030).update(is_provisional=False)


def test_a_known_year_shows_its_twelve_months_and_its_notice(client: Client, admin: User, notice: None) -> None:
    text = client.get(reverse("workdays:year_detail", args=[2030])).text

    assert text.count('class="sh-card sh-month"') == 12
    assert text.count('class="is-holiday" title="国庆节"') == 2
    assert text.count('class="is-makeup" title="国庆节"') == 1
    assert "2030年放假安排的通知" in text
    assert "按周一至周五推算" not in text


def test_an_unknown_year_says_that_it_is_guessed_and_offers_the_import(client: Client, admin: User) -> None:
    text = client.get(reverse("workdays:year_detail", args=[2031])).text

    assert "2031年放假安排尚未导入" in text
    assert "?importer=workdays" in text


def test_others_read_the_calendar_without_the_import(client: Client) -> None:
    client.force_login(User.objects.create(username="bob", role=Role.STATION))
    text = client.get(reverse("workdays:year_current")).text

    assert f"{timezone.localdate().year}年工作日历" in text
    assert "?importer=workdays" not in text


@pytest.mark.parametrize("year", [1999, 2050])
def test_a_year_beyond_the_calendar_is_not_found(client: Client, admin: User, year: int) -> None:
    assert client.get(reverse("workdays:year_detail", args=[year])).status_code == 404


def test_the_page_of_a_year_keeps_its_budget(client: Client, admin: User, django_assert_max_num_queries) -> None:
    client.get(reverse("workdays:year_current"))

    with django_assert_max_num_queries(8):
        client.get(reverse("workdays:year_current"))


def test_weeks_begin_on_monday_and_blanks_stand_outside_the_month(notice: None) -> None:
    rows = list(CalendarDay.objects.filter(day__year=2030).order_by("day"))
    october = months_of(rows, date(2030, 10, 9))[9]  # the 1st is a Tuesday

    assert [cell and cell.day.day for cell in october.weeks[0]] == [None, 1, 2, 3, 4, 5, 6]
    assert [cell.kind for cell in october.weeks[0][1:]] == ["holiday", "holiday", "work", "work", "rest", "rest"]
    assert [cell.day.day for week in october.weeks for cell in week if cell and cell.is_today] == [9]
    assert (october.workdays, october.rest_days) == (21, 10)
