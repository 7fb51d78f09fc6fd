"""Dishes of central kitchens: what they are made of, where they go, how they arrive (E-09, M-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.coldchain.batches import areas_of
from shian.domains.tracing.actions.coldchain.moves import taken
from shian.domains.tracing.actions.graph import hold, holding_of, lot_of, moved, party_of
from shian.domains.tracing.actions.numbers import free_number
from shian.domains.tracing.actions.orders import refuse_recalled
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import ColdStock, KitchenDispatch, KitchenInput, KitchenSheet, OutOrder
from shian.domains.tracing.permissions import of_operator
from shian.domains.tracing.queries.kitchens import holding_of_purchase, is_kitchen, left_of_purchase
from shian.domains.tracing.rules.naming import cooking_uri, sheet_uri
from shian.domains.tracing.rules.quantities import kilos
from shian.engine.trace.models import MovementKind
from shian.kernel.notary.actions import seal
from shian.registers.operators.models import Operator

MOST_INPUTS = 30
LONG_AGO = timedelta(days=7)


@dataclass(frozen=True)
class Dish:
    """What was cooked. quantity: kilograms; core: °C at its centre; sample: grams kept for `sample_hours`."""

    dish: str
    quantity: Decimal
    portions: int
    cooked_at: datetime
    core: Decimal
    sample: int = 0
    sample_hours: int = 48


@dataclass(frozen=True)
class Used:
    """What went into it, in kilograms: of `source`, or bought elsewhere from `supplier`."""

    name: str
    quantity: Decimal
    source: OutOrder | ColdStock | None = None
    supplier: str = ""
    lot_no: str = ""


@transaction.atomic
def cook_meal(*, kitchen: Operator, dish: Dish, used: Sequence[Used], by: Any, at: datetime) -> KitchenSheet:
    """A batch sheet: inputs are used up, the dish begins. Raises PermissionDenied, OutOfReach; TradeRefused for no
    kitchen, no inputs, more of one than is left, and a time to come."""
    name = of_operator(by, kitchen)
    if not is_kitchen(kitchen):
        raise TradeRefused(_("只有中央厨房和集体用餐配送单位登记加工批次。"))
    if not used or len(used) > MOST_INPUTS:
        raise TradeRefused(_("请填写 1 至 %(most)s 种原料。") % {"most": MOST_INPUTS})
    if not at - LONG_AGO <= dish.cooked_at <= at:
        raise TradeRefused(_("烧熟时间应在最近 7 天以内。"), "cooked_at")
    hold()
    number, party = (
        free_number(KitchenSheet.objects, f"JG{kitchen.code[-24:]}", timezone.localdate(at)),
        party_of(kitchen),
    )
    work = holding_of(lot_of(cooking_uri(number)), party, dish.cooked_at)
    holding = holding_of(lot_of(sheet_uri(number)), party, dish.cooked_at)
    kept = dish.cooked_at + timedelta(hours=dish.sample_hours) if dish.sample else None
    sheet = KitchenSheet.objects.create(
        number=number, operator=kitchen, dish=dish.dish.strip(), quantity=dish.quantity, portions=dish.portions,
        cooked_at=dish.cooked_at, core=dish.core, sample=dish.sample, sample_until=kept, holding=holding,
        **areas_of(kitchen),
    )  # fmt: skip
    for each in used:
        _use(sheet, each, work)
    moved(work, holding, dish.cooked_at, dish.quantity, MovementKind.MADE)
    told = {"dish": sheet.dish, "portions": sheet.portions, "inputs": [each.name for each in used]}
    seal(action="tracing.meal_cooked", by=name, subject=sheet.subject, data=told, at=at)
    return sheet


def _use(sheet: KitchenSheet, used: Used, work: int) -> None:
    source = used.source
    if used.quantity <= 0:
        raise TradeRefused(_("原料数量应大于 0。"))
    row = KitchenInput(sheet=sheet, name=used.name.strip()[:60], quantity=used.quantity)
    holding: int | None = None
    if isinstance(source, ColdStock):
        row.stock = taken(source, used.quantity)
        holding = row.stock.holding
        _require(row.stock.operator_id == sheet.operator_id)
    elif source is not None:
        row.out_order, holding = source, holding_of_purchase(source)
        if holding is not None:
            refuse_recalled(holding)
        _require(source.buyer == party_of(sheet.operator))
        if used.quantity > (left := left_of_purchase(source)):
            told = {"name": used.name, "left": kilos(left)}
            raise TradeRefused(_("%(name)s 还剩 %(left)s 千克。") % told)
    else:
        row.supplier, row.lot_no = used.supplier.strip()[:120], used.lot_no.strip()[:60]
        if not row.supplier:
            raise TradeRefused(_("请填写 %(name)s 的供货者。") % {"name": used.name})
    row.save(force_insert=True)
    if holding is not None:
        moved(holding, work, sheet.cooked_at, used.quantity, MovementKind.USED)


def _require(is_own: bool) -> None:
    if not is_own:
        raise TradeRefused(_("只能使用本单位购进的原料。"))


@transaction.atomic
def send_meal(
    *, sheet: KitchenSheet, receiver: Operator, portions: int, celsius: Decimal, by: Any, at: datetime
) -> KitchenDispatch:
    """Portions leave for a school. Raises PermissionDenied, OutOfReach, TradeRefused."""
    name = of_operator(by, sheet.operator)
    hold()
    locked = KitchenSheet.objects.select_for_update(of=("self",)).select_related("operator").get(pk=sheet.pk)
    refuse_recalled(locked.holding)
    left = locked.portions - locked.sent
    if not 0 < portions <= left:
        raise TradeRefused(_("这一批还剩 %(left)s 份。") % {"left": left}, "portions")
    if receiver.pk == locked.operator_id:
        raise TradeRefused(_("收餐单位不能是自己。"), "receiver_code")
    if at < locked.cooked_at:
        raise TradeRefused(_("发出时间早于烧熟时间。"))
    number = free_number(KitchenDispatch.objects, f"PS{locked.operator.code[-24:]}", timezone.localdate(at))
    made = KitchenDispatch.objects.create(
        number=number, sheet=locked, receiver=receiver, portions=portions, left_at=at, left_celsius=celsius
    )
    there = holding_of(lot_of(sheet_uri(locked.number)), party_of(receiver), at)
    weight = round(locked.quantity * portions / locked.portions, 2)
    moved(locked.holding, there, at, weight, MovementKind.SENT)
    told = {"sheet": locked.number, "receiver": receiver.code, "portions": portions, "celsius": str(celsius)}
    seal(action="tracing.meal_sent", by=name, subject=made.subject, data=told, at=at)
    return made


@transaction.atomic
def receive_meal(
    *, dispatch: KitchenDispatch, celsius: Decimal, is_sample_kept: bool, by: Any, at: datetime
) -> KitchenDispatch:
    """The school says how hot it came and whether it kept a sample. Raises PermissionDenied, OutOfReach,
    TradeRefused."""
    name = of_operator(by, dispatch.receiver)
    locked = KitchenDispatch.objects.select_for_update(of=("self",)).get(pk=dispatch.pk)
    if locked.arrived_at is not None:
        raise TradeRefused(_("这一单已经收餐。"))
    locked.arrived_at, locked.arrived_celsius, locked.is_sample_kept = at, celsius, is_sample_kept
    locked.save(update_fields=["arrived_at", "arrived_celsius", "is_sample_kept"])
    told = {"celsius": str(celsius), "sample": is_sample_kept}
    seal(action="tracing.meal_received", by=name, subject=locked.subject, data=told, at=at)
    return locked
