"""One system that runs, for several claims: its log as an outsider meets it, whatever is killed, and its end."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from shian.config import lifecycle
from shian.config.database import find_database
from shian.config.home import PROJECT, Home
from shian.config.postgres import Cluster
from tests.runtime.conftest import (
    TOLD_BY_OTHERS,
    Command,
    environment_of,
    eventually,
    free_port,
    place_migrated,
    throw_away_folder,
)
from tests.runtime.nursery import nursery
from tests.runtime.test_lifecycle import remains, served


@pytest.fixture(scope="module")
def resting() -> Iterator[Command]:
    """A home whose database was set up before: from nothing it is made in test_demo.py, the operator's in
    test_pooler.py."""
    with throw_away_folder() as folder, pytest.MonkeyPatch.context() as patch:
        for name in TOLD_BY_OTHERS:
            patch.delenv(name, raising=False)
        home = Home(folder)
        home.prepare()
        place_migrated(Cluster.at(home.cluster).place.data)
        yield Command(home)
        lifecycle.down(home)


@pytest.fixture
def running(resting: Command) -> tuple[Command, int]:
    """It, and its port: as the test before left it, or started anew."""
    port = lifecycle.serving_port(resting.home)
    if port is None:
        port = free_port()
        first = resting("up", "--port", str(port))
        assert first.returncode == 0, first.stderr
        assert f"http://localhost:{port}/" in first.stdout
    return resting, port


def kill(pid: int | None) -> None:
    assert pid
    os.kill(pid, signal.SIGKILL)


def checkpoint(port: int) -> str:
    """The signed head that is served; "" before there is one (404)."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/log/checkpoint", timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError:
        return ""


def size(port: int) -> int:
    lines = checkpoint(port).splitlines()
    return int(lines[1]) if lines else 0


def test_its_log_grows_whoever_is_killed(running: tuple[Command, int], tmp_path: Path) -> None:
    shian, port = running
    assert shian("createadmin", "alice").returncode == 0
    before = eventually(lambda: size(port))

    with nursery(environment_of(shian.home, find_database(shian.home))) as loaded:
        kill(shian.pid("worker"))
        assert loaded.shian("createadmin", "bob").returncode == 0
        eventually(lambda: size(port) > before, seconds=60)

        (key,) = loaded.shian("log-key").stdout.split()
        assert key.split("+")[0] == checkpoint(port).splitlines()[0]
        export = tmp_path / "seals.zip"
        assert loaded.shian("seal-export", str(export)).returncode == 0
        assert shian("verify", str(export), "--key", key).stdout.startswith("Verified: ")
        script = [sys.executable, "-I", str(PROJECT / "tools" / "verify_log.py"), str(export), key]
        assert subprocess.run(script, text=True, capture_output=True, check=True).stdout.startswith("Verified: ")
        assert loaded.shian("verify").stdout.startswith("Verified: ")

        refused = loaded.shian("verify", str(export))
        assert refused.returncode == 1
        assert "--key" in refused.stderr
        assert "no public key" in loaded.shian("verify", str(export), "--key", "nonsense").stderr
        assert "Nothing is sealed" in loaded.shian("seal-export", str(export), "--subject", "a.b:1").stderr
        assert len(loaded.shian("log-key", "--add").stdout.split()) == 2


def test_whatever_is_killed_serves_again(running: tuple[Command, int]) -> None:
    shian, port = running
    assert served(port) == 200

    before = shian.status()
    second = shian("up")
    assert "runs already" in second.stdout
    assert shian.status() == before

    web, worker, keeper = shian.pid("web"), shian.pid("worker"), shian.pid("keeper")
    kill(web)
    kill(worker)
    eventually(lambda: shian.pid("web") not in {None, web} and shian.pid("worker") not in {None, worker})
    eventually(lambda: shian.status()["running"])
    assert served(port) == 200

    kill(shian.status()["database"]["pid"])
    eventually(lambda: shian.status()["database"]["pid"] and served(port) == 200)

    web = shian.pid("web")
    kill(keeper)
    assert shian("up").returncode == 0
    assert shian.pid("web") == web, "a web server that lives is adopted"
    assert shian.pid("keeper") not in {None, keeper}


def test_down_finds_what_a_killed_run_left_even_without_its_records(running: tuple[Command, int]) -> None:
    shian, _port = running
    for service in ("keeper", "web"):
        kill(shian.pid(service))
    for record in shian.home.records.glob("*.json"):
        record.unlink()
    assert remains(shian.home)

    down = shian("down")

    assert down.stdout.endswith("worker, PostgreSQL.\n")
    assert remains(shian.home) == []
