"""Orders as rows."""

from collections.abc import Iterable, Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.domains.tracing.models import InOrder, OutOrder, Verdict
from shian.kernel.ui.states import DONE, DUE, OVERDUE
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.operators.models import Operator

OUT_ORDERS = (
    Column("variety", gettext_lazy("品种"), is_fixed=True, is_wide=True),
    Column("sold_at", gettext_lazy("销售时间"), kind="moment", sort="sold_at"),
    Column("quantity", gettext_lazy("数量"), kind="number", unit=gettext_lazy("千克"), decimals=2),
    Column("merchant", gettext_lazy("商户")),
    Column("buyer", gettext_lazy("购货者")),
    Column("lot", pgettext_lazy("lot", "批次")),
    Column("market", gettext_lazy("市场")),
    Column("number", gettext_lazy("出库单号"), kind="code"),
)
IN_ORDERS = (
    Column("variety", gettext_lazy("品种"), is_fixed=True, is_wide=True),
    Column("received_at", gettext_lazy("入场时间"), kind="moment", sort="received_at"),
    Column("quantity", gettext_lazy("数量"), kind="number", unit=gettext_lazy("千克")),
    Column("sold", gettext_lazy("已出库"), kind="progress"),
    Column("merchant", gettext_lazy("商户")),
    Column("proof", gettext_lazy("凭证")),
    Column("verdict", gettext_lazy("查验结论")),
    Column("market", gettext_lazy("市场")),
    Column("number", gettext_lazy("入库单号"), kind="code"),
)


def out_url(order: OutOrder) -> str:
    return reverse("tracing:out_order_detail", args=[order.number])


def in_url(order: InOrder) -> str:
    return reverse("tracing:in_order_detail", args=[order.number])


def buyer_name(order: OutOrder, buyers: Mapping[int, Operator]) -> str:
    """The buyer's name as far as it is known."""
    found = buyers.get(order.buyer)
    return found.name if found else order.buyer_name or str(_("散客"))


def out_rows(orders: Iterable[OutOrder], buyers: Mapping[int, Operator]) -> Iterator[Row]:
    """Sales; `buyers` by party."""
    for order in orders:
        lot = Cell(order.in_order.number) if order.in_order else Cell(_("批次不明"), state=DUE)
        cells = {
            "variety": order.variety.name,
            "sold_at": order.sold_at,
            "quantity": order.quantity,
            "merchant": order.merchant.name,
            "buyer": buyer_name(order, buyers),
            "lot": lot,
            "market": order.market.name,
            "number": order.number,
        }
        yield Row(cells, url=out_url(order), key=order.number)


def verdict_cell(order: InOrder) -> Cell:
    """Admitted or refused; why, where it was refused."""
    is_in = order.verdict == Verdict.ADMITTED
    return Cell(order.get_verdict_display(), state=DONE if is_in else OVERDUE, note=order.reason)


def in_rows(orders: Iterable[InOrder]) -> Iterator[Row]:
    """Goods at the gate."""
    for order in orders:
        cells = {
            "variety": Cell(order.variety.name, note=order.origin),
            "received_at": order.received_at,
            "quantity": order.quantity,
            "sold": (order.sold, order.quantity) if order.lot else None,
            "merchant": order.merchant.name,
            "proof": Cell(order.get_proof_display(), note=order.proof_no),
            "verdict": verdict_cell(order),
            "market": order.market.name,
            "number": order.number,
        }
        yield Row(cells, url=in_url(order), key=order.number)
