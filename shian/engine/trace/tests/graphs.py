"""Graphs to walk over, and the walk as it is in memory: the oracle."""

import random
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

Edge = tuple[int, int, int]  # source, target, ring


def load(edges: Iterable[Edge], at: str = "2023-10-01T00:00:00Z") -> None:
    """Put movements into the empty graph."""
    rows = [f"{source}\t{target}\t{at}\t1\t2\t1\t{ring}\t" for source, target, ring in edges]
    with connection.cursor() as cursor:
        statement = "COPY trace_movement (source, target, at, seller, buyer, kind, ring, uom) FROM STDIN"
        with cursor.cursor.copy(statement) as copy:
            copy.write("\n".join(rows))
        cursor.execute("UPDATE trace_graph SET version = nextval('trace_graph_version_seq')")
        cursor.execute("ANALYZE trace_movement")


def random_city(seed: int, nodes: int = 20_000, edges: int = 20_000, hubs: int = 4) -> list[Edge]:
    """Mostly forward in time, some returns, some hubs, one movement in eight only possible."""
    chance = random.Random(seed)
    found: set[tuple[int, int]] = set()
    for _ in range(edges):
        if chance.random() < 0.05:
            source = chance.randrange(hubs)
            target = chance.randrange(nodes)
        else:
            source = chance.randrange(nodes)
            target = min(nodes - 1, source + chance.randrange(1, 3_000))
        if chance.random() < 0.02:
            source, target = target, source
        if source != target:
            found.add((source, target))
    return [(source, target, 2 if chance.random() < 0.125 else 1) for source, target in sorted(found)]


def ladder(layers: int = 12, lots: int = 200, inputs: int = 5) -> list[Edge]:
    """Each lot of a layer is mixed from some of the layer before: ways multiply, holdings do not."""
    chance = random.Random(5)
    return [
        (layer * lots + source, (layer + 1) * lots + lot, 1)
        for layer in range(layers)
        for lot in range(lots)
        for source in chance.sample(range(lots), inputs)
    ]


class Oracle:
    """Adjacency lists, and a walk that has nothing in common with the one in the database."""

    def __init__(self, edges: Iterable[Edge], *, backward: bool = False) -> None:
        self.next: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for source, target, ring in edges:
            near, far = (target, source) if backward else (source, target)
            self.next[near].append((far, ring))

    def reached(self, root: int) -> tuple[set[int], set[int]]:
        sure = self._closure({root}, 1)
        return sure, self._closure({root}, 2) - sure

    def _closure(self, start: set[int], ring: int) -> set[int]:
        seen, waiting = set(start), list(start)
        while waiting:
            for node, through in self.next[waiting.pop()]:
                if through <= ring and node not in seen:
                    seen.add(node)
                    waiting.append(node)
        return seen
