"""Walks over the graph: what came of a lot, and what went into it.

Two ways to the same answer. A recursive query over a *set* of nodes is quickest while the answer is small; from SMALL
on the frontier is expanded level by level, which costs a hub a tenth of it. Where movements are distributed there is
the second way only. Both end at cycles, for a node is entered once for each ring.

What is reached over confirmed movements alone is *confirmed*; what needs a possible one is *possible*. They are never
added up. Walks see the whole graph, whoever asks: a lot does not stop at a county's border. Who may see what is decided
where holdings are shown (Holding.objects.visible_to).
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from django.db import connection

from shian.engine.trace.models import Graph, Ring

SMALL = 256
KEPT = 16  # answers of each process


class Direction(StrEnum):
    FORWARD = "forward"
    BACKWARD = "backward"


@dataclass(frozen=True)
class Limits:
    """How far to go. `since`, `until`: of movements, both included. `most`: holdings, after which a walk stops at the
    end of its level. `ring`: CONFIRMED leaves possible movements out."""

    depth: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    ring: Ring = Ring.POSSIBLE
    most: int = 1_000_000

    def condition(self) -> tuple[str, dict[str, Any]]:
        """The part of a WHERE that these limits are, with its parameters."""
        told = {"ring": int(self.ring), "since": self.since, "until": self.until}
        parts = ["m.ring <= %(ring)s"] if self.ring != Ring.POSSIBLE else []
        parts += ["m.at >= %(since)s"] if self.since else []
        parts += ["m.at <= %(until)s"] if self.until else []
        return "".join(f" AND {part}" for part in parts), told


@dataclass(frozen=True)
class Walk:
    """What was reached, the roots included: holding → depth. `frontier`: where to go on, empty when `is_complete`."""

    roots: tuple[int, ...]
    direction: Direction
    limits: Limits
    confirmed: Mapping[int, int]
    possible: Mapping[int, int]
    frontier: tuple[Set[int], Set[int]] = (frozenset(), frozenset())

    @property
    def is_complete(self) -> bool:
        """Was everything within the limits reached? Depth, time and ring were asked for and truncate nothing."""
        return not any(self.frontier)

    @property
    def depth(self) -> int:
        return max((*self.confirmed.values(), *self.possible.values()), default=0)


@dataclass(frozen=True)
class Reached:
    """The holdings of a walk without their depths."""

    confirmed: Set[int]
    possible: Set[int]
    is_complete: bool = True


def reached(roots: Iterable[int], direction: Direction, limits: Limits | None = None) -> Reached:
    """Everything that the roots lead to, themselves included, the quickest way."""
    bounds = limits or Limits()
    start = tuple(sorted(set(roots)))
    if bounds.depth is None and len(start) < SMALL and not is_distributed():
        few = _small(start, direction, bounds)
        if few is not None:
            return few
    found = walk(start, direction, bounds)
    return Reached(found.confirmed.keys(), found.possible.keys(), found.is_complete)


def walk(roots: Iterable[int], direction: Direction, limits: Limits | None = None) -> Walk:
    """Level by level, with depths. Answers are kept until the graph changes."""
    version = Graph.objects.values_list("version", flat=True).get()
    return _kept(version, tuple(sorted(set(roots))), direction, limits or Limits())


def continued(before: Walk, most: int) -> Walk:
    """Go on where a walk stopped, up to so many holdings in all."""
    return _walked(replace(before, limits=replace(before.limits, most=most)))


@cache
def is_distributed() -> bool:
    """Do the movements lie on more than one machine? Asked once: processes start anew after `trace distribute`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_dist_partition') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = 'trace_movement'::regclass)"
        )
        return bool(cursor.fetchone()[0])


@lru_cache(maxsize=KEPT)
def _kept(version: int, roots: tuple[int, ...], direction: Direction, limits: Limits) -> Walk:
    start = dict.fromkeys(roots, 0)
    return _walked(Walk(roots, direction, limits, start, {}, (frozenset(start), frozenset())))


def forget() -> None:
    """Drop the answers that this process keeps."""
    _kept.cache_clear()


def _walked(before: Walk) -> Walk:
    confirmed, possible = dict(before.confirmed), dict(before.possible)
    sure, unsure = before.frontier
    deepest = before.limits.depth
    depth = before.depth
    while (sure or unsure) and len(confirmed) + len(possible) <= before.limits.most:
        if deepest is not None and depth >= deepest:
            sure, unsure = frozenset(), frozenset()
            break
        depth += 1
        by_sure, by_unsure = _next(sure, before), _next(unsure, before)
        found = by_sure[0].difference(confirmed)
        doubtful = by_sure[1].union(*by_unsure).difference(confirmed, possible, found)
        confirmed.update(dict.fromkeys(found, depth))
        possible.update(dict.fromkeys(doubtful, depth))
        for node in found.intersection(possible):
            del possible[node]  # reached surely after all, on a longer way
        sure, unsure = found, doubtful
    return replace(before, confirmed=confirmed, possible=possible, frontier=(sure, unsure))


def _next(nodes: Set[int], told: Walk) -> tuple[set[int], set[int]]:
    """One movement further: over confirmed ones, over possible ones."""
    if not nodes:
        return set(), set()
    near, far = _ends(told.direction)
    more, values = told.limits.condition()
    # Where the planner sees the numbers it weighs each of them, which costs more than looking them all up, and then
    # reads the whole table; Citus must see them, for it sends each to its machine.
    asked = "%(nodes)s::bigint[]" if is_distributed() else "(SELECT %(nodes)s::bigint[])::bigint[]"
    statement = (
        f"SELECT array_agg(m.{far}) FILTER (WHERE m.ring = 1), array_agg(m.{far}) FILTER (WHERE m.ring = 2) "
        f"FROM trace_movement m WHERE m.{near} = ANY({asked}){more}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "nodes": _array(nodes)})
        sure, unsure = cursor.fetchone()
    return set(sure or ()), set(unsure or ())


def _small(roots: tuple[int, ...], direction: Direction, limits: Limits) -> Reached | None:
    """The answer in one statement; None when it is not small."""
    near, far = _ends(direction)
    more, values = limits.condition()
    # OFFSET keeps the planner to one look into the index for each node: its guess at the size of a recursion is wild.
    statement = (
        "WITH RECURSIVE w(node, ring) AS (SELECT unnest(%(roots)s::bigint[]), 1::smallint UNION "
        "SELECT n.node, GREATEST(w.ring, n.ring) FROM w CROSS JOIN LATERAL "
        f"(SELECT m.{far} AS node, m.ring FROM trace_movement m WHERE m.{near} = w.node{more} OFFSET 0) n) "
        "SELECT array_agg(node) FILTER (WHERE ring = 1), array_agg(node) FILTER (WHERE ring = 2) "
        "FROM (SELECT node, ring FROM w LIMIT %(cap)s) told"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "roots": _array(roots), "cap": SMALL + 1})
        sure, unsure = (set(each or ()) for each in cursor.fetchone())
    if len(sure) + len(unsure) > SMALL:
        return None
    return Reached(sure, unsure - sure)


def _ends(direction: Direction) -> tuple[str, str]:
    return ("source", "target") if direction == Direction.FORWARD else ("target", "source")


def _array(nodes: Iterable[int]) -> str:
    """As PostgreSQL writes an array: quicker than a list that the driver looks through number by number."""
    return "{" + str(list(nodes))[1:-1] + "}"
