"""Goods that go on to others, drawn many at once: the same holdings and movements as one by one, whatever the planner
knows of the tables."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection

from shian.engine.trace.actions.drawing import Run, enter_holdings, enter_movements, enter_transfers
from shian.engine.trace.models import Holding, Movement

pytestmark = pytest.mark.django_db
COLUMNS = "lot, source, at, quantity, seller, buyer, kind, ring, uom"
MADE = "SELECT lot::bigint, 1, '2023-10-02T00:00Z'::timestamptz, 50::float8, 'KGM' FROM (VALUES (7), (8)) made (lot)"


def run(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def explained(plans: list[str]) -> Run:
    """Runs statements; what the planner means to do goes into the list before."""

    def told(statement: str) -> int:
        if statement.startswith("INSERT") or " AS SELECT " in statement:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {statement}")
                plans.append("\n".join(line for (line,) in cursor.fetchall()))
        return run(statement)

    return told


def source_of(lot: int) -> int:
    return int(Holding.objects.values_list("pk", flat=True).get(lot=lot, party=1))


def drawn() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """All holdings, and all movements between them by lot and party."""
    named = {each.pk: (each.lot, each.party_id) for each in Holding.objects.all()}
    moved = Movement.objects.values_list("source", "target", "at", "quantity", "seller", "buyer", "kind", "ring", "uom")
    holdings = Holding.objects.order_by("lot", "party").values_list("lot", "party", "first_at", "made", "uom")
    return list(holdings), sorted(((named[source], named[target], *told) for source, target, *told in moved), key=str)


def transfers(first: int, second: int) -> str:
    """Two sales to party 2 of one lot, one to the seller itself, a possible one, and one of the other lot."""
    rows = [
        (7, first, "2023-10-05", "10", 2, 1), (7, first, "2023-10-03", "5.5", 2, 1),
        (7, first, "2023-10-04", "1", 1, 1), (7, first, "2023-10-01", "NULL", 3, 2),
        (8, second, "2023-10-03", "4", 2, 1),
    ]  # fmt: skip
    return " UNION ALL ".join(
        f"SELECT {lot}::bigint, {source}::bigint, '{at}T00:00Z'::timestamptz, {quantity}::float8, 1, {buyer}, 1, "
        f"{ring}, 'KGM'"
        for lot, source, at, quantity, buyer, ring in rows
    )


def one_by_one(rows: str) -> int:
    told = f"({rows}) told ({COLUMNS})"
    enter_holdings(run, f"SELECT lot, buyer, at, NULL::float8, uom FROM {told}")
    return enter_movements(
        run,
        "SELECT told.source, h.id, told.at, told.quantity, told.seller, told.buyer, told.kind, told.ring, told.uom "
        f"FROM {told} JOIN trace_holding h ON h.lot = told.lot AND h.party_id = told.buyer",
    )


def test_what_goes_on_is_drawn_as_one_by_one() -> None:
    def entered(way: Callable[[str], int]) -> tuple[object, ...]:
        Movement.objects.all().delete()
        Holding.objects.all().delete()
        enter_holdings(run, MADE)
        told = transfers(source_of(7), source_of(8))
        count = way(told)
        again = way(told)  # their holdings are there already
        return count, again, *drawn()

    together = entered(lambda rows: enter_transfers(run, rows))

    assert together == entered(one_by_one)
    count, again, holdings, moved = together
    assert (count, again, len(moved)) == (4, 4, 8)  # whoever sells to oneself moves nothing
    assert [(lot, party) for lot, party, *_rest in holdings] == [(7, 1), (7, 2), (7, 3), (8, 1), (8, 2)]


def test_a_holding_that_is_there_begins_earlier_if_it_did() -> None:
    enter_holdings(run, MADE)
    later = "SELECT 7::bigint, 2, '2023-10-09T00:00Z'::timestamptz, NULL::float8, ''"
    enter_holdings(run, later)

    enter_transfers(run, transfers(source_of(7), source_of(8)))

    found = Holding.objects.get(lot=7, party=2)
    assert (found.first_at, found.uom, found.made) == (datetime(2023, 10, 3, tzinfo=UTC), "KGM", None)


def test_a_lot_with_many_buyers_is_not_walked_through_for_each_of_them() -> None:
    """Of tables that were never looked at the planner knows nothing: a join by lot alone would be quadratic."""
    enter_holdings(run, MADE)
    enter_holdings(
        run, "SELECT 7::bigint, n, '2023-10-03'::timestamptz, NULL::float8, 'KGM' FROM generate_series(2, 4000) n"
    )
    rows = (
        f"SELECT 7::bigint, {source_of(7)}::bigint, '2023-10-04'::timestamptz, 1::float8, 1, n, 1, 1, 'KGM' "
        "FROM generate_series(2000, 6000) n"
    )
    plans: list[str] = []

    assert enter_transfers(explained(plans), rows) == 4001

    assert len(plans) == 4
    assert not [plan for plan in plans if "Nested Loop" in plan]
    assert Holding.objects.filter(lot=7).count() == 6000
