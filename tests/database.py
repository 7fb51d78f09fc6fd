"""The tests' own PostgreSQL: fast, disposable, shared by all sessions and their workers.

One template database per state of the schema is migrated once and cloned for each session (0.1 s instead of a
migration), into memory where the machine has enough of it: the many small tables that imports stage cost a disk's file
system more than the server. Tests work in the web role, as the program does; the fixture `owner_role` steps out of it
for one test.
After a test that really commits, its rows are deleted, below the triggers that refuse it; where it changed more than
that, the clone is thrown away and made anew.
"""

import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from shian.config import processes
from shian.config.database import Database, schema_state
from shian.config.home import PROJECT
from shian.config.postgres import Cluster, ensure_roles, roles
from shian.config.problems import Problem

DATA = PROJECT / "var" / "test-pg"
MEMORY, ENOUGH = Path("/dev/shm"), 4 * 2**30
TEMPLATE = "shian_template_"
SESSION = "shian_test_"
SPACE = "shian_memory"


def session_name() -> str:
    """The database of this process; the pid in it tells which ones are left over."""
    return f"{SESSION}{os.getpid()}"


def session_database_url() -> str:
    """Known before the server runs, so that settings can be loaded without one."""
    return cluster().url(roles.OWNER, session_name())


@cache
def cluster() -> Cluster:
    return Cluster.at(DATA, disposable=True)


@contextmanager
def server() -> Iterator[str]:
    """The running server, and how its superuser reaches it. The last session out stops it and gives its memory back."""
    DATA.parent.mkdir(parents=True, exist_ok=True)
    with DATA.with_name("test-pg.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster().start()
        admin = cluster().conninfo()
        with _alone("roles"):
            ensure_roles(admin)
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute(f"GRANT {roles.WEB} TO {roles.OWNER}")
                connection.execute(f"GRANT SET ON PARAMETER session_replication_role TO {roles.OWNER}")  # tests/kept.py
                _prepare_memory(connection)
        try:
            yield admin
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            _stop_if_unused(users.fileno())


def _prepare_memory(connection: psycopg.Connection) -> None:
    """The tablespace for the databases of sessions; none where memory is short."""
    if (folder := _memory_of(connection)) and not folder.exists():  # the machine was restarted
        _leave_memory(connection)
        folder = None
    if not folder and (memory := roomy_memory()):
        folder, account = Path(tempfile.mkdtemp(prefix="shian-test-", dir=memory)), cluster().place.account
        os.chown(folder, account.uid, account.gid)
        made = sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(SPACE), str(folder))
        connection.execute(made)


def roomy_memory() -> Path | None:
    """Where folders that live for a test lie in memory; None where that is short or runs no programs."""
    if not MEMORY.exists() or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free >= ENOUGH else None


def _memory_of(connection: psycopg.Connection) -> Path | None:
    """Where the tablespace of sessions lies."""
    asked = "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = %s"
    found = connection.execute(asked, [SPACE]).fetchone()
    return Path(found[0]) if found else None


def _leave_memory(connection: psycopg.Connection) -> None:
    if folder := _memory_of(connection):
        _remove_killed(connection)
        _execute(connection, "DROP TABLESPACE {}", SPACE)
        shutil.rmtree(folder, ignore_errors=True)


def _stop_if_unused(users: int) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    with psycopg.connect(cluster().conninfo(), autocommit=True) as connection:
        _leave_memory(connection)
    cluster().stop()


@contextmanager
def _alone(what: str) -> Iterator[None]:
    with DATA.with_name(f"test-pg.{what}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def migrated_template(admin: str) -> str:
    """The template of the present schema, made when it is missing; those of other schemas are removed."""
    name = TEMPLATE + schema_state()[:16]
    with _alone("template"), psycopg.connect(admin, autocommit=True) as connection:
        _remove_remains(connection, keep=name)
        if not _exists(connection, name):
            draft = f"{name}_draft"
            _drop(connection, draft)
            _execute(connection, "CREATE DATABASE {} OWNER {}", draft, roles.OWNER)
            _migrate(draft)
            _execute(connection, "ALTER DATABASE {} RENAME TO {}", draft, name)
    return name


def _migrate(name: str) -> None:
    with tempfile.TemporaryDirectory(prefix="shian-test-") as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHIAN_HOME", home)
        patch.setenv("SHIAN_SECRET_KEY", "test-only-secret-key-of-the-suite")
        Database(cluster().url(roles.WEB, name), cluster().url(roles.OWNER, name), cluster()).migrate()


def clone(admin: str, template: str, name: str) -> None:
    """A fresh database of this name, whoever was connected to the old one."""
    with _alone("template"), psycopg.connect(admin, autocommit=True) as connection:
        _drop(connection, name)
        statement = "CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy TABLESPACE {}"
        _execute(connection, statement, name, template, roles.OWNER, _space_of(connection, name))


def _space_of(connection: psycopg.Connection, name: str) -> str:
    """A session's database lies in memory, if there is a tablespace there; what is kept for others lies on the disk."""
    return SPACE if name.startswith(SESSION) and _memory_of(connection) else "pg_default"


@dataclass(frozen=True)
class Fresh:
    """How a clone looks before any test: its schema, its empty tables, and what stands in the others."""

    schema: str
    empty: frozenset[str]
    filled: dict[str, str]

    @classmethod
    def of(cls, name: str) -> "Fresh":
        with _in(name) as connection:
            tables = {table for (table,) in connection.execute(TABLES).fetchall()}
            filled = _not_empty(connection, tables)
            return cls(_schema(connection), frozenset(tables - filled), _contents(connection, filled))

    def is_restored(self, name: str) -> bool:
        """Delete what was committed to the database since; False where that does not make it fresh."""
        with _in(name) as connection:
            connection.execute(OTHERS)
            if _schema(connection) != self.schema or _contents(connection, {*self.filled}) != self.filled:
                return False
            touched = _not_empty(connection, {*self.empty})
            size = "SELECT coalesce(sum(pg_relation_size(t::regclass)), 0) FROM unnest(%s::text[]) t"
            if connection.execute(size, [[*touched]]).fetchone()[0] > LARGE:  # type: ignore[index]
                return False
            connection.execute("SET session_replication_role = replica")
            for table in touched:
                _execute(connection, "DELETE FROM {}", table)
            return True


TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
SCHEMA = """
SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
    SELECT concat_ws(' ', relname, relkind, relnatts, reltuples, relrowsecurity) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', conname, convalidated) FROM pg_constraint
    UNION ALL SELECT concat_ws(' ', tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', polname, polrelid) FROM pg_policy
) found (line)
"""
LARGE = 4 * 2**20  # bytes of rows from which on a new clone is faster


def _in(name: str) -> psycopg.Connection:
    return psycopg.connect(cluster().conninfo(database=name), autocommit=True)


def _schema(connection: psycopg.Connection) -> str:
    row = connection.execute(SCHEMA).fetchone()
    assert row
    return str(row[0])


def _not_empty(connection: psycopg.Connection, tables: Iterable[str]) -> set[str]:
    one = sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})")
    asked = sql.SQL(" UNION ALL ").join(one.format(sql.Literal(each), sql.Identifier(each)) for each in tables)
    return {table for (table,) in connection.execute(asked).fetchall()}


def _contents(connection: psycopg.Connection, tables: Iterable[str]) -> dict[str, str]:
    """The number of rows of each table, and a sum over their digests."""
    found = {}
    for table in tables:
        asked = sql.SQL("SELECT concat_ws(' ', count(*), sum(hashtextextended(t::text, 0))) FROM {} t")
        row = connection.execute(asked.format(sql.Identifier(table))).fetchone()
        assert row
        found[table] = str(row[0])
    return found


def drop(admin: str, name: str) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        _drop(connection, name)


def _remove_remains(connection: psycopg.Connection, *, keep: str) -> None:
    """Databases of sessions that were killed, and templates of other schemas that nobody clones just now."""
    _remove_killed(connection)
    for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall():
        if name.startswith(TEMPLATE) and name != keep:
            _drop(connection, name)


def _remove_killed(connection: psycopg.Connection) -> None:
    for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall():
        pid = name.removeprefix(SESSION).partition("_")[0]
        if name.startswith(SESSION) and processes.identity(int(pid)) is None:
            _drop(connection, name)


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _drop(connection: psycopg.Connection, name: str) -> None:
    _execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _execute(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def pytest_configure(config: pytest.Config) -> None:
    """Before Django is loaded: which settings, which database. settings_test makes a throw-away home.

    A worker of pytest-xdist finds all of it in the environment that its session left it.
    """
    if hasattr(config, "workerinput"):
        return
    os.environ["DJANGO_SETTINGS_MODULE"] = "shian.config.settings_test"
    for name in ("SHIAN_HOME", "SHIAN_DB_ROLE", "SHIAN_OWNER_DATABASE_URL"):
        os.environ.pop(name, None)
    try:
        os.environ["DATABASE_URL"] = session_database_url()
    except Problem as problem:
        pytest.exit(str(problem), returncode=3)
    from django.conf import settings

    assert settings.DATABASES, "pytest-django sets Django up when the settings are loaded"


def pytest_collection() -> None:
    """Program and tests are loaded as a process loads the program (shian.config.loading): a tenth less time in all."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Rows and pages come and go by ten thousands: looked through for what refers to itself as often as by default,
    they take a seventh of all time."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the home folder that settings_test made for this session."""
    home = Path(os.environ.get("SHIAN_HOME", ""))
    if home.name.startswith("shian-test-") and not hasattr(config, "workerinput"):
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker) -> Iterator[None]:
    """Replaces pytest-django's own: a clone of the template instead of a migrated test database."""
    from django.conf import settings
    from django.db import connections
    from django.test import TransactionTestCase

    from shian.kernel.scope.walls import work_as_system

    work_as_system()  # tests that are no requests; requests are bounded by their users
    with server() as admin, pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        template, name = migrated_template(admin), session_name()
        clone(admin, template, name)
        fresh = Fresh.of(name)
        default = connections["default"].settings_dict
        wanted = f"{default['OPTIONS'].get('options', '')} -c role={roles.WEB}".strip()
        for place in (settings.DATABASES["default"], default):
            patch.setitem(place, "NAME", name)
            patch.setitem(place, "OPTIONS", {**place["OPTIONS"], "options": wanted})

        def make_anew(case: TransactionTestCase) -> None:
            connections.close_all()
            if not fresh.is_restored(name):
                clone(admin, template, name)

        patch.setattr(TransactionTestCase, "_fixture_teardown", make_anew)
        yield
        connections.close_all()
        drop(admin, name)


@pytest.fixture
def owner_role(db: None) -> None:
    """For the rest of this test the connection acts as the owner of the tables, as migrations do."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
