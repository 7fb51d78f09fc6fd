"""Up and down: brings a home folder to life and to rest. Each is safe to repeat and to interrupt."""

import fcntl
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from shian.config.database import Database, find_database, in_use, keep_running
from shian.config.home import PROJECT, Home
from shian.config.problems import Problem
from shian.config.steps import Steps
from shian.config.supervisor import everything_of, keeper_environment, keeper_of, services_of

PATIENCE = 120.0
LAST_PORT = 65535
SOURCES = PROJECT / "vite.config.ts"
MANIFEST = PROJECT / "frontend" / "dist" / ".vite" / "manifest.json"


@dataclass(frozen=True)
class Served:
    """Where a running Shian answers."""

    address: str
    was_running: bool


def up(home: Home, port: int, steps: Steps, *, develops: bool = False, database: Database | None = None) -> Served:
    """Database, schema, web server and worker; what runs already is adopted as it is.

    A caller that has the database in use, migrated, hands it over.
    """
    home.prepare()
    with _alone(home), ExitStack() as stack:
        running = serving_port(home)
        if running is None:
            check_port(port)
        if database is None:
            database = stack.enter_context(database_in_use(home, steps))
            migrate(database, steps)
        with steps.step("Web server and worker") as step:
            served = _serve(home, running or port, develops=develops)
            step.say("already running" if served.was_running else "started")
        keep_running(home)
    return served


def _serve(home: Home, port: int, *, develops: bool) -> Served:
    """A keeper over the services, with those that still live adopted and remains of dead ones removed."""
    if not develops and SOURCES.exists() and not MANIFEST.exists():
        raise Problem("The pages' scripts are not built yet; run `make demo` or `python3 tools/bootstrap.py` first.")
    services = services_of(home)
    was_running = services[0].pid() is not None
    for service in services:
        if service.pid() is None:
            service.stop()
    keeper = keeper_of(home, port, develops=develops)
    if keeper.pid() is None:
        keeper.launch(keeper_environment(home), port=port)
    _wait_until_served(home, port)
    return Served(f"http://localhost:{port}/", was_running)


@contextmanager
def database_in_use(home: Home, steps: Steps | None = None) -> Iterator[Database]:
    """The database for one command, in a visible step when there is a screen for it."""
    if steps is None:
        with in_use(home, stays=lambda: is_up(home)) as database:
            yield database
        return
    with ExitStack() as stack:
        with steps.step("Database") as step:
            report = in_use(home, stays=lambda: is_up(home), report=lambda *what: step.say(explain(*what)))
            database = stack.enter_context(report)
        yield database


def migrate(database: Database, steps: Steps) -> None:
    """Bring the schema up to date in a visible step."""
    with steps.step("Schema") as step:
        applied = 0

        def count(line: str) -> None:
            nonlocal applied
            applied += line.endswith("OK")
            step.say(line)

        changed = database.migrate(count)
        step.say(f"{applied} migrations applied, roles granted" if changed else "up to date")


def down(home: Home) -> list[str]:
    """Stop everything of this home, also what a killed run left behind; the names of what was found."""
    if not home.folder.exists():
        return []
    home.records.mkdir(parents=True, exist_ok=True)
    with _alone(home):
        found = [service.name for service in everything_of(home) if service.is_alive()]
        for service in everything_of(home):
            service.stop()
        database = find_database(home)
        if database.cluster and database.cluster.stop():
            found.append("PostgreSQL")
        keep_running(home)
    return found


def state_of(home: Home) -> dict[str, Any]:
    """What runs now, for people and programs; changes nothing."""
    services = {
        service.name: {"pid": service.pid(), "restarts": service.record().get("restarts", 0)}
        for service in [keeper_of(home), *services_of(home)]
    }
    database = find_database(home)
    port = serving_port(home)
    told: dict[str, Any] = {"operator": database.cluster is None}
    if database.cluster:
        told |= {"pid": database.cluster.postmaster(), "folder": str(database.cluster.place.data)}
    return {
        "running": port is not None and _answers(port),
        "address": f"http://localhost:{port}/" if port else None,
        "home": str(home.folder),
        "database": told,
        "services": services,
    }


def is_up(home: Home) -> bool:
    """Whether somebody asked for a running Shian here: its keeper lives."""
    return keeper_of(home).pid() is not None


def serving_port(home: Home) -> int | None:
    """The port of the web server that lives, or that a living keeper is about to start."""
    web, keeper = services_of(home)[0], keeper_of(home)
    if web.pid():
        return int(web.record().get("port", 0)) or None
    return int(keeper.record().get("port", 0)) or None if keeper.pid() else None


def check_port(port: int) -> None:
    """One sentence when somebody else listens there, or nobody can."""
    if not 1 <= port <= LAST_PORT:
        raise Problem(f"{port} is not the number of a port; choose one between 1024 and {LAST_PORT}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Problem(f"Port {port} may not be used by this account; choose one above 1023 with --port.") from None
        except OSError:
            raise Problem(
                f"Port {port} is used by another program; stop that program, or choose another port: "
                f"`shian up --port {port + 1}` (with make: PORT={port + 1})."
            ) from None


def explain(database: Database, outcome: str) -> str:
    """One line on where the data are."""
    if database.cluster is None:
        return "the server of DATABASE_URL"
    place = database.cluster.place
    words = {"initialised": "new", "started": "started", "adopted": "already running"}[outcome]
    return f"PostgreSQL {place.binaries.version}, {words}" + (f"; {place.note}" if place.note else "")


@contextmanager
def until_interrupted(home: Home, steps: Steps) -> Iterator[None]:
    """Ties everything of this home to the terminal: Ctrl-C, at any moment, brings it down cleanly."""
    with _interruptible():
        with suppress(KeyboardInterrupt):
            yield
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        steps.console.print("Stopping …")
        down(home)


def show_logs(home: Home, steps: Steps) -> None:
    """What the web server and the worker write, while they are kept alive."""
    for line in _log_lines(home):
        steps.console.print(line, markup=False, soft_wrap=True)


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM and SIGHUP end the wait as Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _log_lines(home: Home) -> Iterator[str]:
    """New lines of all logs while the keeper lives."""
    paths = [service.log_path for service in everything_of(home)]
    places = {path: path.stat().st_size if path.exists() else 0 for path in paths}
    while is_up(home):
        for path, place in places.items():
            lines, places[path] = _read_from(path, place)
            yield from (f"{path.stem:<7}│ {line}" for line in lines)
        time.sleep(0.4)


def _read_from(path: Path, place: int) -> tuple[list[str], int]:
    if not path.exists():
        return [], 0
    size = path.stat().st_size
    with path.open("rb") as log:
        log.seek(place if place <= size else 0)
        found = log.read()
        return found.decode(errors="replace").splitlines(), log.tell()


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """One `up` or `down` at a time."""
    with (home.records / "lifecycle.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _wait_until_served(home: Home, port: int) -> None:
    web, keeper = services_of(home)[0], keeper_of(home)
    deadline = time.monotonic() + PATIENCE
    while not _answers(port):
        died_often = web.record().get("restarts", 0) >= 3
        if died_often or keeper.pid() is None or time.monotonic() > deadline:
            tail = _tail(web.log_path) or _tail(keeper.log_path)
            for service in everything_of(home):
                service.stop()
            raise Problem(f"The web server did not start: {tail} (log: {web.log_path})")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    """Whether our web server answers on the port, with any status."""
    import urllib.error
    import urllib.request

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(f"http://127.0.0.1:{port}/account/login/", timeout=10).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _tail(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()] if log.exists() else []
    return lines[-1].strip() if lines else ""
