"""What benchmark modules share: a line of the result, medians, SQL counts."""

import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


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
    """Medians over several runs, in seconds, and the number of SQL statements of one run."""

    wall: float
    cpu: float
    statements: int


def timed(work: Callable[[], Any], *, runs: int = 7, warm: int = 2) -> Timing:
    """Run `work` a few times after warming up; the median is what counts on a shared machine."""
    for _ in range(warm):
        work()
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    with counted() as queries:
        work()
    return Timing(statistics.median(walls), statistics.median(cpus), len(queries.captured_queries))


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


def counted() -> AbstractContextManager[Any]:
    """Captures the SQL statements of a block."""
    return CaptureQueriesContext(connection)
