"""Batches of imported food, who has them and what moved, as rows."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.tracing.models import ColdBatch, ColdMove, ColdState, ColdStock
from shian.kernel.ui.states import DONE, DUE, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

TONES = {ColdState.ANNOUNCED: WAITING, ColdState.ARRIVED: DUE, ColdState.RELEASED: DONE, ColdState.HELD: OVERDUE}
BATCHES = (
    Column("name", gettext_lazy("品名"), is_fixed=True, is_wide=True),
    Column("announced_at", gettext_lazy("报备时间"), kind="moment", sort="announced_at"),
    Column("state", gettext_lazy("状态")),
    Column("quantity", gettext_lazy("数量"), kind="number", unit=gettext_lazy("千克")),
    Column("gone", gettext_lazy("已出清"), kind="progress"),
    Column("country", gettext_lazy("原产国（地区）")),
    Column("operator", gettext_lazy("首站")),
    Column("store", gettext_lazy("集中监管仓")),
    Column("release_no", gettext_lazy("放行编号"), kind="code"),
    Column("expires_on", gettext_lazy("保质期至"), kind="date", is_default=False),
    Column("declaration_no", gettext_lazy("报关单号"), kind="code", is_default=False),
    Column("code", gettext_lazy("追溯码"), kind="code"),
)
STOCKS = (
    Column("operator", gettext_lazy("持有单位"), is_fixed=True, is_wide=True),
    Column("first_at", gettext_lazy("首次入库"), kind="moment"),
    Column("received", gettext_lazy("入库"), kind="number", unit=gettext_lazy("千克")),
    Column("sent", gettext_lazy("出库"), kind="number", unit=gettext_lazy("千克")),
    Column("left", gettext_lazy("库存"), kind="number", unit=gettext_lazy("千克")),
    Column("store", gettext_lazy("冷藏点")),
)
MOVES = (
    Column("source", gettext_lazy("出库单位"), is_fixed=True, is_wide=True),
    Column("at", gettext_lazy("出库时间"), kind="moment"),
    Column("quantity", gettext_lazy("数量"), kind="number", unit=gettext_lazy("千克")),
    Column("target", gettext_lazy("去向")),
    Column("plate", gettext_lazy("运输车牌")),
    Column("number", gettext_lazy("出库单号"), kind="code"),
)


def batch_url(batch: ColdBatch) -> str:
    return reverse("tracing:cold_batch_detail", args=[batch.code])


def state_cell(batch: ColdBatch) -> Cell:
    """Where the batch stands; why, where it is held."""
    return Cell(batch.get_state_display(), state=TONES[ColdState(batch.state)], note=batch.hold_reason)


def batch_rows(batches: Iterable[ColdBatch], left: Mapping[int, Decimal]) -> Iterator[Row]:
    """Batches with what is left of them."""
    for each in batches:
        rest = left.get(each.pk)
        cells = {
            "name": Cell(each.name, note=" ".join(filter(None, [each.brand, each.spec]))),
            "announced_at": each.announced_at,
            "state": state_cell(each),
            "quantity": each.quantity,
            "gone": None if rest is None else (each.quantity - rest, each.quantity),
            "country": each.country,
            "operator": each.operator.name,
            "store": each.store.name if each.store else "",
            "release_no": each.release_no,
            "expires_on": each.expires_on,
            "declaration_no": each.declaration_no,
            "code": each.code,
        }
        yield Row(cells, url=batch_url(each), key=each.code)


def stock_rows(stocks: Iterable[ColdStock], with_goods: bool = False) -> Iterator[Row]:
    """Who has how much; `with_goods`: of which batch, where they are of several."""
    for each in stocks:
        goods = f"{each.cold_batch.name} {each.cold_batch.code}" if with_goods else ""
        cells = {
            "operator": Cell(each.operator.name, note=goods),
            "first_at": each.first_at,
            "received": each.received,
            "sent": each.sent,
            "left": each.received - each.sent,
            "store": each.store.name if each.store else "",
        }
        url = batch_url(each.cold_batch) if with_goods else ""
        yield Row(cells, url=url or reverse("census:operator_detail", args=[each.operator.code]), key=str(each.pk))


def move_rows(moves: Iterable[ColdMove]) -> Iterator[Row]:
    """What left."""
    for each in moves:
        cells = {
            "source": each.source.operator.name,
            "at": each.at,
            "quantity": each.quantity,
            "target": _target(each),
            "plate": each.plate,
            "number": each.number,
        }
        yield Row(cells, key=each.number)


def _target(move: ColdMove) -> Cell:
    target = move.target
    if target is None:
        return Cell(_("零售或者自用"))
    if target.operator_id == move.source.operator_id:
        return Cell(target.cold_batch.code, url=batch_url(target.cold_batch), note=_("分装"))
    return Cell(target.operator.name)
