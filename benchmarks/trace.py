"""The promises of traceability: walks over a city's graph, the ladder of mixed lots, capture and room of events.

The graph is a city's at SHIAN_BENCH_TRACE times its size (0.1 where nothing is said; 1 is 3.2 million movements, 10 is
ten such cities): lots that are sold to shops, four wholesale lots that are sold 13,000 times, one ingredient that
reaches 142,000 holdings. Each line tells the load beside which it was measured.
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
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.harness import Line, done_by_owner, processor, scratch_database, scratch_environment
from benchmarks.trace_city import HUBS, LOT, SALES, City, draw, name_holdings
from shian.config.home import PROJECT
from shian.domains.tracing.models import RecallHolder
from shian.engine.trace.tests.graphs import ladder
from shian.engine.trace.walks import Direction, forget, reached, walk
from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.walls import system_scope
from shian.registers.areas.tests.factories import make_city_and_county
from shian.registers.people.tests.factories import reach_user
from tests.api.programs import token_for

SCALE = float(os.environ.get("SHIAN_BENCH_TRACE", "0.1"))
SCRATCH = "shian_bench_trace"
EDGES, ROOTS, ASKED, BATCH = 3_200_000, 300, 100, 4_000
HUB, GIANT = 13_000, 142_000
AREA = "131002"
ORDER = {
    "title": "黄瓜", "level": "1", "cause": "sample", "reason": "农药残留超标", "treatment": "destroy",
    "advice": "停止销售", "ring": "1",
}  # fmt: skip
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
    """Over the whole city, then what is asked by name through a program's or a person's request."""
    city = City(max(1_000, int(EDGES * SCALE / SALES)), int(HUB * min(1.0, SCALE * 10)), int(GIANT * min(1.0, SCALE)))
    draw(city, SCRATCH)
    chance = random.Random(2)  # noqa: S311
    sold, lots = chance.sample(city.sold, ROOTS), chance.sample(city.plain, ROOTS)
    found = [
        _spread("backward trace of a random holding", sold, Direction.BACKWARD, 1 if SCALE <= 1 else 2),
        _spread("forward trace of a random lot", lots, Direction.FORWARD, 2),
    ]
    for title, root, size, most in (("hub", 0, city.hub, 15), ("giant", HUBS, city.giant, 150)):
        for kind, work in (("reach", reached), ("levels", walk)):
            wall, cpu = _least(partial(work, [root], Direction.FORWARD))
            found.append(_line(f"forward trace of a {title} ({size:,} holdings), {kind}", wall, most, cpu))
    roots = chance.sample(city.plain, min(BATCH, len(city.plain)))
    wall, cpu = _least(lambda: reached(roots, Direction.FORWARD))
    found.append(_line(f"{len(roots):,} roots in one trace", wall, 2_000, cpu))
    with system_scope():
        return [*found, *_asked(city, lots[:ASKED], sold[:ASKED])]


def _asked(city: City, lots: list[int], sold: list[int]) -> list[Line]:
    """Traces over HTTP, and what a recall is made of: its preview, and the list of holders with quantities and days."""
    make_city_and_county()
    name_holdings(city, SCRATCH, [0, HUBS, *lots], sold, AREA)
    first, second = (reach_user(each, AREA, Role.COUNTY) for each in ("first", "second"))
    found = [
        _spread_over_http("backward", first, sold, Direction.BACKWARD),
        _spread_over_http("forward", first, lots, Direction.FORWARD),
    ]
    for title, root, most in (("hub", 0, 1_000), ("giant", HUBS, 5_000)):
        found += _package(f"a {title} ({len(city.buyers(root)):,} holdings)", root, most, first, second)
    return found


def _spread_over_http(title: str, user: User, roots: Sequence[int], direction: Direction) -> Line:
    """The 95th percentile of a program's requests through the whole stack, each the quicker of two."""
    client, key = Client(HTTP_HOST="localhost"), token_for(user, "read:epcis")

    def ask(root: int) -> None:
        told = client.get(
            f"/epcis/v2/traces/{LOT}{root}", {"direction": str(direction)}, headers={"Authorization": f"Bearer {key}"}
        )
        assert told.status_code == 200, told.content
        assert told.json()["complete"]

    ask(roots[0])
    with processor() as taken:
        walls = [_least(partial(ask, root), runs=2)[0] for root in roots]
        cpu = taken() / (2 * len(roots))
    p95 = statistics.quantiles(walls, n=20)[-1]
    note = f"median {statistics.median(walls) * 1000:.1f} ms"
    return _line(f"{title} trace of a random lot over HTTP, p95", p95, 25, cpu, note)


def _package(title: str, root: int, most: float, first: User, second: User) -> list[Line]:
    """Preview and decision over HTTP; the decision enters each holder with its quantity and first day."""
    proposer, decider = (Client(HTTP_HOST="localhost") for _ in range(2))
    proposer.force_login(first)
    decider.force_login(second)
    url = f"{reverse('tracing:recall_create')}?holding={root}"
    forget()
    with processor() as taken:
        began = time.perf_counter()
        assert proposer.get(url).status_code == 200
        previewed, cpu = time.perf_counter() - began, taken()
    known = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    page = proposer.post(url, {**ORDER, "known_at": known})["Location"]
    with processor() as taken:
        began = time.perf_counter()
        assert decider.post(f"{page}review/", {"verdict": "order", "decision": ""}).status_code == 302
        decided, used = time.perf_counter() - began, taken()
    holders = RecallHolder.objects.filter(recall__roots=[root]).count()
    return [
        _line(f"recall of {title}: preview over HTTP", previewed, most, cpu),
        _line(f"… its {holders:,} holders with quantities, over HTTP", decided, most, used),
    ]


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
    """Seconds of the quickest run on the clock, and the mean of the processor's in this program and its session."""
    walls = list[float]()
    with processor() as taken:
        for _ in range(runs):
            forget()
            wall = time.perf_counter()
            work()
            walls.append(time.perf_counter() - wall)
        return min(walls), taken() / runs


def _spread(name: str, roots: Sequence[int], direction: Direction, most: float) -> Line:
    """The 95th percentile over many roots, each the quicker of two runs."""
    walls = [_least(partial(reached, [root], direction), runs=2)[0] for root in roots]
    with processor() as taken:
        for root in roots:
            reached([root], direction)
        cpu = taken() / len(roots)
    p95 = statistics.quantiles(walls, n=20)[-1]
    return _line(f"{name}, p95", p95, most, cpu, f"median {statistics.median(walls) * 1000:.2f} ms")


def _line(name: str, wall: float, most: float, cpu: float, note: str = "") -> Line:
    told = ", ".join(each for each in (note, f"CPU {cpu * 1000:.1f} ms" if cpu else "", _load_now()) if each)
    return Line(f"{name} (scale {SCALE:g})", wall * 1000, "ms", f"≤ {most:g} ms", wall * 1000 <= most, told)


def _load_now() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


def _capture() -> list[Line]:
    """Two processes on documents of their own, after a first document each; what is stored grows by the second run."""
    _captured(1, 1)
    before = _bytes()
    wall, told = _captured(100, DOCUMENTS)
    events = sum(each["taken"] for each in told)
    room, cpu = (_bytes() - before) / events, sum(each["cpu"] for each in told) / events * 1000
    cores = os.cpu_count() or 1
    rate, bound = events / wall, min(cores, PROCESSES) / cpu * 1000
    note = f"{events:,} events, {_load_now()}"
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
