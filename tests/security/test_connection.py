"""What the connection remembers of its transaction, and when it asks the server whether it is still there."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.db import connection, transaction

from shian.kernel.accounts.models import Role
from shian.kernel.scope.postgresql import base
from shian.kernel.scope.reach import EVERYWHERE, Reach
from shian.kernel.scope.walls import NOBODY, SYSTEM, Bounds, bounded_by
from shian.registers.people.models import Person
from shian.registers.people.tests.factories import reach_user
from tests.database import cluster

COUNTY = Bounds(reach=Reach(("131022",)))
pytestmark = pytest.mark.django_db(transaction=True)


def seen(bounds: Bounds) -> int:
    with bounded_by(lambda: bounds):
        return Person.objects.count()


def undone(bounds: Bounds) -> None:
    """Look in a transaction or savepoint that is rolled back."""
    with suppress(KeyError), transaction.atomic():
        assert seen(bounds) > 0
        raise KeyError


@contextmanager
def settings_told() -> Iterator[list[tuple[str, ...]]]:
    """The bounds that the server is told inside the block, in order."""
    told, execute = [], psycopg.Connection.execute

    def listen(raw: Any, query: Any, params: Any = None, **more: Any) -> Any:
        told.append(params)
        return execute(raw, query, params, **more)

    with mock.patch.object(psycopg.Connection, "execute", listen):
        yield told


@pytest.fixture
def two_counties() -> None:
    reach_user("alice", "131022", Role.STATION)
    reach_user("carol", "131023", Role.STATION)


def test_one_transaction_is_told_the_same_bounds_once(two_counties: None) -> None:
    with transaction.atomic(), settings_told() as told:
        assert [seen(COUNTY), seen(COUNTY), seen(SYSTEM), seen(SYSTEM), seen(COUNTY)] == [1, 1, 2, 2, 1]

    assert told == [COUNTY.values(), SYSTEM.values(), COUNTY.values()]


def test_the_next_transaction_is_told_anew(two_counties: None) -> None:
    with transaction.atomic():
        assert seen(SYSTEM) == 2
    with transaction.atomic():
        assert seen(SYSTEM) == 2, "what was set has gone with the transaction before"
    undone(COUNTY)
    with transaction.atomic():
        assert seen(COUNTY) == 1


def test_a_savepoint_takes_back_what_was_told_after_it(two_counties: None) -> None:
    with transaction.atomic():
        assert seen(COUNTY) == 1
        undone(SYSTEM)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('shian.system')")
            assert cursor.fetchone() == ("",)
        assert [seen(SYSTEM), seen(COUNTY), seen(NOBODY)] == [2, 1, 0]


def test_outside_a_transaction_nothing_is_remembered(two_counties: None) -> None:
    assert [seen(SYSTEM), seen(Bounds(reach=EVERYWHERE)), seen(SYSTEM), seen(NOBODY)] == [2, 2, 2, 0]


def questions() -> list[str]:
    """What is asked of the server to begin a request with one statement."""
    asked: list[str] = []
    execute = psycopg.Cursor.execute

    def listen(cursor: Any, query: Any, *more: Any, **named: Any) -> Any:
        asked.append(str(query))
        return execute(cursor, query, *more, **named)

    here: Any = connection
    connection.ensure_connection()
    here.health_check_enabled, here.health_check_done = True, False
    with mock.patch.object(psycopg.Cursor, "execute", listen), connection.cursor() as cursor:
        cursor.execute("SELECT 2")
    return asked


def test_a_connection_that_lives_is_not_asked_whether_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    questions()

    assert questions() == ["SELECT 2"]

    monkeypatch.setattr(base, "TRUSTED", 0)
    assert questions() == ["SELECT 1", "SELECT 2"], "after a long pause"


def test_a_connection_that_the_server_ended_is_made_anew() -> None:
    questions()
    lost = connection.connection.info.backend_pid
    with psycopg.connect(cluster().conninfo(), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [lost])

    assert questions()[-1] == "SELECT 2"
    assert connection.connection.info.backend_pid != lost
