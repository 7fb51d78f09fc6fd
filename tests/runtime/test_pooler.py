"""The web through pgbouncer, transaction by transaction, while the worker goes past it. Needs pgbouncer."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shian.config import lifecycle, processes
from shian.config.home import Home
from shian.config.postgres import Cluster, ensure_roles
from tests.runtime.conftest import Command, eventually, throw_away_folder
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


@pytest.mark.slow
def test_the_web_serves_through_a_pooler_and_the_worker_goes_past_it(pooler: str, cluster: Cluster, port: int) -> None:
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
            assert [served(port) for _each in range(8)] == [200] * 8
            with psycopg.connect(cluster.conninfo(database="shian")) as admin:
                asked = "SELECT count(*) FROM procrastinate_workers"
                eventually(lambda: admin.execute(asked).fetchone() == (1,) or admin.rollback())
        finally:
            shian("down")
            lifecycle.down(shian.home)
