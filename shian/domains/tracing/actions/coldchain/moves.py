"""Imported food that moves on, or is repacked under a code of its own."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.coldchain.batches import areas_of, require_unit
from shian.domains.tracing.actions.graph import hold, holding_of, lot_of, moved, party_of
from shian.domains.tracing.actions.numbers import free_number
from shian.domains.tracing.actions.orders import refuse_recalled
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import ColdBatch, ColdMove, ColdState, ColdStock, ColdStore
from shian.domains.tracing.permissions import of_operator
from shian.domains.tracing.rules.naming import cold_uri
from shian.domains.tracing.rules.quantities import kilos
from shian.engine.trace.models import MovementKind
from shian.kernel.notary.actions import seal
from shian.registers.operators.models import Operator

MOST_PARTS = 20
COPIED = (
    "name", "hs_code", "spec", "brand", "country", "producer_no", "lot_no", "made_on", "expires_on", "port",
    "declaration_no", "quarantine_no", "nucleic_no", "disinfection_no", "importer", "store", "position", "state",
    "announced_at", "arrived_at", "decided_at", "release_no",
)  # fmt: skip


@transaction.atomic
def send_goods(
    *, stock: ColdStock, quantity: Decimal, by: Any, at: datetime, buyer: Operator | None = None, plate: str = "",
    store: ColdStore | None = None,
) -> ColdMove:  # fmt: skip
    """Sell on to a connected unit (which may keep it in `store`), or to whoever eats it. Kilograms.

    Raises PermissionDenied, OutOfReach; TradeRefused without a release, for more than is left, and for a buyer that is
    not connected.
    """
    name = of_operator(by, stock.operator)
    hold()
    locked = taken(stock, quantity)
    target = None
    if buyer is not None:
        if buyer.pk == locked.operator_id:
            raise TradeRefused(_("购货单位不能是自己。"), "buyer_code")
        require_unit(buyer, at, "buyer_code")
        target = _stock_of(locked.cold_batch, buyer, store, at)
        moved(locked.holding, target.holding, at, quantity, MovementKind.SENT)
    move = _written(locked, target, quantity, plate, at)
    told = {"code": locked.cold_batch.code, "quantity": str(quantity), "buyer": buyer.code if buyer else ""}
    seal(action="tracing.cold_sent", by=name, subject=move.subject, data=told, at=at)
    return move


@transaction.atomic
def repack_goods(*, stock: ColdStock, shares: Sequence[Decimal], by: Any, at: datetime) -> list[ColdBatch]:
    """One code becomes several, as many kilograms each; the release covers them. Raises PermissionDenied, OutOfReach,
    TradeRefused."""
    name = of_operator(by, stock.operator)
    hold()
    if not shares or len(shares) > MOST_PARTS or min(shares) <= 0:
        raise TradeRefused(_("请填写 1 至 %(most)s 份，每份大于 0。") % {"most": MOST_PARTS}, "shares")
    locked = taken(stock, sum(shares, Decimal(0)), "shares")
    party, parts = party_of(locked.operator), []
    for share in shares:
        part = _part(locked.cold_batch, locked.operator, share, at)
        target = ColdStock.objects.create(
            cold_batch=part, operator=locked.operator, store=locked.store, first_at=at,
            holding=holding_of(part.lot or 0, party, at), **areas_of(locked.operator),
        )  # fmt: skip
        moved(locked.holding, target.holding, at, share, MovementKind.USED)
        _written(locked, target, share, "", at)
        parts.append(part)
    told = {"parts": [each.code for each in parts]}
    seal(action="tracing.cold_repacked", by=name, subject=locked.cold_batch.subject, data=told, at=at)
    return parts


def taken(stock: ColdStock, quantity: Decimal, field: str = "quantity") -> ColdStock:
    """The stock, locked, of which that much may leave. The caller holds the graph. Raises TradeRefused."""
    rows = ColdStock.objects.select_for_update(of=("self",)).select_related("cold_batch", "operator", "store")
    locked: ColdStock = rows.get(pk=stock.pk)
    if locked.cold_batch.state != ColdState.RELEASED:
        raise TradeRefused(_("没有放行编号的货物不能出库。"))
    refuse_recalled(locked.holding)
    left = locked.received - locked.sent
    if quantity <= 0 or quantity > left:
        raise TradeRefused(_("这一批还剩 %(left)s 千克。") % {"left": kilos(left)}, field)
    return locked


def _stock_of(batch: ColdBatch, buyer: Operator, store: ColdStore | None, at: datetime) -> ColdStock:
    found = ColdStock.objects.filter(cold_batch=batch, operator=buyer).first()
    return found or ColdStock.objects.create(
        cold_batch=batch, operator=buyer, store=store, first_at=at,
        holding=holding_of(batch.lot or 0, party_of(buyer), at), **areas_of(buyer),
    )  # fmt: skip


def _part(whole: ColdBatch, holder: Operator, share: Decimal, at: datetime) -> ColdBatch:
    """A batch of its own; it lies where its holder does."""
    code = free_number(ColdBatch.objects, f"JF{holder.code[-24:]}", timezone.localdate(at), "code")
    copied = {name: getattr(whole, name) for name in COPIED}
    return ColdBatch.objects.create(
        code=code, token=secrets.token_hex(8), parent=whole, quantity=share, operator=holder,
        lot=lot_of(cold_uri(code)), **areas_of(holder), **copied,
    )  # fmt: skip


def _written(stock: ColdStock, target: ColdStock | None, quantity: Decimal, plate: str, at: datetime) -> ColdMove:
    number = free_number(ColdMove.objects, f"LC{stock.operator.code[-24:]}", timezone.localdate(at))
    return ColdMove.objects.create(
        number=number, source=stock, target=target, quantity=quantity, at=at, plate=plate.strip()[:20]
    )
