"""Broken chains as rows."""

from collections.abc import Iterable, Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.domains.tracing.models import TraceAnomaly
from shian.domains.tracing.queries.names import LotName, PartyName
from shian.engine.trace.balances import Check
from shian.engine.trace.models import Holding
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
    """Each opens its chain; whoever may, goes on to its result."""
    for each in anomalies:
        holding = holdings.get(each.holding)
        lot = lots.get(holding.lot) if holding else None
        name = names.get(holding.party_id, PartyName("")) if holding else PartyName("")
        is_open = each.handled_at is None and each.cleared_on is None
        state = Cell(_("待核查"), state=OVERDUE) if is_open else Cell(_done(each), state=DONE, note=each.note)
        step = reverse("tracing:anomaly_edit", args=[each.pk]) if is_open and may_handle else ""
        cells = {
            "lot": Cell(lot.name if lot else "", note=lot.number if lot else ""), "state": state,
            "kind": checks[each.check_key].title if each.check_key in checks else each.check_key,
            "name": Cell(name.name, note=name.code), "area": areas.get(each.county, ""), "found_on": each.found_on,
            "step": Cell(_("核查"), url=step) if step else None,
        }  # fmt: skip
        yield Row(cells, url=reverse("tracing:trace_detail", args=[each.holding]), key=str(each.pk))


def _done(each: TraceAnomaly) -> str:
    return str(each.get_result_display()) if each.handled_at is not None else _("已消除")
