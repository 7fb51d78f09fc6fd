"""Broken chains as rows."""

from collections.abc import Iterable, Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.domains.tracing.models import TraceAnomaly
from shian.domains.tracing.queries.anomalies import Shown
from shian.domains.tracing.queries.names import LotName, PartyName
from shian.domains.tracing.tables.recalls import KG
from shian.engine.trace.balances import Check
from shian.engine.trace.models import Holding, MovementKind
from shian.kernel.ui.states import DONE, OVERDUE
from shian.kernel.ui.tables import Cell, Column, Row

ANOMALIES = (
    Column("lot", pgettext_lazy("lot", "批次"), is_fixed=True, is_wide=True),
    Column("kind", gettext_lazy("异常类型")),
    Column("state", gettext_lazy("状态")),
    Column("name", gettext_lazy("持有者")),
    Column("area", gettext_lazy("区划")),
    Column("found_on", gettext_lazy("发现日期"), kind="date", sort="found_on"),
    Column("step", gettext_lazy("办理")),
)
MOVEMENTS = (
    Column("buyer", gettext_lazy("收货者"), is_fixed=True, is_wide=True),
    Column("kilos", gettext_lazy("数量"), kind="number", unit=KG, decimals=2),
    Column("at", gettext_lazy("时间"), kind="moment"),
    Column("kind", gettext_lazy("记录")),
    Column("seller", gettext_lazy("发出者"), is_wide=True),
    Column("number", gettext_lazy("出库单号"), kind="code"),
)


def anomaly_rows(
    anomalies: Iterable[TraceAnomaly],
    holdings: Mapping[int, Holding],
    names: Mapping[int, PartyName],
    lots: Mapping[int, LotName],
    areas: Mapping[str, str],
    checks: Mapping[str, Check],
    *,
    may_handle: bool,
) -> Iterator[Row]:
    """Each opens what is wrong with it; whoever may, goes on to its result."""
    for each in anomalies:
        holding = holdings.get(each.holding)
        lot = lots.get(holding.lot) if holding else None
        name = names.get(holding.party_id, PartyName("")) if holding else PartyName("")
        step = reverse("tracing:anomaly_edit", args=[each.pk]) if each.is_open and may_handle else ""
        cells = {
            "lot": Cell(lot.name if lot else "", note=lot.number if lot else ""), "state": state_cell(each),
            "kind": checks[each.check_key].title if each.check_key in checks else each.check_key,
            "name": Cell(name.name, note=name.code), "area": areas.get(each.county, ""), "found_on": each.found_on,
            "step": Cell(_("核查"), url=step) if step else None,
        }  # fmt: skip
        yield Row(cells, url=anomaly_url(each), key=str(each.pk))


def anomaly_url(each: TraceAnomaly) -> str:
    return reverse("tracing:anomaly_detail", args=[each.pk])


def state_cell(each: TraceAnomaly) -> Cell:
    """Waits for somebody, was explained or put right, or closed by itself."""
    if each.is_open:
        return Cell(_("待核查"), state=OVERDUE)
    return Cell(_done(each), state=DONE, note=each.note)


def movement_rows(shown: Iterable[Shown], names: Mapping[int, PartyName]) -> Iterator[Row]:
    """What shows an anomaly; an out-order opens."""
    elsewhere = _("其他区县")
    for each in shown:
        move = each.movement
        sides = {
            key: names.get(party, PartyName("")).name if party else elsewhere
            for key, party in (("seller", each.seller), ("buyer", each.buyer))
        }
        url = reverse("tracing:out_order_detail", args=[each.number]) if each.number else ""
        cells = {"at": move.at, "kilos": each.kilos, "number": each.number,
                 "kind": MovementKind(move.kind).label, **sides}  # fmt: skip
        yield Row(cells, url=url, key=str(move.pk))


def _done(each: TraceAnomaly) -> str:
    return str(each.get_result_display()) if each.handled_at is not None else _("已消除")
