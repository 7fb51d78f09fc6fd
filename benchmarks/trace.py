"""The promises of traceability: walks over a city's graph, the ladder of mixed lots, capture and room of events.

The graph is a city's at SHIAN_BENCH_TRACE times its size (0.1 where nothing is said; 1 is 3.2 million movements): lots
that are sold to shops, four wholesale lots that are sold 13,000 times, one ingredient that reaches 142,000 holdings.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django.db import connection

from benchmarks.harness import Line, done_by_owner, scratch_database, scratch_environment
from shian.config.home import PROJECT
from shian.engine.trace.tests.graphs import ladder
from shian.engine.trace.walks import Direction, forget, reached

SCALE = float(os.environ.get("SHIAN_BENCH_TRACE", "0.1"))
SCRATCH = "shian_bench_trace"
EDGES, ROOTS, BATCH = 3_200_000, 300, 4_000
HUBS, HUB, GIANT = 4, 13_000, 142_000
PROCESSES, DOCUMENTS, EVENTS = 2, 2, 10_000
RATE, ROOM = 8_000, 1_200


def measure() -> list[Line]:
    with scratch_database(SCRATCH):
        walks = [*_ladder(), *_walks()]
    with scratch_database(SCRATCH):
        return [*walks, *_capture()]


def _ladder() -> list[Line]:
    _load(ladder())
    wall, cpu = _least(lambda: reached([0], Direction.FORWARD))
    return [_line("commingling ladder 12 × 200 × 5", wall, 20, cpu)]


def _walks() -> list[Line]:
    """Lots 1… are sold, each some 25 times; holdings of shops have numbers of their own."""
    hub, giant = int(HUB * min(1.0, SCALE * 10)), int(GIANT * SCALE)
    lots = max(1_000, int(EDGES * SCALE / 25))
    edges, sold = _city(lots, hub, giant)
    _load(edges)
    chance = random.Random(2)  # noqa: S311
    found = [
        _spread("backward trace of a random holding", chance.sample(sold, ROOTS), Direction.BACKWARD, 1),
        _spread("forward trace of a random lot", chance.sample(range(HUBS + 1, lots), ROOTS), Direction.FORWARD, 2),
    ]
    for name, root, size, most in (("hub", 0, hub, 15), ("giant", HUBS, giant, 150)):
        wall, cpu = _least(partial(reached, [root], Direction.FORWARD))
        found.append(_line(f"forward trace of a {name} ({size:,} holdings)", wall, most, cpu))
    roots = chance.sample(range(HUBS + 1, lots), min(BATCH, lots // 2))
    wall, cpu = _least(lambda: reached(roots, Direction.FORWARD))
    return [*found, _line(f"{len(roots):,} roots in one trace", wall, 2_000, cpu)]


def _city(lots: int, hub: int, giant: int) -> tuple[list[tuple[int, int, int]], list[int]]:
    edges, number = list[tuple[int, int, int]](), lots + 1
    for root, size in (*((each, hub) for each in range(HUBS)), (HUBS, giant)):
        edges += ((root, number + place, 1) for place in range(size))
        number += size
    first = number
    for lot in range(HUBS + 1, lots):
        edges += ((lot, number + place, 1 if place % 8 else 2) for place in range(25))
        number += 25
    return edges, list(range(first, number))


def _load(edges: Iterable[tuple[int, int, int]]) -> None:
    rows = (f"{source}\t{target}\t2026-10-01T00:00:00Z\t1\t2\t1\t{ring}\t\n" for source, target, ring in edges)
    done_by_owner(SCRATCH, "TRUNCATE trace_movement")
    with connection.cursor() as cursor:
        statement = "COPY trace_movement (source, target, at, seller, buyer, kind, ring, uom) FROM STDIN"
        with cursor.cursor.copy(statement) as copy:
            for row in rows:
                copy.write(row)
        cursor.execute("UPDATE trace_graph SET version = nextval('trace_graph_version_seq')")
    done_by_owner(SCRATCH, "VACUUM (ANALYZE) trace_movement")  # as the server does by itself some minutes later


def _least(work: Callable[[], Any], runs: int = 7) -> tuple[float, float]:
    """Seconds of the quickest run on the clock, and of the processor in this program."""
    walls, cpus = list[float](), list[float]()
    for _ in range(runs):
        forget()
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return min(walls), min(cpus)


def _spread(name: str, roots: Sequence[int], direction: Direction, most: float) -> Line:
    """The 95th percentile over many roots, each the quicker of two runs."""
    walls = [_least(partial(reached, [root], direction), runs=2)[0] for root in roots]
    p95 = statistics.quantiles(walls, n=20)[-1]
    return _line(f"{name}, p95", p95, most, 0, f"median {statistics.median(walls) * 1000:.2f} ms")


def _line(name: str, wall: float, most: float, cpu: float, note: str = "") -> Line:
    told = ", ".join(each for each in (note, f"CPU {cpu * 1000:.1f} ms" if cpu else "") if each)
    return Line(f"{name} (scale {SCALE:g})", wall * 1000, "ms", f"≤ {most:g} ms", wall * 1000 <= most, told)


def _capture() -> list[Line]:
    """Two processes on documents of their own, after a first document each; what is stored grows by the second run."""
    _captured(1, 1)
    before = _bytes()
    wall, told = _captured(100, DOCUMENTS)
    events = sum(each["taken"] for each in told)
    room, cpu = (_bytes() - before) / events, sum(each["cpu"] for each in told) / events * 1000
    cores = os.cpu_count() or 1
    rate, bound = events / wall, min(cores, PROCESSES) / cpu * 1000
    note = f"{events:,} events, load {os.getloadavg()[0]:.1f}"
    return [
        Line("capture of events, end to end", rate, "events/s", f"≥ {RATE:,}", rate >= RATE, note),
        Line("CPU of 1,000 captured events", cpu, "s", f"≤ {1000 / RATE * 2:g} s", bound >= RATE,
             f"program and server; {bound:,.0f} events/s on {min(cores, PROCESSES)} free cores"),
        Line("room of a captured event", room, "B", f"≤ {ROOM:,} B", room <= ROOM, "tables, indexes and documents"),
    ]  # fmt: skip


def _captured(seed: int, count: int) -> tuple[float, list[dict[str, Any]]]:
    command = [sys.executable, "-m", "benchmarks.trace_capture"]
    running = [
        subprocess.Popen(
            [*command, str(seed + place), str(count), str(EVENTS)], cwd=PROJECT, env=scratch_environment(SCRATCH),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for place in range(PROCESSES)
    ]  # fmt: skip
    for each in running:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for each in running:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [json.loads(each.communicate()[0]) for each in running]
    return time.perf_counter() - began, told


def _bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname LIKE 'trace\\_%' AND relkind = 'r'"
        )
        return int(cursor.fetchone()[0])
