"""A batch from its announcement to its release (E-01, E-02)."""

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.graph import hold, holding_of, lot_of, party_of
from shian.domains.tracing.actions.numbers import free_number
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import ColdBatch, ColdState, ColdStock, ColdStore, StoreKind
from shian.domains.tracing.permissions import RELEASE, of_operator, of_store
from shian.domains.tracing.queries.coldunits import is_cold_unit
from shian.domains.tracing.rules.naming import cold_uri
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import LEVELS
from shian.registers.operators.models import Operator


@dataclass(frozen=True)
class Import:
    """What the first station announces. `quantity` in kilograms."""

    name: str
    country: str
    lot_no: str
    quantity: Decimal
    declaration_no: str
    quarantine_no: str
    importer: str
    hs_code: str = ""
    spec: str = ""
    brand: str = ""
    producer_no: str = ""
    made_on: date | None = None
    expires_on: date | None = None
    boxes: int | None = None
    port: str = ""
    plate: str = ""
    nucleic_no: str = ""
    disinfection_no: str = ""


def areas_of(row: Any) -> dict[str, str]:
    """The five area columns of a row, for a row that lies where it lies."""
    return {level.value: getattr(row, level.value) for level in LEVELS}


def require_unit(operator: Operator, at: datetime, field: str = "") -> None:
    """Raises TradeRefused (beside `field`) unless the operator takes part in the tracing of imported cold-chain
    food."""
    if not is_cold_unit(operator, timezone.localdate(at)):
        raise TradeRefused(_("%(name)s 尚未纳入进口冷链追溯，请先登记。") % {"name": operator.name}, field)


@transaction.atomic
def announce_batch(*, operator: Operator, told: Import, by: Any, at: datetime) -> ColdBatch:
    """The first station gives a batch its code, before it comes to the warehouse.

    Raises PermissionDenied, OutOfReach; TradeRefused for an operator that is not connected, food beyond its date, or
    papers that another batch has.
    """
    name = of_operator(by, operator)
    require_unit(operator, at)
    hold()
    day = timezone.localdate(at)
    if told.quantity <= 0:
        raise TradeRefused(_("数量应大于 0。"), "quantity")
    if told.made_on and told.made_on > day:
        raise TradeRefused(_("生产日期在今天以后。"), "made_on")
    if told.expires_on and told.expires_on <= day:
        raise TradeRefused(_("已过保质期，不能报备。"), "expires_on")
    same = {"declaration_no": told.declaration_no, "lot_no": told.lot_no, "name": told.name}
    if ColdBatch.objects.filter(parent__isnull=True, **same).exists():
        raise TradeRefused(_("同一报关单号、品名和批号已经赋码。"), "declaration_no")
    code = free_number(ColdBatch.objects, f"JL{operator.code[-24:]}", day, "code")
    batch = ColdBatch.objects.create(
        code=code, token=secrets.token_hex(8), operator=operator, announced_at=at, **areas_of(operator), **asdict(told)
    )
    data = {"quantity": str(told.quantity), "declaration_no": told.declaration_no, "lot_no": told.lot_no}
    seal(action="tracing.cold_announced", by=name, subject=batch.subject, data=data, at=at)
    return batch


@transaction.atomic
def take_in_batch(*, batch: ColdBatch, store: ColdStore, position: str, by: Any, at: datetime) -> ColdBatch:
    """The batch stands in a central warehouse, where it is checked. By the warehouse's people, or by staff there.

    Raises PermissionDenied, OutOfReach; TradeRefused for another kind of store, or a batch that arrived already.
    """
    name = of_store(by, store)
    if store.kind != StoreKind.SUPERVISED:
        raise TradeRefused(_("进口冷链食品应先进集中监管仓。"), "store")
    hold()
    locked = _locked(batch)
    if locked.state != ColdState.ANNOUNCED:
        raise TradeRefused(_("这一批已经到仓。"))
    locked.state, locked.arrived_at, locked.store, locked.position = ColdState.ARRIVED, at, store, position.strip()[:40]
    locked.lot = lot_of(cold_uri(locked.code))
    locked.save(update_fields=["state", "arrived_at", "store", "position", "lot"])
    holding = holding_of(locked.lot, party_of(locked.operator), at, locked.quantity)
    ColdStock.objects.create(
        cold_batch=locked, operator=locked.operator, store=store, first_at=at, begun=locked.quantity,
        received=locked.quantity, holding=holding, **areas_of(locked.operator),
    )  # fmt: skip
    data = {"store": store.code, "position": locked.position}
    seal(action="tracing.cold_arrived", by=name, subject=locked.subject, data=data, at=at)
    return locked


@transaction.atomic
def release_batch(*, batch: ColdBatch, samples: int, by: Any, at: datetime) -> ColdBatch:
    """Papers and goods agree, samples are in order: the batch gets its release number. Raises PermissionDenied,
    OutOfReach, TradeRefused."""
    locked, name = _to_decide(batch, by)
    day, store = timezone.localdate(at), locked.store
    stem = f"FX{store.code[-24:]}" if store else "FX"
    locked.release_no = free_number(ColdBatch.objects.filter(parent__isnull=True), stem, day, "release_no")
    locked.state, locked.decided_at, locked.samples, locked.hold_reason = ColdState.RELEASED, at, samples, ""
    locked.save(update_fields=["state", "decided_at", "samples", "hold_reason", "release_no"])
    data = {"release_no": locked.release_no, "samples": samples}
    seal(action="tracing.cold_released", by=name, subject=locked.subject, data=data, at=at)
    return locked


@transaction.atomic
def hold_batch(*, batch: ColdBatch, reason: str, samples: int, by: Any, at: datetime) -> ColdBatch:
    """The batch stays where it is, with the reason. Raises PermissionDenied, OutOfReach, TradeRefused."""
    locked, name = _to_decide(batch, by)
    if not reason.strip():
        raise TradeRefused(_("请写明暂扣原因。"), "reason")
    locked.state, locked.decided_at, locked.samples = ColdState.HELD, at, samples
    locked.hold_reason = reason.strip()[:200]
    locked.save(update_fields=["state", "decided_at", "samples", "hold_reason"])
    data = {"reason": locked.hold_reason, "samples": samples}
    seal(action="tracing.cold_held", by=name, subject=locked.subject, data=data, at=at)
    return locked


def _locked(batch: ColdBatch) -> ColdBatch:
    return ColdBatch.objects.select_for_update(of=("self",)).select_related("operator", "store").get(pk=batch.pk)


def _to_decide(batch: ColdBatch, by: Any) -> tuple[ColdBatch, str]:
    """Staff of the warehouse's area decide; what was held may be released later."""
    hold()
    locked = _locked(batch)
    name = acting(RELEASE, by, locked.store.area if locked.store else locked.area)
    if locked.state not in (ColdState.ARRIVED, ColdState.HELD):
        raise TradeRefused(_("到仓以后、放行以前才能查验。"))
    return locked, name
