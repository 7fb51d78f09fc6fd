"""Imported food in the small city of scene.py: a warehouse in 安次 run by O-W, units O-A and O-B, and O-C that is not
connected."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shian.domains.tracing.actions.coldchain.batches import Import, announce_batch, release_batch, take_in_batch
from shian.domains.tracing.models import ColdBatch, ColdDevice, ColdStock, ColdStore, StoreKind
from shian.domains.tracing.tests import scene
from shian.engine.ledgers.models import LedgerRow
from shian.registers.operators.models import Operator

AT = scene.AT
GOODS = Import(
    name="冻猪肘", country="西班牙", lot_no="ES-2209-17", quantity=Decimal(1000), declaration_no="0208-001",
    quarantine_no="JY-001", importer="某进出口公司",
)  # fmt: skip


def connect(operator: Operator) -> None:
    """The operator stands on the roster of connected units."""
    LedgerRow.objects.create(
        ledger="coldchain_units", key=f'["{operator.code}"]', operator_code=operator.code, data={},
        valid_from=date(2021, 1, 1), updated_at=AT, updated_by="test", **scene.place(operator.area_code),
    )  # fmt: skip


def make_store(code: str = "W1", area: str = scene.OTHER, **given: Any) -> ColdStore:
    values = {"name": f"{code}冷库", "kind": StoreKind.SUPERVISED, "area_code": area, "opened_on": date(2020, 12, 8),
              "low": Decimal(-30), "high": Decimal(-15), **scene.place(area)}  # fmt: skip
    return ColdStore.objects.create(code=code, **{**values, **given})


def make_device(store: ColdStore, number: str = "T-1", **given: Any) -> ColdDevice:
    return ColdDevice.objects.create(store=store, number=number, connected_on=date(2021, 1, 1), **given)


def make_units() -> dict[str, Operator]:
    """O-W runs the warehouse; O-A and O-B are connected, O-C is not."""
    scene.make_areas()
    made = {code: scene.make_operator(code) for code in ("O-W", "O-A", "O-B", "O-C")}
    for code in ("O-A", "O-B"):
        connect(made[code])
    return made


def announced(operator: Operator, told: Import = GOODS) -> ColdBatch:
    return announce_batch(operator=operator, told=told, by="test", at=AT)


def stocked(operator: Operator, store: ColdStore, told: Import = GOODS) -> ColdStock:
    """A batch that was released, in its first holder's hands."""
    found = take_in_batch(batch=announced(operator, told), store=store, position="A-1", by="test", at=AT)
    release_batch(batch=found, samples=3, by="test", at=AT + timedelta(hours=1))
    return ColdStock.objects.get(cold_batch=found, operator=operator)
