"""The chain of a lot: found by whatever is printed on it, shown in both directions by level and county."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.domains.tracing.permissions import RECALL_ORDER, TRACING_READ
from shian.domains.tracing.queries.anomalies import open_at
from shian.domains.tracing.queries.chains import (
    Group,
    Side,
    holding_for,
    holdings_named,
    nodes_chosen,
    nodes_of,
    side_of,
)
from shian.domains.tracing.queries.names import PartyName, lot_names, party_names
from shian.domains.tracing.queries.recalls import stopped_by
from shian.domains.tracing.tables.anomalies import anomaly_url
from shian.domains.tracing.tables.chains import FOUND, NODES, REACH, found_rows, map_of, node_rows, reach_rows
from shian.domains.tracing.tables.recalls import recall_url
from shian.domains.tracing.views.shown import lot_facts
from shian.engine.trace.balances import CHECKS
from shian.engine.trace.models import Holding, Ring
from shian.engine.trace.walks import Direction, Limits, walk
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Filter, FilterBar, Option, Section, Stat
from shian.kernel.ui.states import DUE, OVERDUE
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names

AREAS_SHOWN = 6  # counties of one level in the drawing; the rest are summed


@dataclass(frozen=True)
class Box:
    """Holdings of one level in one county, in the drawing. width: percent of the level's largest."""

    name: str
    confirmed: int
    possible: int
    url: str
    width: int


@dataclass(frozen=True)
class LevelColumn:
    """One level of the drawing, from the deepest source on the left to the last buyer on the right."""

    title: str
    boxes: list[Box]
    holdings: int
    url: str = ""
    rest: int = 0
    is_root: bool = False


@requires(TRACING_READ)
def trace_list(request: HttpRequest) -> HttpResponse:
    """?q= A number, a code, a scanned label or an identifier: one lot opens at once, several are listed."""
    text = request.GET.get("q", "").strip()[:512]
    found = holdings_named(request.user, text)
    if len(found) == 1:
        return redirect("tracing:trace_detail", found[0].pk)
    names, lots = party_names({each.party_id for each in found}), lot_names({each.lot for each in found})
    rows = list(found_rows(found, names, lots, area_names(timezone.localdate())))
    empty = Empty(
        _("管辖范围内没有找到") if text else _("输入要查的批次"),
        _("入库单号、出库单号、合格证编号、冷链追溯码、加工批次单号、扫码结果、GS1 标识、主体编号都可以。"),
    )
    page = ListPage(
        _("批次追溯"), Table(FOUND, rows, empty=empty), unit=_("批"),
        filters=FilterBar(
            [Filter("q", _("搜索"), "search", value=text, placeholder=_("单号、合格证、标识或主体编号"))]
        ),
        actions=[
            *_recall_all(request, found, text),
            Action(_("食品召回"), reverse("tracing:recall_list"), icon="alert-triangle"),
            Action(_("追溯演练"), reverse("tracing:drill_list"), icon="hourglass"),
        ],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


def _recall_all(request: HttpRequest, found: list[Holding], code: str) -> list[Action]:
    """An operator's lots as listed, called back together: from the day of the oldest to that of the newest."""
    is_operator = bool(found) and all(each.party.operator and each.party.operator.code == code for each in found)
    if not is_operator or not RECALL_ORDER(request.user).allowed:
        return []
    days = [timezone.localdate(each.first_at).isoformat() for each in found]
    asked = urlencode({"operator": code, "from": min(days), "until": max(days)})
    url = f"{reverse('tracing:recall_create')}?{asked}"
    return [Action(_("召回所列批次"), url, icon="alert-triangle", kind="primary")]


@requires(TRACING_READ)
def trace_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One lot in one party's hands: where it came from and went, as levels, counties and a map."""
    holding = holding_for(request.user, pk)
    back, ahead = side_of([pk], Direction.BACKWARD), side_of([pk], Direction.FORWARD)
    areas, lot = area_names(timezone.localdate()), lot_names([holding.lot])[holding.lot]
    holder = party_names([holding.party_id]).get(holding.party_id, PartyName(""))
    recall = stopped_by(pk)
    record = RecordPage(
        lot.name, code=lot.number, kind=_("批次追溯"), crumbs=[Crumb(_("批次追溯"), reverse("tracing:trace_list"))],
        actions=_actions(request, pk),
        sections=[Section(pgettext("lot", "批次"), lot_facts(request.user, holding, lot, holder))],
        state=OVERDUE if recall else "", state_label=_("召回中") if recall else "",
    )  # fmt: skip
    notes = [] if recall is None else [
        Callout(_("正在召回：%(number)s") % {"number": recall.number}, recall.reason, OVERDUE,
                [Action(_("打开召回"), recall_url(recall))])
    ]  # fmt: skip
    notes += [
        Callout(CHECKS[each.check_key].title, CHECKS[each.check_key].meaning, OVERDUE,
                [Action(_("打开异常"), anomaly_url(each))])
        for each in open_at(request.user, pk)
    ]  # fmt: skip
    if not back.groups and holding.made is None:
        notes.append(Callout(_("到这里断链"), _("没有任何来源，也不是此处产出：请核对进货记录。"), DUE))
    context: dict[str, Any] = {
        "record": record, "notes": notes, "stats": _stats(pk, back, ahead),
        "levels": [
            *_columns(pk, back, areas), _root(holder, areas.get(holding.party.county, "")), *_columns(pk, ahead, areas)
        ],
        "tables": [
            (_("去向，按区县"), _by_area(ahead, areas, _("没有流出"))),
            (_("来源，按区县"), _by_area(back, areas, _("没有来源"))),
        ],
        "map": map_of("chain-map", ahead.groups, areas, f"{_rows_url(pk, Direction.FORWARD)}?area={{area}}"),
    }  # fmt: skip
    return render(request, "tracing/trace_detail.html", context)


def _by_area(side: Side, areas: dict[str, str], nothing: str) -> Table:
    rows = list(reach_rows(side.groups, areas))
    return Table(REACH, rows, empty=Empty(nothing), id=str(side.walk.direction))


def _rows_url(pk: int, direction: Direction) -> str:
    return reverse("tracing:node_list", args=[pk, direction.value])


def _actions(request: HttpRequest, pk: int) -> list[Action]:
    actions = [
        Action(_("去向明细"), _rows_url(pk, Direction.FORWARD), icon="arrow-right"),
        Action(_("来源明细"), _rows_url(pk, Direction.BACKWARD), icon="arrow-left"),
    ]
    if RECALL_ORDER(request.user).allowed:
        url = f"{reverse('tracing:recall_create')}?holding={pk}"
        actions.insert(0, Action(_("发起召回"), url, icon="alert-triangle", kind="primary"))
        actions.append(Action(_("发起演练"), f"{url}&drill=1", icon="hourglass"))
    return actions


def _stats(pk: int, back: Side, ahead: Side) -> list[Stat]:
    """Confirmed and possible are never added up."""
    stats = []
    for title, side, direction in (
        (_("去向（确认）"), ahead, Direction.FORWARD), (_("来源（确认）"), back, Direction.BACKWARD)
    ):  # fmt: skip
        unsure = side.count(Ring.POSSIBLE)
        note = _("另有可能的 %(count)s 处，分开统计") % {"count": f"{unsure:,}"} if unsure else ""
        stats.append(
            Stat(title, side.count(Ring.CONFIRMED), unit=_("处"), url=_rows_url(pk, direction), note=note)
        )  # fmt: skip
    counties = {each.area for each in ahead.groups if each.area}
    return [
        *stats, Stat(_("去向涉及区县"), len(counties), unit=_("个")),
        Stat(_("链条层级"), back.walk.depth + ahead.walk.depth + 1, unit=_("级")),
    ]  # fmt: skip


def _root(holder: PartyName, area: str) -> LevelColumn:
    return LevelColumn(_("本批次"), [Box(f"{holder.name} {area}", 1, 0, "", 100)], 1, is_root=True)


def _columns(pk: int, side: Side, areas: dict[str, str]) -> list[LevelColumn]:
    is_back = side.walk.direction == Direction.BACKWARD
    title = _("上游第 %(depth)s 级") if is_back else _("下游第 %(depth)s 级")
    columns = []
    for depth, groups in side.levels().items():
        url = f"{_rows_url(pk, side.walk.direction)}?depth={depth}"
        counts = _counts(groups)
        largest = max(sum(each) for each in counts.values())
        boxes = [
            Box(areas.get(key, _("区划不明")), sure, unsure, f"{url}&area={key}" if key else url,
                max(6, round(100 * (sure + unsure) / largest)))
            for key, (sure, unsure) in list(counts.items())[:AREAS_SHOWN]
        ]  # fmt: skip
        total = sum(each.holdings for each in groups)
        rest = total - sum(each.confirmed + each.possible for each in boxes)
        columns.append(LevelColumn(title % {"depth": depth}, boxes, total, url, rest))
    return columns[::-1] if is_back else columns


def _counts(groups: list[Group]) -> dict[str, tuple[int, int]]:
    """County → confirmed and possible holdings, the largest first."""
    found: dict[str, tuple[int, int]] = {}
    for each in groups:
        sure, unsure = found.get(each.area, (0, 0))
        is_sure = each.ring == Ring.CONFIRMED
        found[each.area] = (sure + each.holdings, unsure) if is_sure else (sure, unsure + each.holdings)
    return dict(sorted(found.items(), key=lambda item: -sum(item[1])))


@requires(TRACING_READ)
def node_list(request: HttpRequest, pk: int, direction: str) -> HttpResponse:
    """?depth=&area=&ring= The holdings of one direction in the reader's reach, fifty a page."""
    if direction not in {*Direction}:
        raise Http404(direction)
    holding = holding_for(request.user, pk)
    lot = lot_names([holding.lot])[holding.lot]
    found = walk([pk], Direction(direction), Limits())
    depth, area, ring = request.GET.get("depth", ""), request.GET.get("area", "")[:6], request.GET.get("ring", "")
    query = ListQuery.read(request.GET, NODES, default_sort="first_at")
    chosen = nodes_chosen(
        request.user, found, int(depth) if depth.isdecimal() and len(depth) < 4 else None, area,
        Ring(int(ring)) if ring in {"1", "2"} else None,
    )  # fmt: skip
    page = keyset_page(chosen, query)
    areas = area_names(timezone.localdate())
    rows = list(node_rows(nodes_of(found, page.items), party_names({each.party_id for each in page.items}),
                          lot_names({each.lot for each in page.items}), areas))  # fmt: skip
    is_back = direction == Direction.BACKWARD
    counties = {each.area for each in side_of([pk], Direction(direction)).groups if each.area}
    filters = [
        Filter("depth", _("层级"), options=[Option(str(n), str(n)) for n in range(1, found.depth + 1)], value=depth),
        Filter("area", _("区划"), options=[Option(key, areas.get(key, key)) for key in sorted(counties)], value=area),
        Filter("ring", _("确认程度"), options=[Option(str(key), word) for key, word in Ring.choices], value=ring),
    ]  # fmt: skip
    title = _("%(name)s：来源明细") if is_back else _("%(name)s：去向明细")
    listed = ListPage(
        title % {"name": lot.name},
        Table(NODES, rows, query=query, page=page, empty=Empty(_("管辖范围内没有"), _("其他区县的只显示数量。"))),
        unit=_("处"), filters=FilterBar(filters),
        crumbs=[Crumb(_("批次追溯"), reverse("tracing:trace_list")),
                Crumb(lot.number, reverse("tracing:trace_detail", args=[pk]))],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": listed})
