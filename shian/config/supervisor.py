"""Keeps the web server and the worker alive. Started detached by `shian up`; one keeper per home folder.

Everything it starts is recorded with its identity (processes.py) and carries a mark in its environment. So the next
`up` adopts what a killed keeper left running, and `down` finds it even where a record was lost; a pid that belongs to
somebody else by now is never touched.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from shian.config import processes
from shian.config.database import EMBEDDED, Database, find_database
from shian.config.home import PROJECT, Home, chosen_port
from shian.config.problems import Problem

PAUSE = 0.5
LONGEST_PAUSE = 30.0
LARGE_LOG = 20 * 1024 * 1024


@dataclass(frozen=True)
class Service:
    """One process of ours: how it is started, where it is recorded, how it ends."""

    name: str
    home: Home
    command: tuple[str, ...] = ()

    @property
    def record_path(self) -> Path:
        return self.home.records / f"{self.name}.json"

    @property
    def log_path(self) -> Path:
        return self.home.logs / f"{self.name}.log"

    @property
    def mark(self) -> str:
        return self.home.mark(self.name)[processes.MARK]

    def record(self) -> dict[str, Any]:
        """What was written when it was started; empty when there is nothing readable."""
        try:
            found = json.loads(self.record_path.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def pid(self) -> int | None:
        """Its living process, or None: a record of another boot or of a reused pid is nobody."""
        known = self.record()
        pid, who = known.get("pid"), known.get("identity")
        return pid if isinstance(pid, int) and isinstance(who, str) and processes.is_same(pid, who) else None

    def is_alive(self) -> bool:
        """Whether it, or anything that it started, lives."""
        return self.pid() is not None or bool(processes.marked(self.mark))

    def launch(self, environment: Mapping[str, str], **facts: Any) -> int:
        """Start it in a session of its own and record it."""
        self._turn_log()
        with self.log_path.open("ab") as log:
            started = subprocess.Popen(
                self.command, cwd=PROJECT, env={**environment, **self.home.mark(self.name)}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        began = {"pid": started.pid, "identity": processes.identity(started.pid), "started_at": time.time()}
        draft = self.record_path.with_suffix(".new")
        draft.write_text(json.dumps({**began, **facts}))
        draft.replace(self.record_path)
        started.returncode = 0  # we wait for it by identity, as we do for adopted ones
        return started.pid

    def stop(self) -> None:
        """End it and everything that it started."""
        pid = self.pid()
        if pid:
            processes.end([pid])
        processes.end(processes.marked(self.mark), patience=3)
        self.record_path.unlink(missing_ok=True)

    def _turn_log(self) -> None:
        if self.log_path.exists() and self.log_path.stat().st_size > LARGE_LOG:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))


def keeper_of(home: Home, port: int = 0, *, develops: bool = False) -> Service:
    asked = ["--develop"] if develops else []
    return Service("keeper", home, (sys.executable, "-m", "shian.config.supervisor", str(port), *asked))


def services_of(home: Home, port: int = 0, *, develops: bool = False) -> list[Service]:
    """The web server and the worker of this home; in development also the build of the pages' scripts."""
    python, host = sys.executable, os.environ.get("SHIAN_HOST", "127.0.0.1")
    web = (python, "-m", "shian.config.web", "--host", host, "--port", str(port))
    worker = Service("worker", home, (python, "-m", "shian.config.worker"))
    if not develops:
        return [Service("web", home, web), worker]
    node = Path(sys.prefix) / "bin" / "node"
    vite = (str(node), str(PROJECT / "node_modules" / "vite" / "bin" / "vite.js"), "build", "--watch")
    developed = (python, "-m", "django", "runserver", f"{host}:{port}")
    return [Service("web", home, developed), worker, Service("vite", home, vite)]


def everything_of(home: Home) -> list[Service]:
    """Whatever may run for this home, the keeper first: the order in which it is stopped."""
    return [keeper_of(home), *services_of(home, develops=True), Service("command", home)]


class Keeper:
    """The loop: whatever is not alive is started again, more patiently each time it dies young."""

    def __init__(self, home: Home, port: int, *, develops: bool) -> None:
        self.home, self.port, self.develops = home, port, develops
        self.database: Database = find_database(home)
        self.services = services_of(home, port, develops=develops)
        self.next_try: dict[str, float] = {}
        self.pauses: dict[str, float] = {}
        self.launches: dict[str, int] = {}
        self.is_ending = False

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        while not self.is_ending:
            self._keep_database()
            for service in self.services:
                self._keep(service)
            _reap_children()
            time.sleep(PAUSE)
        for service in self.services:
            service.stop()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.is_ending = True

    def _keep_database(self) -> None:
        if self.database.cluster and not self.database.cluster.postmaster():
            _say("PostgreSQL is gone; starting it")
            try:
                self.database.start()
            except Problem as problem:
                _say(str(problem))
                time.sleep(5)

    def _keep(self, service: Service) -> None:
        now = time.monotonic()
        if service.pid() or now < self.next_try.get(service.name, 0):
            return
        known = service.record()
        restarts = self.launches[service.name] = self.launches.get(service.name, -1) + 1
        lived = time.time() - known.get("started_at", 0) if known else LONGEST_PAUSE
        pause = 1.0 if lived >= LONGEST_PAUSE else min(self.pauses.get(service.name, 0.5) * 2, LONGEST_PAUSE)
        self.pauses[service.name], self.next_try[service.name] = pause, now + pause
        service.stop()
        if service.name == "web":
            self._forget_metrics()
        pid = service.launch(self._environment(), restarts=restarts, port=self.port, develops=self.develops)
        _say(f"{service.name} started as {pid}" + (f" (restart {restarts})" if restarts else ""))

    def _forget_metrics(self) -> None:
        """The web processes share their counts through files; those of ended ones would be added for ever."""
        shutil.rmtree(self.home.metrics, ignore_errors=True)
        self.home.metrics.mkdir(parents=True)

    def _environment(self) -> dict[str, str]:
        told = {**os.environ, **self.database.environment(), "SHIAN_HOME": str(self.home.folder)}
        told["PROMETHEUS_MULTIPROC_DIR"] = str(self.home.metrics)
        told.pop("SHIAN_OWNER_DATABASE_URL", None)
        told.pop("SHIAN_DB_ROLE", None)
        return {**told, "SHIAN_DEBUG": "1", "SHIAN_RELOAD": "1"} if self.develops else told


def keeper_environment(home: Home) -> dict[str, str]:
    """The caller's environment without the addresses that a command may have set for itself."""
    told = {**os.environ, "SHIAN_HOME": str(home.folder), "PYTHONUNBUFFERED": "1"}
    if told.pop(EMBEDDED, None):
        told.pop("DATABASE_URL", None)
    return told


def _reap_children() -> None:
    """Collect children that ended, so that none stays a zombie."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def _say(line: str) -> None:
    sys.stdout.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    Keeper(Home.current(), chosen_port(int(sys.argv[1])), develops="--develop" in sys.argv).run()
