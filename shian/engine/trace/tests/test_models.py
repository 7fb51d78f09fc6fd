"""The tables keep what the graph promises."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from shian.engine.trace.models import (
    Delivery,
    EventFigure,
    EventPlace,
    Graph,
    Holding,
    Movement,
    MovementKind,
    NamedQuery,
    Party,
    Subscription,
    TraceEvent,
)
from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.reach import Reach
from shian.kernel.scope.rules import columns_of_key

pytestmark = pytest.mark.django_db
AT = datetime(2023, 10, 1, tzinfo=UTC)


def holding(lot: int, area: str = "131002") -> Holding:
    party = Party.objects.create(identifier=lot, **columns_of_key(area))
    return Holding.objects.create(lot=lot, party=party, first_at=AT)


def moved(source: int, target: int, **more) -> Movement:
    return Movement.objects.create(
        source=source, target=target, at=AT, seller=1, buyer=2, kind=MovementKind.SENT, **more
    )


def test_a_holding_is_seen_where_its_party_is() -> None:
    near, far = holding(1), holding(2, "131003")
    user = User(username="li", role=Role.COUNTY)
    user._reach = Reach(keys=("131002",))

    assert list(Holding.objects.visible_to(user)) == [near]
    assert list(Party.objects.visible_to(user)) == [near.party]
    user._reach = Reach(everything=True)
    assert set(Holding.objects.visible_to(user)) == {near, far}


def test_a_lot_is_held_once_by_a_party() -> None:
    first = holding(1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(lot=first.lot, party=first.party, first_at=AT)


@pytest.mark.parametrize(("target", "quantity"), [(1, 5.0), (2, -1.0)])
def test_a_movement_moves_something_somewhere(target: int, quantity: float) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        moved(1, target, quantity=quantity)


def test_there_is_one_graph() -> None:
    assert Graph.objects.get().version == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Graph.objects.create(pk=2)


def test_events_lie_in_months_that_the_web_role_may_make() -> None:
    columns = "record_time, time, capture, blob, party_id, place, kind, digest"
    row = f"INSERT INTO trace_event ({columns}) VALUES (%s, %s, 1, 0, 1, 0, 0, '')"
    with connection.cursor() as cursor:
        cursor.execute("SELECT trace_event_month(%s), trace_event_month(%s)", [AT, AT])
        for at in (AT, datetime(2023, 10, 31, 23, 59, tzinfo=UTC)):
            cursor.execute(row, [at, AT])
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM trace_event")
        assert cursor.fetchall() == [("trace_event_202310",)]

    assert TraceEvent.objects.filter(time=AT).count() == 2


def test_a_walk_never_reads_the_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN SELECT target, buyer, at, ring FROM trace_movement WHERE source = ANY('{1,2}')")
        forward = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("EXPLAIN SELECT source, seller, at, ring FROM trace_movement WHERE target = ANY('{1,2}')")
        backward = "\n".join(row[0] for row in cursor.fetchall())

    assert "Index Only Scan using trace_movement_forward" in forward
    assert "Index Only Scan using trace_movement_backward" in backward


def test_figures_and_places_of_events_are_kept_once() -> None:
    figure = EventFigure.objects.create(name=1, value=2.5, event=3)
    place = EventPlace.objects.create(identifier=7, uri="https://trace.example.org/market/M3")

    assert (str(figure), str(place)) == ("1 of 3", place.uri)
    for again in (figure, place):
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)


def test_a_query_has_one_name_and_is_its_owners() -> None:
    query = NamedQuery.objects.create(by="li", name="stall", parameters={}, created_at=AT)

    assert list(NamedQuery.objects.visible_to(User(username="li"))) == [query]
    assert not NamedQuery.objects.visible_to(User(username="wang")).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        NamedQuery.objects.create(by="li", name="stall", parameters={}, created_at=AT)


def test_a_report_that_was_sent_has_its_moment() -> None:
    query = NamedQuery.objects.create(by="li", name="stall", parameters={}, created_at=AT)
    made = Subscription.objects.create(query=query, by="li", url="https://x.example", after_time=AT, next_at=AT,
                                       created_at=AT)  # fmt: skip

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(subscription=made, content=b"", events=1, state="sent", next_at=AT, created_at=AT)
