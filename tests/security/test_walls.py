"""Row-level security: what the web role sees by bare SQL, with a scope and without one."""

from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection, transaction
from django.test import RequestFactory
from psycopg.pq import TransactionStatus

from shian.config.postgres import roles
from shian.kernel.accounts.models import Role, User
from shian.kernel.notices.models import Notice
from shian.kernel.scope.middleware import BoundsMiddleware
from shian.kernel.scope.reach import EVERYWHERE, Reach
from shian.kernel.scope.walls import NOBODY, SYSTEM, Bounds, bounded_by, guarded_tables, system_scope
from shian.registers.people.models import Person, Post
from shian.registers.people.tests.factories import reach_user
from tests.database import cluster

NAMES = "SELECT u.username FROM people_person JOIN accounts_user u ON u.id = user_id ORDER BY 1"


def told(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


def seen_by(bounds: Bounds, statement: str = NAMES) -> list[Any]:
    with bounded_by(lambda: bounds):
        return told(statement)


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Alice holds a post of a county, Bob one of its townships, Carol one of the sister county."""
    areas = {"alice": "131022", "bob": "131022100", "carol": "131023"}
    return {name: reach_user(name, area, Role.STATION) for name, area in areas.items()}


@pytest.mark.parametrize(
    "table", ["people_person", "people_post", "notices_notice", "notices_mail", "notices_hook", "notices_push"]
)
def test_bare_sql_of_the_web_role_sees_nothing_without_a_scope(table: str, people: dict[str, User]) -> None:
    Notice.objects.create(
        recipient=people["alice"], rule="r", subject="s", level="info", title_id="t", sent_at="2026-01-01T00:00+08:00"
    )

    assert seen_by(NOBODY, f"SELECT count(*) FROM {table}") == [0]
    assert table in guarded_tables()


def test_a_reach_shows_its_areas_and_everything_below(people: dict[str, User]) -> None:
    assert seen_by(Bounds(reach=Reach(("131022",)))) == ["alice", "bob"]
    assert seen_by(Bounds(reach=Reach(("131022100",)))) == ["bob"]
    assert seen_by(Bounds(reach=Reach(("1310",)))) == ["alice", "bob", "carol"]
    assert seen_by(Bounds(reach=Reach(("1311",)))) == []


def test_everybody_sees_the_own_file_and_administrators_every_one(people: dict[str, User]) -> None:
    assert seen_by(Bounds(user=people["carol"].pk)) == ["carol"]
    assert seen_by(Bounds(reach=EVERYWHERE)) == ["alice", "bob", "carol"]
    assert seen_by(SYSTEM) == ["alice", "bob", "carol"]


def test_a_notice_shows_itself_to_its_recipient_only(people: dict[str, User]) -> None:
    at = "2026-01-01T00:00+08:00"
    Notice.objects.create(recipient=people["alice"], rule="r", subject="s", level="info", title_id="t", sent_at=at)
    count = "SELECT count(*) FROM notices_notice"

    assert seen_by(Bounds(user=people["alice"].pk), count) == [1]
    assert seen_by(Bounds(user=people["bob"].pk, reach=EVERYWHERE), count) == [0]


def test_rows_beyond_the_reach_cannot_be_written(people: dict[str, User]) -> None:
    county = Bounds(reach=Reach(("131022",)))

    with bounded_by(lambda: county):
        assert Post.objects.filter(county="131023").update(title="所长") == 0
        assert Post.objects.filter(county="131022").update(title="所长") == 2
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Person.objects.create(person_no="P9", name="dave")


def test_a_scope_ends_with_its_block_and_another_takes_its_place(people: dict[str, User]) -> None:
    with bounded_by(lambda: Bounds(reach=Reach(("131023",)))):
        with system_scope():
            assert len(told(NAMES)) == 3
        assert told(NAMES) == ["carol"]


@pytest.mark.django_db(transaction=True)
def test_a_pooled_connection_carries_nothing_to_the_next_request() -> None:
    reach_user("alice", "131022", Role.STATION)
    with bounded_by(lambda: SYSTEM), transaction.atomic():
        assert told(NAMES) == ["alice"]
    with bounded_by(lambda: SYSTEM):
        assert told(NAMES) == ["alice"], "outside a transaction the statement gets one of its own"
    raw: psycopg.Connection = connection.connection

    assert raw.info.transaction_status == TransactionStatus.IDLE
    assert raw.execute(NAMES).fetchall() == [], "the same connection, unscoped"
    assert raw.execute("SELECT current_setting('shian.system', true)").fetchone() in {(None,), ("",)}
    assert seen_by(NOBODY) == []


@pytest.mark.django_db(transaction=True)
def test_a_cursor_on_the_server_outlives_its_statement() -> None:
    for number in range(5):
        reach_user(f"user{number}", "131022", Role.STATION)

    with bounded_by(lambda: Bounds(reach=Reach(("131022",)))):
        assert len(list(Person.objects.order_by("pk").iterator(chunk_size=2))) == 5


def test_a_broken_transaction_tells_its_own_error(people: dict[str, User]) -> None:
    def go_on_after_an_error() -> None:
        try:
            with transaction.atomic(savepoint=False):
                told("SELECT no_such_column FROM people_person")
        except ProgrammingError:
            told(NAMES)

    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        go_on_after_an_error()


@pytest.mark.django_db(transaction=True)
def test_the_owner_too_sees_rows_only_as_the_system() -> None:
    """A backup says so through its session's options; FORCE holds the owner of the tables under the policies."""
    reach_user("alice", "131022", Role.STATION)
    owner = cluster().conninfo(roles.OWNER, connection.settings_dict["NAME"])

    def counted(**options: str) -> object:
        with psycopg.connect(owner, **options) as raw:
            return raw.execute("SELECT count(*) FROM people_person").fetchone()

    assert counted() == (0,)
    assert counted(options="-c shian.system=on") == (1,)


@pytest.mark.parametrize("statement", ["SET row_security = off", "ALTER TABLE people_post DISABLE ROW LEVEL SECURITY"])
def test_the_web_role_cannot_lift_the_wall(statement: str, people: dict[str, User]) -> None:
    with bounded_by(lambda: NOBODY), pytest.raises(ProgrammingError), transaction.atomic():
        told(f"{statement}; {NAMES}")


def test_a_request_is_bounded_by_its_user(people: dict[str, User], rf: RequestFactory) -> None:
    seen = []
    middleware = BoundsMiddleware(lambda request: seen.append(told(NAMES)) or SimpleNamespace())  # type: ignore[arg-type, func-returns-value]
    for user in (people["alice"], AnonymousUser()):
        request = rf.get("/")
        request.user = user
        middleware(request)

    assert seen == [["alice", "bob"], []]
    assert len(told(NAMES)) == 3, "a test is no request"
