"""The tests' own PostgreSQL: fast, disposable, shared by all sessions and their workers.

One template database per state of the schema is migrated once and cloned for each session (0.1 s instead of a
migration). Tests work in the web role, as the program does; the fixture `owner_role` steps out of it for one test.
After a test that really commits, the clone is thrown away and made anew, because the notary's tables refuse TRUNCATE.
"""

import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
TEMPLATE = "shian_template_"
SESSION = "shian_test_"


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
    """The running server, and how its superuser reaches it. The last session out stops it."""
    DATA.parent.mkdir(parents=True, exist_ok=True)
    with DATA.with_name("test-pg.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster().start()
        admin = cluster().conninfo()
        with _alone("roles"):
            ensure_roles(admin)
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute(f"GRANT {roles.WEB} TO {roles.OWNER}")
        try:
            yield admin
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            _stop_if_unused(users.fileno())


def _stop_if_unused(users: int) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
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
        _execute(connection, "CREATE DATABASE {} TEMPLATE {} OWNER {}", name, template, roles.OWNER)


def drop(admin: str, name: str) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        _drop(connection, name)


def _remove_remains(connection: psycopg.Connection, *, keep: str) -> None:
    """Databases of sessions that were killed, and templates of other schemas that nobody clones just now."""
    for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall():
        pid = name.removeprefix(SESSION).partition("_")[0]
        left_over = name.startswith(SESSION) and processes.identity(int(pid)) is None
        if left_over or (name.startswith(TEMPLATE) and name != keep):
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
    gc.freeze()
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
        default = connections["default"].settings_dict
        wanted = f"{default['OPTIONS'].get('options', '')} -c role={roles.WEB}".strip()
        for place in (settings.DATABASES["default"], default):
            patch.setitem(place, "NAME", name)
            patch.setitem(place, "OPTIONS", {**place["OPTIONS"], "options": wanted})

        def make_anew(case: TransactionTestCase) -> None:
            connections.close_all()
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
