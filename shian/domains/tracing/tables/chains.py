"""Chains of lots as groups and rows."""

from collections.abc import Iterable, Iterator, Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.domains.tracing.queries.chains import Group, Node
from shian.domains.tracing.queries.names import LotName, PartyName
from shian.domains.tracing.tables.recalls import KG, ring_cell
from shian.engine.trace.models import Holding, Ring
from shian.kernel.ui.charts import Map, MapArea
from shian.kernel.ui.tables import Cell, Column, Row

REACH = (
    Column("area", gettext_lazy("区划"), is_fixed=True),
    Column("confirmed", gettext_lazy("确认的持有"), kind="number"),
    Column("possible", gettext_lazy("可能的持有"), kind="number"),
)
NODES = (
    Column("name", gettext_lazy("持有者"), is_fixed=True, is_wide=True),
    Column("lot", pgettext_lazy("lot", "批次")),
    Column("area", gettext_lazy("区划")),
    Column("depth", gettext_lazy("层级"), kind="number"),
    Column("ring", gettext_lazy("确认程度")),
    Column("kilos", gettext_lazy("收到"), kind="number", unit=KG),
    Column("first_at", gettext_lazy("最早"), kind="moment", sort="first_at"),
)
FOUND = (
    Column("lot", pgettext_lazy("lot", "批次"), is_fixed=True, is_wide=True),
    Column("name", gettext_lazy("持有者")),
    Column("area", gettext_lazy("区划")),
    Column("first_at", gettext_lazy("最早"), kind="moment"),
)


def by_area(groups: Iterable[Group]) -> dict[str, dict[Ring, int]]:
    """County → holdings by ring, the largest first."""
    found: dict[str, dict[Ring, int]] = {}
    for each in groups:
        rings = found.setdefault(each.area, {Ring.CONFIRMED: 0, Ring.POSSIBLE: 0})
        rings[each.ring] += each.holdings
    return dict(sorted(found.items(), key=lambda item: -sum(item[1].values())))


def reach_rows(groups: Iterable[Group], areas: Mapping[str, str]) -> Iterator[Row]:
    """Holdings by county, both rings apart."""
    for key, rings in by_area(groups).items():
        cells = {"area": areas.get(key, _("区划不明")), "confirmed": rings[Ring.CONFIRMED],
                 "possible": rings[Ring.POSSIBLE]}  # fmt: skip
        yield Row(cells, key=key)


def map_of(name: str, groups: Iterable[Group], areas: Mapping[str, str], url: str = "") -> Map | None:
    """Confirmed holdings by county; `url`: where a click leads, with {area} in it."""
    counts = {key: rings[Ring.CONFIRMED] for key, rings in by_area(groups).items() if key and rings[Ring.CONFIRMED]}
    if not counts:
        return None
    parent = next(iter(counts))[:4]
    outlines = f"{reverse('areas:area_outlines')}?parent={parent}&as_of={timezone.localdate().isoformat()}"
    shown = [
        MapArea(key, areas.get(key, key), counts.get(key, 0), url=url.replace("{area}", key))
        for key in {*counts, *(each for each in areas if len(each) == 6 and each.startswith(parent))}
    ]
    return Map(name, _("确认的持有"), outlines, shown, unit=_("处"))


def node_rows(
    nodes: Iterable[Node], names: Mapping[int, PartyName], lots: Mapping[int, LotName], areas: Mapping[str, str]
) -> Iterator[Row]:
    """Holdings of a chain; each opens its own chain."""
    for each in nodes:
        lot, name = lots.get(each.lot), names.get(each.party, PartyName(""))
        cells = {
            "name": Cell(name.name, note=name.code), "area": areas.get(each.area[:6], ""), "depth": each.depth or None,
            "lot": Cell(lot.name if lot else "", note=lot.number if lot else ""), "ring": ring_cell(each.ring),
            "kilos": each.kilos, "first_at": each.first_at,
        }  # fmt: skip
        yield Row(cells, url=reverse("tracing:trace_detail", args=[each.holding]), key=str(each.holding))


def found_rows(
    holdings: Iterable[Holding], names: Mapping[int, PartyName], lots: Mapping[int, LotName], areas: Mapping[str, str]
) -> Iterator[Row]:
    """What a search found; each opens its chain."""
    for each in holdings:
        lot, name = lots.get(each.lot), names.get(each.party_id, PartyName(""))
        cells = {"lot": Cell(lot.name if lot else "", note=lot.number if lot else ""),
                 "name": Cell(name.name, note=name.code), "area": areas.get(each.party.county, ""),
                 "first_at": each.first_at}  # fmt: skip
        yield Row(cells, url=reverse("tracing:trace_detail", args=[each.pk]), key=str(each.pk))
