"""A throw-away home folder that the account of a server started by root can reach, and the command line in it."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shian.config import lifecycle
from shian.config.database import Database, find_database, schema_state
from shian.config.home import PROJECT, Home
from shian.config.postgres import Cluster
from tests.database import roomy_memory

TOLD_BY_OTHERS = ("DATABASE_URL", "SHIAN_OWNER_DATABASE_URL", "SHIAN_DATABASE_EMBEDDED", "DJANGO_SETTINGS_MODULE")
MIGRATED = PROJECT / "var" / "test-migrated"


@pytest.fixture
def folder() -> Iterator[Path]:
    with throw_away_folder() as made:
        yield made


@contextmanager
def throw_away_folder() -> Iterator[Path]:
    """Not pytest's own, which is closed to other accounts. In memory where there is enough: a killed process takes
    nothing from it, as nothing from a disk, and a hundred copied data folders cost little."""
    made = Path(tempfile.mkdtemp(prefix="shian-run-", dir=roomy_memory())).resolve()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@contextmanager
def own_home() -> Iterator[tuple[Home, Database]]:
    """A home and a database that nobody told anything: what is named here is of this test only."""
    with throw_away_folder() as folder, pytest.MonkeyPatch.context() as patch:
        for name in TOLD_BY_OTHERS:
            patch.delenv(name, raising=False)
        patch.setenv("SHIAN_HOME", str(folder))
        home = Home(folder)
        home.prepare()
        database = find_database(home)
        assert database.cluster
        try:
            yield home, database
        finally:
            database.cluster.stop()


@contextmanager
def migrated_home() -> Iterator[tuple[Home, Database]]:
    """The same with the present schema, its server running."""
    with own_home() as (home, database):
        place_migrated(Cluster.at(home.cluster).place.data)
        database.start()
        yield home, database


def environment_of(home: Home, database: Database) -> dict[str, str]:
    """What a process that works on this database is told, and nothing that others said."""
    kept = {name: value for name, value in os.environ.items() if name not in TOLD_BY_OTHERS}
    return {**kept, **database.environment(), "SHIAN_HOME": str(home.folder)}


def place_migrated(data: Path) -> None:
    """Put a data folder with the present schema there, as a server that was stopped leaves it.

    Made by the program's own start and migration, once per state of the schema, for tests of what comes after them.
    """
    MIGRATED.mkdir(parents=True, exist_ok=True)
    kept = MIGRATED / schema_state()[:16]
    with (MIGRATED / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not kept.exists():
            for other in filter(Path.is_dir, MIGRATED.iterdir()):
                shutil.rmtree(other)
            _make_migrated(kept)
        _copy(kept, data)


def _make_migrated(kept: Path) -> None:
    with own_home() as (_home, database):
        assert database.cluster
        database.start()
        database.migrate()
        database.cluster.stop()
        draft = kept.with_name(f"{kept.name}-draft")
        _copy(database.cluster.place.data, draft)
        draft.rename(kept)


def _copy(source: Path, target: Path) -> None:
    """With owners and modes: the server's account must find its own files."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True)


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    made = Cluster.at(folder / "pg", disposable=True)
    yield made
    made.stop()


class Command:
    """`shian` in a home of its own."""

    def __init__(self, home: Home) -> None:
        self.home = home
        kept = {name: value for name, value in os.environ.items() if name not in TOLD_BY_OTHERS}
        self.environment = {**kept, "SHIAN_HOME": str(home.folder)}

    def __call__(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "shian", *words], cwd=PROJECT, env={**self.environment, **more}, text=True,
            capture_output=True, timeout=300, check=False,
        )  # fmt: skip

    def status(self) -> dict[str, Any]:
        return lifecycle.state_of(self.home)

    def pid(self, service: str) -> int | None:
        return self.status()["services"][service]["pid"]


@pytest.fixture
def shian(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    for name in TOLD_BY_OTHERS:
        monkeypatch.delenv(name, raising=False)
    home = Home(folder)
    yield Command(home)
    lifecycle.down(home)


@pytest.fixture
def migrated(shian: Command) -> Command:
    """A home whose database was set up before."""
    shian.home.prepare()
    place_migrated(Cluster.at(shian.home.cluster).place.data)
    return shian


@dataclass(frozen=True)
class Demo:
    """A finished demo at rest, and what its last run said: the result, and the steps."""

    shian: Command
    said: str
    steps: str


@pytest.fixture
def demo(shian: Command, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo at a fiftieth of its size, killed while it imported and resumed; once for a session and its workers."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    kept, home = shared / "demo", shian.home.folder
    with (shared / "demo.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if kept.exists():
            home.rmdir()
            _copy(kept, home)
        else:
            _make_demo(shian)
            _copy(home, kept.with_name("demo-draft"))
            kept.with_name("demo-draft").rename(kept)
    return Demo(shian, *json.loads((home / "said.json").read_text()))


def _make_demo(shian: Command) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "shian", "demo", "--no-serve", "--scale", "0.02"], cwd=PROJECT,
        env=shian.environment, stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert running.stderr
        assert any("Import of persons" in line for line in running.stderr)
        running.send_signal(signal.SIGKILL)
    resumed = shian("demo", "--no-serve")
    assert resumed.returncode == 0, resumed.stderr
    (shian.home.folder / "said.json").write_text(json.dumps([resumed.stdout, resumed.stderr]))


@pytest.fixture
def port() -> int:
    return free_port()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(claim: Callable[[], Any], seconds: float = 60) -> Any:
    """The claim's value once it is true."""
    deadline = time.monotonic() + seconds
    while not (found := claim()):
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.05)
    return found
