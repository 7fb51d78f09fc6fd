"""A night's snapshot: what it holds, that it never changes, and what a later correction shows beside it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from shian.engine.snapshots import queries
from shian.engine.snapshots.actions import take_snapshot
from shian.engine.snapshots.models import DailyFigure
from shian.engine.snapshots.queries import Published, compared, days, history, missing_days, published
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.registers.areas.models import Area
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
DAY, NEXT = date(2026, 11, 20), date(2026, 11, 21)
AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)  # two in the morning of the 21st in Shanghai


@pytest.fixture(autouse=True)
def bound(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Published("131000", ("areas.counties", "areas.nobody_declares_this"))
    monkeypatch.setattr("shian.engine.snapshots.actions.published", lambda: found)


@pytest.fixture(autouse=True)
def areas() -> None:
    area("131000", "1310", "city", "市")
    area("131022", "131022", "county", "县")


def area(code: str, key: str, level: str, kind: str, since: date = date(2000, 1, 1)) -> None:
    Area.objects.create(
        code=code, key=key, level=level, parent_key=key[:4] if len(key) > 4 else "", kind=kind, name=f"名{code}",
        valid_from=since, province="13", city="1310", county=key if level == "county" else "",
    )  # fmt: skip


def test_the_citys_pack_binds_its_published_figures() -> None:
    queries._published.cache_clear()
    found = published()

    assert found.area == "131000"
    assert {"operators.total", "areas.counties"} <= set(found.measures)


def test_a_snapshot_freezes_city_and_counties_and_is_sealed() -> None:
    count = take_snapshot(day=DAY, by="worker", at=AT)

    row = DailyFigure.objects.get()
    assert count == 1
    assert (row.measure, row.areas["1310"], row.is_late) == ("areas.counties", ["1", "1", None, ""], False)
    entry = Entry.objects.get(action="snapshots.taken")
    assert (entry.data["measures"], entry.rows_count) == (1, 1)


def test_a_second_run_adds_nothing() -> None:
    take_snapshot(day=DAY, by="worker", at=AT)

    assert take_snapshot(day=DAY, by="worker", at=AT) == 0
    assert Entry.objects.filter(action="snapshots.taken").count() == 1


@pytest.mark.parametrize("sql", ["UPDATE {} SET day = day", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_what_is_frozen(sql: str) -> None:
    take_snapshot(day=DAY, by="worker", at=AT)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format("snapshots_dailyfigure"))
    assert DailyFigure.objects.count() == 1


def test_a_correction_made_later_shows_beside_the_frozen_value() -> None:
    take_snapshot(day=DAY, by="worker", at=AT)
    area("131023", "131023", "county", "县", since=date(2026, 1, 1))

    (frozen,) = history("areas.counties", "1310")
    found = compared("areas.counties", "1310", frozen, DAY)

    assert frozen.value == Decimal(1)
    assert (found.again, found.is_changed, found.is_redefined) == (Decimal(2), True, False)


def test_a_day_that_is_not_over_is_refused_and_a_late_one_says_so() -> None:
    with pytest.raises(ValueError, match="still to come"):
        take_snapshot(day=date(2026, 11, 22), by="worker", at=AT)
    take_snapshot(day=DAY - timedelta(days=3), by="worker", at=AT)

    assert [(each.day, each.is_late) for each in days()] == [(DAY - timedelta(days=3), True)]


def test_nights_that_were_missed_are_made_up_for_a_month_at_most() -> None:
    assert missing_days(NEXT) == [DAY]
    take_snapshot(day=DAY - timedelta(days=2), by="worker", at=AT)
    assert missing_days(NEXT) == [DAY - timedelta(days=1), DAY]
    assert len(missing_days(NEXT + timedelta(days=90))) == queries.CATCH_UP_DAYS


def test_nothing_is_frozen_before_the_divisions_are_there() -> None:
    Area.objects.all().delete()

    assert take_snapshot(day=DAY, by="worker", at=AT) == 0


def test_pages_show_the_nights_and_the_history_with_its_comparison(client: Any) -> None:
    take_snapshot(day=DAY - timedelta(days=1), by="worker", at=AT)
    area("131023", "131023", "county", "县", since=DAY)
    take_snapshot(day=DAY, by="worker", at=AT)
    client.force_login(reach_user("alice", "131000", Role.OFFICE))

    nights = client.get(reverse("snapshots:day_list")).content.decode()
    url = reverse("snapshots:figure_history", args=["areas.counties"])
    page = client.get(url, {"area": "131000", "span": ""}).content.decode()

    assert DAY.isoformat() in nights
    assert "+1" in page
    assert f"{DAY} 的冻结值" in page
    older = client.get(url, {"area": "131000", "span": "", "day": "2026-11-19"}).content.decode()
    assert "2026-11-19 的冻结值" in older


def test_a_county_reads_its_own_history_only(client: Any) -> None:
    take_snapshot(day=DAY, by="worker", at=AT)
    client.force_login(reach_user("alice", "131022", Role.COUNTY))
    url = reverse("snapshots:figure_history", args=["areas.counties"])

    assert client.get(url, {"area": "131022"}).status_code == 200
    assert client.get(url, {"area": "131000"}).status_code == 404
