"""Imported food: coded at its first station, checked in the central warehouse, and never out beyond what came in."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from shian.domains.tracing.actions.coldchain.batches import announce_batch, hold_batch, release_batch, take_in_batch
from shian.domains.tracing.actions.coldchain.moves import repack_goods, send_goods
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import ColdBatch, ColdMove, ColdState, ColdStock, StoreKind
from shian.domains.tracing.tests import scene
from shian.domains.tracing.tests.cold_scene import AT, GOODS, announced, make_store, make_units, stocked
from shian.domains.tracing.tests.test_trade import person
from shian.engine.trace.balances import balances_of
from shian.engine.trace.walks import Direction, reached
from shian.kernel.accounts.models import Role
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.models import OutOfReach
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    return make_units()


@pytest.fixture
def store(units):
    return make_store(operator=units["O-W"])


def test_only_the_own_people_of_a_connected_unit_announce_goods_with_papers_of_their_own(units):
    own = person("own", units["O-A"])
    batch = announce_batch(operator=units["O-A"], told=GOODS, by=own, at=AT)
    assert (batch.code, batch.state) == ("JLO-A-20221124-001", ColdState.ANNOUNCED)

    with pytest.raises(OutOfReach):
        announce_batch(operator=units["O-B"], told=GOODS, by=own, at=AT)
    with pytest.raises(PermissionDenied):
        announce_batch(operator=units["O-A"], told=GOODS, by=reach_user("staff", "131022"), at=AT)
    for told, why in (
        (GOODS, "已经赋码"),
        (replace(GOODS, lot_no="2", quantity=Decimal(0)), "大于 0"),
        (replace(GOODS, lot_no="2", expires_on=date(2022, 11, 24)), "已过保质期"),
        (replace(GOODS, lot_no="2", made_on=date(2022, 11, 25)), "今天以后"),
    ):
        with pytest.raises(TradeRefused, match=why):
            announced(units["O-A"], told)
    with pytest.raises(TradeRefused, match="尚未纳入"):
        announced(units["O-C"], replace(GOODS, lot_no="3"))


def test_goods_pass_the_central_warehouse_and_leave_it_with_a_release_number_only(units, store):
    batch = announced(units["O-A"])
    inspector, own = reach_user("staff", scene.OTHER, Role.COUNTY), person("own", units["O-W"])
    with pytest.raises(TradeRefused, match="集中监管仓"):
        take_in_batch(batch=batch, store=make_store("S1", kind=StoreKind.STORE), position="", by=inspector, at=AT)
    with pytest.raises(OutOfReach):
        take_in_batch(batch=batch, store=store, position="", by=person("other", units["O-B"]), at=AT)
    with pytest.raises(TradeRefused, match="到仓以后"):
        release_batch(batch=batch, samples=1, by="test", at=AT)

    batch = take_in_batch(batch=batch, store=store, position="A-1", by=own, at=AT)
    stock = batch.stocks.get()
    hold_batch(batch=batch, reason="证明号不符", samples=0, by=inspector, at=AT)
    with pytest.raises(TradeRefused, match="没有放行编号"):
        send_goods(stock=stock, quantity=Decimal(1), buyer=units["O-B"], by="test", at=AT)
    with pytest.raises(IntegrityError, match="without a release number"), transaction.atomic():
        ColdMove.objects.create(number="X", source=stock, quantity=1, at=AT)

    with pytest.raises(PermissionDenied):
        release_batch(batch=batch, samples=2, by=own, at=AT)
    with pytest.raises(OutOfReach):
        release_batch(batch=batch, samples=2, by=reach_user("far", scene.COUNTY, Role.COUNTY), at=AT)
    batch = release_batch(batch=batch, samples=2, by=inspector, at=AT)
    assert (batch.release_no, batch.hold_reason) == ("FXW1-20221124-001", "")
    told = [each.action for each in entries_of(batch.subject)]
    assert set(told) == {f"tracing.cold_{each}" for each in ("announced", "arrived", "held", "released")}


def test_what_came_in_is_what_went_out_and_what_is_left_at_every_hand(units, store):
    stock = stocked(units["O-A"], store)
    send_goods(stock=stock, quantity=Decimal(600), buyer=units["O-B"], by="test", at=AT)
    send_goods(stock=stock, quantity=Decimal(150), by="test", at=AT)  # eaten
    there = ColdStock.objects.get(operator=units["O-B"])
    send_goods(stock=there, quantity=Decimal("600.00"), by="test", at=AT)

    sums = {each.operator.code: (each.received, each.sent, each.left) for each in ColdStock.objects.all()}
    assert sums == {"O-A": (1000, 750, "250"), "O-B": (600, 600, "0")}
    assert reached([stock.holding], Direction.FORWARD).confirmed == {stock.holding, there.holding}
    assert balances_of([there.holding])[there.holding][0].came == 600


def test_more_than_is_left_and_buyers_that_are_not_connected_are_refused_by_pages_and_by_the_database(units, store):
    stock = stocked(units["O-A"], store)
    send_goods(stock=stock, quantity=Decimal(999), by="test", at=AT)

    with pytest.raises(TradeRefused, match="还剩 1 千克"):
        send_goods(stock=stock, quantity=Decimal(2), by="test", at=AT)
    for buyer, why in (("O-C", "尚未纳入"), ("O-A", "不能是自己")):
        with pytest.raises(TradeRefused, match=why):
            send_goods(stock=stock, quantity=Decimal(1), buyer=units[buyer], by="test", at=AT)
    with pytest.raises(IntegrityError, match="tracing_stock_out_within_in"), transaction.atomic():
        ColdMove.objects.create(number="X", source=stock, quantity=2, at=AT)
    ColdMove.objects.all().delete()
    stock.refresh_from_db()
    assert (stock.received, stock.sent) == (1000, 0)


def test_what_is_repacked_gets_codes_of_its_own_under_the_same_release(units, store):
    stock = stocked(units["O-A"], store)
    first, second = repack_goods(stock=stock, shares=[Decimal(300), Decimal(700)], by="test", at=AT)

    assert {first.release_no, second.release_no} == {ColdBatch.objects.get(parent=None).release_no}
    part = first.stocks.get()
    assert (part.received, part.holding in reached([stock.holding], Direction.FORWARD).confirmed) == (300, True)
    send_goods(stock=part, quantity=Decimal(300), buyer=units["O-B"], by="test", at=AT)
    with pytest.raises(TradeRefused, match="还剩 0 千克"):
        repack_goods(stock=stock, shares=[Decimal(1)], by="test", at=AT + timedelta(days=1))


def test_a_batch_is_seen_where_it_was_coded_and_where_somebody_has_it(units, store):
    far = scene.make_operator("O-F", scene.OTHER)
    stock = stocked(units["O-A"], store)
    there, elsewhere = reach_user("there", scene.COUNTY), reach_user("elsewhere", scene.OTHER)
    assert ColdBatch.objects.visible_to(there).count() == 1
    assert ColdBatch.objects.visible_to(person("w", units["O-B"])).count() == 0

    ColdStock.objects.create(
        cold_batch=stock.cold_batch, operator=far, first_at=AT, holding=1, **scene.place(scene.OTHER)
    )
    assert ColdBatch.objects.visible_to(elsewhere).count() == 1
