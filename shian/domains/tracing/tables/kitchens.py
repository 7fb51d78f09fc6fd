"""Kitchens, what they cooked and whom they served, as rows."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.domains.tracing.models import KitchenDispatch, KitchenInput, KitchenSheet
from shian.domains.tracing.queries.kitchens import DayOfKitchen
from shian.domains.tracing.rules.meals import MealFault, Meals, faults_of_dispatch, faults_of_sheet
from shian.domains.tracing.tables.coldchain import batch_url
from shian.domains.tracing.tables.orders import out_url
from shian.kernel.ui.states import DONE, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.operators.models import Operator

FAULTS = {
    MealFault.CORE: gettext_lazy("中心温度不够"), MealFault.SAMPLE: gettext_lazy("留样不足"),
    MealFault.LATE: gettext_lazy("超时且未热藏"), MealFault.NO_SAMPLE_THERE: gettext_lazy("收餐未留样"),
}  # fmt: skip
KITCHENS = (
    Column("name", gettext_lazy("单位"), is_fixed=True, is_wide=True, sort="name"),
    Column("format", gettext_lazy("业态")),
    Column("sheets", gettext_lazy("加工批次"), kind="number"),
    Column("portions", gettext_lazy("份数"), kind="number", unit=gettext_lazy("份")),
    Column("served", gettext_lazy("收餐单位"), kind="number", unit=gettext_lazy("家")),
    Column("county", gettext_lazy("县（市、区）")),
    Column("code", gettext_lazy("主体编号"), kind="code"),
)
SHEETS = (
    Column("dish", gettext_lazy("品名"), is_fixed=True, is_wide=True),
    Column("cooked_at", gettext_lazy("烧熟时间"), kind="moment"),
    Column("core", gettext_lazy("中心温度"), kind="number", unit="℃", decimals=1),
    Column("sent", gettext_lazy("已配送"), kind="progress"),
    Column("served", gettext_lazy("收餐单位"), kind="number", unit=gettext_lazy("家")),
    Column("state", gettext_lazy("核对")),
    Column("number", gettext_lazy("批次单号"), kind="code"),
)
DISPATCHES = (
    Column("receiver", gettext_lazy("收餐单位"), is_fixed=True, is_wide=True),
    Column("dish", gettext_lazy("品名")),
    Column("portions", gettext_lazy("份数"), kind="number", unit=gettext_lazy("份")),
    Column("left_at", gettext_lazy("发出时间"), kind="moment"),
    Column("arrived_at", gettext_lazy("送达时间"), kind="moment"),
    Column("celsius", gettext_lazy("送达温度"), kind="number", unit="℃", decimals=1),
    Column("state", gettext_lazy("核对")),
    Column("number", gettext_lazy("配送单号"), kind="code"),
)
INPUTS = (
    Column("name", gettext_lazy("原料"), is_fixed=True, is_wide=True),
    Column("quantity", gettext_lazy("数量"), kind="number", unit=gettext_lazy("千克")),
    Column("source", gettext_lazy("来源")),
    Column("lot", pgettext_lazy("lot", "批次")),
)


def kitchen_url(kitchen: Operator) -> str:
    return reverse("tracing:kitchen_detail", args=[kitchen.code])


def sheet_url(sheet: KitchenSheet) -> str:
    return reverse("tracing:kitchen_sheet_detail", args=[sheet.number])


def kitchen_rows(
    kitchens: Iterable[Operator], days: Mapping[int, DayOfKitchen], day: date, areas: Mapping[str, str]
) -> Iterator[Row]:
    """Kitchens with what they did on the day."""
    for each in kitchens:
        told = days[each.pk]
        cells = {
            "name": each.name,
            "format": each.format,
            "sheets": told.sheets,
            "portions": told.portions,
            "served": told.served,
            "county": areas.get(each.county, each.county),
            "code": each.code,
        }
        yield Row(cells, url=f"{kitchen_url(each)}?day={day.isoformat()}", key=each.code)


def _verdict(faults: list[MealFault]) -> Cell:
    if not faults:
        return Cell(_("符合"), state=DONE)
    return Cell(_("、").join(str(FAULTS[each]) for each in faults), state=OVERDUE)


def sheet_verdict(sheet: KitchenSheet, numbers: Meals) -> Cell:
    """Cooked through, with a sample kept long enough?"""
    kept = sheet.sample_until - sheet.cooked_at if sheet.sample_until else None
    return _verdict(faults_of_sheet(core=sheet.core, sample=sheet.sample, kept=kept, numbers=numbers))


def dispatch_verdict(dispatch: KitchenDispatch, numbers: Meals) -> Cell:
    """In time or hot, with a sample kept there?"""
    if dispatch.arrived_at is None:
        return Cell(_("未收餐"), state=WAITING)
    faults = faults_of_dispatch(
        cooked_at=dispatch.sheet.cooked_at, arrived_at=dispatch.arrived_at, celsius=dispatch.arrived_celsius,
        is_sample_kept=dispatch.is_sample_kept, numbers=numbers,
    )  # fmt: skip
    return _verdict(faults)


def sheet_rows(sheets: Iterable[KitchenSheet], numbers: Meals) -> Iterator[Row]:
    """What was cooked; `served` counts receivers."""
    for each in sheets:
        cells = {
            "dish": each.dish,
            "cooked_at": each.cooked_at,
            "core": each.core,
            "sent": (each.sent, each.portions),
            "served": getattr(each, "served", None),
            "state": sheet_verdict(each, numbers),
            "number": each.number,
        }
        yield Row(cells, url=sheet_url(each), key=each.number)


def dispatch_rows(dispatches: Iterable[KitchenDispatch], numbers: Meals) -> Iterator[Row]:
    """Who was served, with what, when and how hot it came."""
    for each in dispatches:
        cells = {
            "receiver": each.receiver.name,
            "dish": Cell(each.sheet.dish, url=sheet_url(each.sheet)),
            "portions": each.portions,
            "left_at": each.left_at,
            "arrived_at": each.arrived_at,
            "celsius": each.arrived_celsius,
            "state": dispatch_verdict(each, numbers),
            "number": each.number,
        }
        yield Row(cells, url=reverse("census:operator_detail", args=[each.receiver.code]), key=each.number)


def input_rows(inputs: Iterable[KitchenInput]) -> Iterator[Row]:
    """What went in, and where it came from."""
    for each in inputs:
        source, lot = Cell(each.supplier), Cell(each.lot_no)
        if each.out_order is not None:
            order = each.out_order
            source = Cell(order.merchant.name, url=out_url(order), note=order.market.name)
            lot = Cell(order.in_order.number if order.in_order else _("批次不明"))
        elif each.stock is not None:
            batch = each.stock.cold_batch
            source, lot = Cell(_("进口冷链"), note=batch.country), Cell(batch.code, url=batch_url(batch))
        yield Row({"name": each.name, "quantity": each.quantity, "source": source, "lot": lot}, key=str(each.pk))
