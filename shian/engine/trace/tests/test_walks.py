"""Walks reach what there is to reach, however the graph lies, and say when they stopped before the end."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shian.engine.trace.models import Movement, Ring
from shian.engine.trace.tests.graphs import Oracle, ladder, load, random_city
from shian.engine.trace.walks import Direction, Limits, _small, continued, forget, reached, walk

pytestmark = pytest.mark.django_db
FORWARD, BACKWARD = Direction.FORWARD, Direction.BACKWARD
CONFIRMED = Limits(ring=Ring.CONFIRMED)


@pytest.fixture(autouse=True)
def nothing_kept():
    forget()


@pytest.mark.parametrize("direction", Direction)
def test_walks_equal_the_oracle(direction: Direction) -> None:
    """1,000 roots each way, by both ways of walking."""
    edges = random_city(7)
    load(edges)
    oracle = Oracle(edges, backward=direction == BACKWARD)
    roots = [*range(4), *random.Random(11).sample(range(20_000), 1_000)]
    small = 0
    for root in roots:
        sure, possible = oracle.reached(root)
        found = reached([root], direction)
        assert (set(found.confirmed), set(found.possible), found.is_complete) == (sure, possible, True)
        small += len(sure) + len(possible) <= 256
    assert 100 < small < len(roots)  # both ways were gone
    for root in roots[:60]:
        levels = walk([root], direction)
        assert (set(levels.confirmed), set(levels.possible)) == oracle.reached(root)


def test_several_roots_reach_what_each_reaches() -> None:
    edges = random_city(8, nodes=3_000, edges=2_500)
    load(edges)
    oracle = Oracle(edges)
    roots = random.Random(3).sample(range(3_000), 40)
    sure = set().union(*(oracle.reached(root)[0] for root in roots))
    everything = sure.union(*(oracle.reached(root)[1] for root in roots))

    found = reached(roots, FORWARD)

    assert (set(found.confirmed), set(found.possible)) == (sure, everything - sure)


def test_a_ladder_of_mixed_lots_ends_quickly() -> None:
    """The ways through it are 5 to the 12th; a list of ways would take minutes."""
    load(ladder())
    reached([0], FORWARD)
    times = []
    for _ in range(3):
        forget()
        began = time.perf_counter()
        found = reached([0], FORWARD)
        times.append(time.perf_counter() - began)

    assert len(found.confirmed) == len(Oracle(ladder()).reached(0)[0]) > 1_500
    assert min(times) < 1  # the promise of 20 ms is the benchmark's, on a quiet machine


def test_cycles_end() -> None:
    load([(1, 2, 1), (2, 3, 1), (3, 1, 1), (3, 4, 2), (4, 2, 1)])

    for found in (reached([1], FORWARD), walk([1], FORWARD)):
        assert set(found.confirmed) == {1, 2, 3}
        assert set(found.possible) == {4}


def test_a_holding_reached_both_ways_is_confirmed() -> None:
    """Possible at once, surely only later: and what comes after it is sure too."""
    load([(1, 9, 2), (1, 2, 1), (2, 9, 1), (9, 10, 1), (10, 11, 2)])

    found = walk([1], FORWARD)

    assert found.confirmed == {1: 0, 2: 1, 9: 2, 10: 3}
    assert found.possible == {11: 3}
    assert set(reached([1], FORWARD).confirmed) == {1, 2, 9, 10}


def test_limits_of_depth_and_ring() -> None:
    load([(1, 2, 1), (2, 3, 1), (2, 4, 2), (3, 5, 1)])

    assert walk([1], FORWARD, Limits(depth=1)).confirmed == {1: 0, 2: 1}
    assert walk([1], FORWARD, Limits(depth=2)).is_complete
    assert walk([1], FORWARD, CONFIRMED).possible == {}
    assert set(reached([1], FORWARD, CONFIRMED).confirmed) == {1, 2, 3, 5}
    assert set(reached([5], BACKWARD).confirmed) == {5, 3, 2, 1}


@pytest.mark.parametrize("forced", [True, False])
def test_limits_of_time(forced: bool) -> None:
    load([(1, 2, 1), (2, 3, 1)])
    start = datetime(2023, 10, 1, tzinfo=UTC)
    Movement.objects.filter(target=3).update(at=start + timedelta(days=9))
    until, since = Limits(until=start + timedelta(days=1)), Limits(since=start + timedelta(days=1))

    def ids(root: int, limits: Limits) -> set[int]:
        return set((_small((root,), FORWARD, limits) if forced else walk([root], FORWARD, limits)).confirmed)

    assert ids(1, until) == {1, 2}
    assert ids(2, since) == {2, 3}
    assert ids(1, since) == {1}


def test_nothing_is_cut_off_in_silence() -> None:
    load([*((1, node, 1) for node in range(10, 60)), *((node, node + 100, 2) for node in range(10, 60))])

    short = walk([1], FORWARD, Limits(most=20))

    assert not short.is_complete
    assert set(short.confirmed) == {1, *range(10, 60)}
    assert short.frontier[0] == set(range(10, 60))
    whole = continued(short, 1_000)
    assert whole.is_complete
    assert set(whole.possible) == set(range(110, 160))
    assert whole.confirmed == walk([1], FORWARD).confirmed


def test_a_lot_that_never_moved_reaches_itself() -> None:
    assert set(reached([77], BACKWARD).confirmed) == {77}
    assert reached([], FORWARD).confirmed == set()


def test_answers_are_kept_until_the_graph_changes(django_assert_num_queries) -> None:
    load([(1, 2, 1)])
    first = walk([1], FORWARD)

    with django_assert_num_queries(1):
        assert walk([1], FORWARD) is first
    load([(2, 3, 1)])
    assert set(walk([1], FORWARD).confirmed) == {1, 2, 3}


def test_a_level_is_looked_up_and_the_table_never_read() -> None:
    """A planner that sees twenty thousand numbers takes the whole table for quicker, whatever its size."""
    load((0, node, 1) for node in range(1, 20_000))
    with CaptureQueriesContext(connection) as asked:
        assert len(walk([0], FORWARD).confirmed) == 20_000
    [_version, _root, level, _last] = [each["sql"] for each in asked.captured_queries] + [""] * (4 - len(asked))

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + level.replace("%", "%%"))
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "trace_movement_forward" in plan
    assert "Seq Scan" not in plan
