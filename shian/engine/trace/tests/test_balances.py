"""More never leaves a holding than came in, without somebody being told."""

from datetime import timedelta

import pytest
from django.db import connection

from shian.engine.trace.actions.distributing import PLACED, NoCitus, distribute
from shian.engine.trace.balances import CHECKS, TOLERANCES, Balance, balances_of, failing, movements_behind, quality
from shian.engine.trace.models import Holding, Identifier, Movement, MovementKind, Party, Ring
from shian.engine.trace.rules.identifiers import CROWD, short_digest
from shian.engine.trace.tests.graphs import load
from shian.engine.trace.tests.records import NOW
from shian.engine.trace.walks import is_distributed
from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.reach import Reach
from shian.kernel.scope.rules import columns_of_key

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
SENT, RECEIVED, USED, MADE, PACKED = (MovementKind(number) for number in range(1, 6))


def holding(lot: int, made: float | None = None, area: str = "131002", uom: str = "KGM") -> int:
    party = Party.objects.create(identifier=lot, **columns_of_key(area))
    return Holding.objects.create(lot=lot, party=party, first_at=NOW, made=made, uom=uom if made else "").pk


def moved(source: int, target: int, quantity: float | None, kind: MovementKind = SENT, **more) -> None:
    told = {"at": NOW, "seller": 1, "buyer": 2, "uom": "KGM", **more}
    Movement.objects.create(source=source, target=target, quantity=quantity, kind=kind, **told)


def everybody() -> User:
    user = User(username="office", role=Role.OFFICE)
    user._reach = Reach(everything=True)
    return user


def failed(check: str) -> set[int]:
    return set(failing(check, everybody(), TODAY).values_list("pk", flat=True))


def test_a_sale_and_its_receipt_are_one_movement() -> None:
    field, stall = holding(1, 100.0), holding(2)
    moved(field, stall, 0.06, SENT, uom="TNE")
    moved(field, stall, 59.0, RECEIVED)
    moved(field, stall, 5.0, SENT, ring=Ring.POSSIBLE)

    assert balances_of([field, stall]) == {
        field: [Balance("mass", 100.0, 60.0)],
        stall: [Balance("mass", 60.0, 0.0)],
    }
    assert balances_of([field])[field][0].rest == 40
    assert failed("overdrawn") == set()


def test_dimensions_are_balanced_apart() -> None:
    farm, shop = holding(1, 10.0, uom="KGM"), holding(2)
    moved(farm, shop, 300, uom="EA")
    moved(farm, shop, 2, uom="XPK")

    assert {each.dimension: (each.came, each.left) for each in balances_of([farm])[farm]} == {
        "mass": (10, 0), "number": (0, 300), "XPK": (0, 2),
    }  # fmt: skip


def test_more_out_than_in_is_found_within_tolerance() -> None:
    source, honest, cheat, shop = holding(1, 1_000.0), holding(2), holding(3), holding(4)
    for stall, out in ((honest, 101.0), (cheat, 103.0)):
        moved(source, stall, 100.0)
        moved(stall, shop, out)

    assert TOLERANCES.at(TODAY) == 0.02
    assert failed("overdrawn") == {cheat}
    assert not Balance("mass", 100, 102).is_breached(0.02)
    assert Balance("mass", 100, 103).is_breached(0.02)


def test_two_people_of_a_crowd_are_not_one_sale_told_twice() -> None:
    uri = f"{CROWD}M1"
    name = Identifier.objects.create(uri=uri, digest=short_digest(uri)).pk
    crowd = Party.objects.create(identifier=name, **columns_of_key("131002")).pk
    stall, shop, other = holding(11, 100.0), holding(12), holding(13, 100.0)
    for buyer in (crowd, crowd):
        moved(stall, shop, 5.0, buyer=buyer)
    assert failed("doubled") == set()

    for _ in range(2):
        moved(other, shop, 5.0)
        moved(other, shop, None, ring=Ring.POSSIBLE)
    moved(other, shop, 6.0)

    assert failed("doubled") == {other}
    assert [each.quantity for each in movements_behind("doubled", other, 20)] == [5.0, 5.0]


def test_each_check_shows_the_movements_that_fail_it() -> None:
    maker, shop, other, lost = holding(1, 100.0), holding(2), holding(3), holding(4)
    moved(maker, shop, 40.0)
    moved(shop, other, 30.0)
    moved(shop, other, 20.0, at=NOW - timedelta(days=1))
    moved(lost, other, 7.0)

    for check, node, told in (
        ("overdrawn", shop, [30.0, 20.0]), ("backwards", shop, [20.0]), ("one_sided", shop, [40.0]),
        ("orphan", lost, [7.0]),
    ):  # fmt: skip
        assert failed(check) == {node}
        assert [each.quantity for each in movements_behind(check, node, 20)] == told
    assert len(movements_behind("overdrawn", shop, 1)) == 1


def test_work_and_boxes_are_not_overdrawn() -> None:
    flour, batch, bread, box, shop = holding(1, 50.0), holding(2), holding(3), holding(4), holding(5)
    moved(flour, batch, 50.0, USED)
    moved(batch, bread, 80.0, MADE)
    moved(bread, box, 80.0, PACKED)
    moved(bread, shop, 80.0, MovementKind.UNPACKED)

    assert failed("overdrawn") == set()


def test_what_comes_from_nowhere() -> None:
    nowhere, shop, grower = holding(1), holding(2), holding(3, 5.0)
    moved(nowhere, shop, 1.0)
    moved(grower, shop, 1.0)

    assert failed("orphan") == {nowhere}


def test_what_left_before_it_came() -> None:
    source, stall, shop = holding(1, 9.0), holding(2), holding(3)
    moved(source, stall, 5.0)
    moved(stall, shop, 5.0, at=NOW - timedelta(hours=1))

    assert failed("backwards") == {stall}


def test_what_only_one_side_tells() -> None:
    source, told, silent, shop = holding(1, 9.0), holding(2), holding(3), holding(4)
    moved(source, told, 1.0)
    moved(source, told, 1.0, RECEIVED)
    moved(source, silent, 1.0)
    moved(told, shop, 1.0)
    moved(silent, shop, 1.0)

    assert failed("one_sided") == {silent}


def test_what_is_told_twice() -> None:
    source, shop = holding(1, 9.0), holding(2)
    moved(source, shop, 1.0)
    assert failed("doubled") == set()
    moved(source, shop, 1.0)

    assert failed("doubled") == {source}


def test_everybody_counts_in_their_own_area() -> None:
    for lot, area in ((1, "131002"), (2, "131002"), (3, "131003")):
        moved(holding(lot, area=area), holding(lot + 10, area=area), 1.0)
    user = User(username="county", role=Role.COUNTY)
    user._reach = Reach(keys=("131002",))

    assert quality(user, TODAY)["orphan"] == 2
    assert quality(everybody(), TODAY) == {**dict.fromkeys(CHECKS, 0), "orphan": 3}


def test_without_citus_everything_stays_on_one_machine() -> None:
    assert not is_distributed()
    with pytest.raises(NoCitus, match="no Citus"):
        distribute(by="cli", at=NOW)


STAND_IN = """
CREATE TABLE pg_dist_partition (logicalrelid regclass, by text);
CREATE FUNCTION create_distributed_table(name text, by text) RETURNS void LANGUAGE sql
AS $$ INSERT INTO pg_dist_partition VALUES (name::regclass, by) $$;
"""


@pytest.mark.usefixtures("owner_role")
def test_with_citus_each_table_is_placed_once() -> None:
    """A stand-in for the extension: it notes what it is asked for."""
    with connection.cursor() as cursor:
        cursor.execute(STAND_IN)
        assert distribute(by="cli", at=NOW) == sorted(PLACED)
        cursor.execute("SELECT logicalrelid::text, by FROM pg_dist_partition")
        assert dict(cursor.fetchall()) == PLACED
    assert distribute(by="cli", at=NOW) == []
    is_distributed.cache_clear()
    assert is_distributed()
    is_distributed.cache_clear()


def test_a_lot_in_sixty_thousand_hands_is_balanced_at_once() -> None:
    """Where each holding is compared with every other it takes minutes."""
    load((1, target, 1) for target in range(2, 60_000))
    Movement.objects.update(quantity=2, uom="KGM")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '12s'")

    found = balances_of(range(1, 60_000))

    assert (found[1][0].left, found[59_999][0].came, len(found)) == (119_996, 2, 59_999)
