"""What benchmark modules share: a line of the result, medians, SQL counts."""

import os
import re
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shian.config.database import Database, find_database
from shian.config.home import Home
from shian.config.postgres import server_url
from shian.kernel.accounts.models import Role


@dataclass(frozen=True)
class Line:
    """One measured promise. `target` is written as in the table of promises; `is_kept` compares with it."""

    promise: str
    measured: float
    unit: str
    target: str
    is_kept: bool
    note: str = ""

    def told(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Timing:
    """Medians over several runs, in seconds, and the number of SQL statements of one run (see `statements_of`)."""

    wall: float
    cpu: float
    statements: int
    best: float  # wall time of the fastest run: what the work takes when nobody else wants the machine


@contextmanager
def scratch_database(name: str, *, is_copy: bool = False) -> Iterator[None]:
    """Django works in a database of its own for as long as the block lasts: migrated and empty, or a copy of the demo's
    (which nobody else may be using)."""
    real, usual = find_database(Home.current()), connection.settings_dict["NAME"]
    web, owner = (_to(name, url) for url in (real.web_url, real.owner_url))
    connection.close()
    with psycopg.connect(server_url(_to("postgres", real.owner_url)), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name}")
        admin.execute(f"CREATE DATABASE {name}{f' TEMPLATE {usual} STRATEGY FILE_COPY' if is_copy else ''}")
        try:
            if not is_copy:
                Database(web, owner, real.cluster).migrate()
            connection.settings_dict["NAME"] = name
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            admin.execute(f"DROP DATABASE IF EXISTS {name}")


def done_by_owner(name: str, *statements: str) -> None:
    """Each in a transaction of its own, by the role that owns the scratch database: the web role may not vacuum."""
    url = _to(name, find_database(Home.current()).owner_url)
    with psycopg.connect(server_url(url), autocommit=True) as owner:
        for each in statements:
            owner.execute(each.encode())


def scratch_environment(name: str) -> dict[str, str]:
    """What a web process on that database is told."""
    real = find_database(Home.current())
    return {**os.environ, **real.environment(), "DATABASE_URL": _to(name, real.web_url)}


def _to(name: str, url: str) -> str:
    """The same server's database of another name."""
    return re.sub(r"(?<=[^:/])/[^/?]*", f"/{name}", url, count=1)


def timed(work: Callable[[], Any], *, runs: int = 7, warm: int = 2) -> Timing:
    """Run `work` a few times after warming up; the median is what counts on a shared machine."""
    for _ in range(warm):
        work()
    return _timing(work, [_run(work) for _ in range(runs)])


def timed_in_turn(
    ours: Callable[[], Any], theirs: Callable[[], Any], *, runs: int = 25, warm: int = 3
) -> tuple[Timing, Timing, float]:
    """Two works run in turn, so that a busy moment strikes both, and the median of the ratios theirs / ours."""
    for _ in range(warm):
        ours()
        theirs()
    pairs = [(_run(ours), _run(theirs)) for _ in range(runs)]
    ratio = statistics.median(right[0] / left[0] for left, right in pairs)
    return _timing(ours, [left for left, _ in pairs]), _timing(theirs, [right for _, right in pairs]), ratio


def _run(work: Callable[[], Any]) -> tuple[float, float]:
    """Wall and CPU time of one run."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _timing(work: Callable[[], Any], runs: list[tuple[float, float]]) -> Timing:
    walls, cpus = zip(*runs, strict=True)
    with counted() as queries:
        work()
    return Timing(statistics.median(walls), statistics.median(cpus), statements_of(queries), min(walls))


def cpu_seconds() -> float:
    """Processor time of this program and, where /proc shows it, of its session in the server."""
    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    own = time.process_time()
    if not stat.exists():
        return own
    fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
    return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def paired(ours: Callable[[], Any], theirs: Callable[[], Any], *, runs: int = 5) -> tuple[float, float, float]:
    """Medians of both in seconds, run in turn, and the median of the ratios ours / theirs."""
    ours()
    theirs()
    left, right = [], []
    for _ in range(runs):
        left.append(_wall(ours))
        right.append(_wall(theirs))
    ratio = statistics.median(a / b for a, b in zip(left, right, strict=True))
    return statistics.median(left), statistics.median(right), ratio


def _wall(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def statements_of(queries: Any) -> int:
    """What was asked of the database. The ends of the transaction around a request ask nothing and are left out;
    SET LOCAL and every SELECT count, those for session, user and posts too."""
    ends = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")
    # Django gives None where the cursor kept no text of its last statement
    return sum(not (query["sql"] or "").upper().startswith(ends) for query in queries.captured_queries)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until a server answers there. Raises TimeoutError after a minute and a half."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the web server does not answer")


def staff(role: Role) -> Any:
    """Somebody of the demo's staff in a role."""
    found = get_user_model().objects.filter(role=role, is_active=True, person__isnull=False).order_by("pk").first()
    assert found is not None, role
    return found


def page_line(title: str, reader: Any, address: str, told: str, most: float, *, runs: int = 9) -> Line:
    """A page through the whole stack of a request; `told` begins its note, `most` is its promise in seconds."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(reader)

    def work() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    with processor() as taken:
        timing = timed(work, runs=runs, warm=2)
        each = taken() / (runs + 3)  # the two that warm up and the one that is counted
    note = (
        f"{told}; CPU {1000 * each:.0f} ms, {1000 * timing.cpu:.0f} of it in the page; "
        f"best {1000 * timing.best:.0f} ms, {timing.statements} SQL"
    )
    return Line(title, timing.wall * 1000, "ms", f"≤ {1000 * most:.0f} ms", timing.wall <= most, note)


@contextmanager
def processor() -> Iterator[Callable[[], float]]:
    """Asked inside or after the block: seconds of processor that this process and the one that serves its connection
    have taken since it began; to a hundredth, so what is timed runs often. Of a server elsewhere: this one alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    own, served = time.process_time(), processor_of(backend)
    yield lambda: time.process_time() - own + processor_of(backend) - served


def processor_of(pid: int) -> float:
    """Seconds that a process has taken; 0 where there is none of that number here."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def counted() -> AbstractContextManager[Any]:
    """Captures the SQL statements of a block."""
    return CaptureQueriesContext(connection)
