"""The web through pgbouncer, transaction by transaction, while the worker goes past it. Needs pgbouncer."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db.utils import ConnectionHandler

from shian.config import lifecycle, processes
from shian.config.home import Home
from shian.config.postgres import Cluster, ensure_roles, mark_migrated, roles
from shian.config.settings import _database
from shian.kernel.scope.reach import Reach
from shian.kernel.scope.walls import NOBODY, Bounds, bounded_by, install
from tests.runtime.conftest import Command, eventually, place_migrated, throw_away_folder
from tests.runtime.test_lifecycle import served

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed")
CONFIG = """
[databases]
shian = host={sockets} dbname=shian user=shian_web
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
max_client_conn = 100
logfile = {folder}/pgbouncer.log
"""


@pytest.fixture
def pooler(folder: Path, cluster: Cluster) -> Iterator[str]:
    """The address of a pgbouncer with two connections in front of a server that somebody else keeps."""
    cluster.start()
    ensure_roles(cluster.conninfo())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = folder / "pgbouncer.ini"
    settings.write_text(CONFIG.format(sockets=cluster.socket_folder(), port=port, folder=folder))
    (folder / "pgbouncer.log").touch(mode=0o666)
    (folder / "pgbouncer.log").chmod(0o666)
    account = {"user": pwd.getpwnam("nobody").pw_uid} if os.geteuid() == 0 else {}
    with subprocess.Popen([str(PROGRAM), "-q", str(settings)], **account) as running:
        try:
            eventually(lambda: _answers(port))
            yield f"postgres://shian_web@127.0.0.1:{port}/shian"
        finally:
            processes.end([running.pid])


def _answers(port: int) -> bool:
    try:
        psycopg.connect(f"host=127.0.0.1 port={port} user=shian_web dbname=shian", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture
def nearly_migrated(cluster: Cluster) -> None:
    """All but the last step of the schema was taken before: all the steps are taken in test_demo.py."""
    place_migrated(cluster.place.data)
    cluster.start()
    owner = cluster.conninfo(roles.OWNER, "shian")
    with psycopg.connect(owner) as connection:
        connection.execute("DROP TABLE django_session")
        connection.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    mark_migrated(owner, "earlier")


@pytest.mark.slow
def test_the_web_serves_through_a_pooler_and_the_worker_goes_past_it(
    nearly_migrated: None, pooler: str, cluster: Cluster, port: int
) -> None:
    direct = cluster.url("shian_web", "shian")
    told = {
        "DATABASE_URL": pooler,
        "SHIAN_POOLED": "1",
        "SHIAN_OWNER_DATABASE_URL": cluster.url("shian_owner", "shian"),
        "SHIAN_WORKER_DATABASE_URL": direct,
    }
    with throw_away_folder() as folder:
        shian = Command(Home(folder))
        shian.environment.update(told)
        started = shian("up", "--port", str(port))
        try:
            assert started.returncode == 0, started.stderr
            assert "1 migrations applied" in started.stderr
            assert [served(port) for _each in range(8)] == [200] * 8
            with psycopg.connect(cluster.conninfo(database="shian")) as admin:
                asked = "SELECT count(*) FROM procrastinate_workers"
                eventually(lambda: admin.execute(asked).fetchone() == (1,) or admin.rollback())
            assert shian("down").stdout == "Stopped: keeper, web, worker.\n", "the operator's server is left alone"
        finally:
            lifecycle.down(shian.home)


COUNTIES = ("131022", "131023", "131024", "131025")
SHOWN = "SELECT county, pg_backend_pid() FROM people_post"
# The guarded table of people with its policy's own condition (registers/people/migrations).
WALLED = """
CREATE TABLE people_post (county text NOT NULL);
INSERT INTO people_post SELECT unnest(ARRAY['131022', '131023', '131024', '131025']) FROM generate_series(1, 3);
ALTER TABLE people_post ENABLE ROW LEVEL SECURITY;
ALTER TABLE people_post FORCE ROW LEVEL SECURITY;
CREATE POLICY reach ON people_post USING (
    current_setting('shian.system', true) = 'on' OR current_setting('shian.everything', true) = 'on'
    OR county = ANY (string_to_array(current_setting('shian.keys', true), ','))
);
GRANT SELECT ON people_post TO shian_web;
"""


@pytest.fixture
def walled(pooler: str, cluster: Cluster) -> str:
    """The pooler in front of a database whose guarded table has three rows of each county."""
    with psycopg.connect(cluster.conninfo(roles.OWNER, "shian")) as owner:
        owner.execute("SET row_security = on")
        owner.execute("SELECT set_config('shian.system', 'on', true)")
        owner.execute(WALLED)
    return pooler


def client_of(url: str) -> Any:
    """A connection of Django's through the pooler, with the wall in front of its statements."""
    told = _database(url) | {"OPTIONS": {}, "DISABLE_SERVER_SIDE_CURSORS": True, "ATOMIC_REQUESTS": False}
    found = ConnectionHandler({"default": told})["default"]
    install(found)
    return found


def asked(connection: Any, bounds: Bounds, *, is_atomic: bool) -> tuple[set[str], set[int]]:
    """The counties that the bounds show, and the connections of the server that answered."""
    with bounded_by(lambda: bounds), connection.cursor() as cursor:
        connection.set_autocommit(not is_atomic)
        try:
            cursor.execute(SHOWN)
            rows = cursor.fetchall()
            cursor.execute("SELECT pg_sleep(0.001)")
        finally:
            if is_atomic:
                connection.commit()
                connection.set_autocommit(True)
    return {row[0] for row in rows}, {row[1] for row in rows}


@pytest.mark.slow
def test_through_a_pooler_no_scope_leaks_from_one_client_to_the_next(walled: str, django_db_blocker: Any) -> None:
    together = Barrier(len(COUNTIES) + 1)

    def work(county: str) -> set[int]:
        served_by: set[int] = set()
        with closing(client_of(walled)) as connection:
            together.wait()
            for number in range(40):
                is_atomic = bool(number % 2)
                seen, by = asked(connection, Bounds(reach=Reach((county,))), is_atomic=is_atomic)
                assert seen == {county}
                assert asked(connection, NOBODY, is_atomic=is_atomic)[0] == set()
                served_by |= by
        return served_by

    def look() -> set[int]:
        """A client that says nobody asks: what it sees was left behind by another."""
        with psycopg.connect(walled, prepare_threshold=None, autocommit=True) as bare:
            together.wait()
            return {bare.execute("SELECT count(*) FROM people_post").fetchone()[0] for _each in range(400)}  # type: ignore[index]

    with django_db_blocker.unblock(), ThreadPoolExecutor(len(COUNTIES) + 1) as pool:
        left_behind = pool.submit(look)
        backends = list(pool.map(work, COUNTIES))

    assert len(set().union(*backends)) <= 2, "five clients"
    assert any(backends[0] & other for other in backends[1:]), "the same connections of the server"
    assert left_behind.result() == {0}
