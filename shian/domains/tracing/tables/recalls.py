"""Recalls, their holders and their alerts as rows."""

from collections.abc import Iterable, Iterator, Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.domains.tracing.models import Channel, Recall, RecallAlert, RecallHolder, RecallLine, RecallState
from shian.domains.tracing.queries.names import LotName, PartyName
from shian.domains.tracing.queries.recalls import Progress
from shian.engine.trace.models import Ring
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

KG = gettext_lazy("千克")
RECALLS = (
    Column("title", gettext_lazy("产品"), is_fixed=True, is_wide=True),
    Column("level", gettext_lazy("级别")),
    Column("state", gettext_lazy("状态")),
    Column("proposed_at", gettext_lazy("提出时间"), kind="moment", sort="proposed_at"),
    Column("finish_due_on", gettext_lazy("完成期限"), kind="date"),
    Column("number", gettext_lazy("召回编号"), kind="code"),
)
DRILLS = (*RECALLS[:4], Column("score", gettext_lazy("得分"), kind="number"), *RECALLS[5:])
HOLDERS = (
    Column("name", gettext_lazy("持有者"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("状态")),
    Column("area", gettext_lazy("区划")),
    Column("depth", gettext_lazy("层级"), kind="number"),
    Column("received", gettext_lazy("收到"), kind="number", unit=KG),
    Column("on_hand", gettext_lazy("现存"), kind="number", unit=KG),
    Column("recovered", gettext_lazy("已退回和销毁"), kind="number", unit=KG),
    Column("told_at", gettext_lazy("通知时间"), kind="moment", sort="id"),
)
SHEET = (
    Column("recall", gettext_lazy("召回编号"), kind="code"),
    Column("product", gettext_lazy("产品")),
    Column("lot", pgettext_lazy("lot", "批次"), kind="code"),
    Column("ring", gettext_lazy("确认程度")),
    Column("depth", gettext_lazy("层级"), kind="number"),
    Column("name", gettext_lazy("持有者")),
    Column("code", gettext_lazy("主体编号"), kind="code"),
    Column("area", gettext_lazy("区划")),
    Column("address", gettext_lazy("地址")),
    Column("first_at", gettext_lazy("到货时间"), kind="moment"),
    Column("kilos", gettext_lazy("收到"), kind="number", unit=KG),
    Column("channel", gettext_lazy("送达方式")),
    Column("told_at", gettext_lazy("通知时间"), kind="moment"),
    Column("acknowledged_at", gettext_lazy("确认时间"), kind="moment"),
    Column("on_hand", gettext_lazy("持有者现存"), kind="number", unit=KG),
    Column("returned", gettext_lazy("持有者退回"), kind="number", unit=KG),
    Column("destroyed", gettext_lazy("持有者销毁"), kind="number", unit=KG),
    Column("note", gettext_lazy("说明")),
)
ALERTS = (
    Column("lot", pgettext_lazy("lot", "批次"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("状态")),
    Column("seller", gettext_lazy("卖出者")),
    Column("buyer", gettext_lazy("购货者")),
    Column("kilos", gettext_lazy("数量"), kind="number", unit=KG),
    Column("moved_at", gettext_lazy("流出时间"), kind="moment"),
)
BY_AREA = (
    Column("area", gettext_lazy("区划"), is_fixed=True),
    Column("holders", gettext_lazy("持有者"), kind="number"),
    Column("told", gettext_lazy("已通知"), kind="progress"),
    Column("acknowledged", gettext_lazy("已确认"), kind="progress"),
    Column("late", gettext_lazy("超时未确认"), kind="number"),
    Column("recovered", gettext_lazy("已退回和销毁"), kind="progress"),
)
LINES = (
    Column("product", pgettext_lazy("lot", "批次"), is_fixed=True, is_wide=True),
    Column("kilos", gettext_lazy("收到"), kind="number", unit=KG),
    Column("first_at", gettext_lazy("到货时间"), kind="moment"),
    Column("ring", gettext_lazy("确认程度")),
)
TONES = {
    RecallState.PROPOSED: DUE,
    RecallState.RUNNING: OVERDUE,
    RecallState.CLOSED: DONE,
    RecallState.REFUSED: NEUTRAL,
}


def recall_url(recall: Recall) -> str:
    return reverse("tracing:recall_detail", args=[recall.number])


def shown_title(recall: Recall) -> str:
    """A drill says so wherever its name stands."""
    return _("【演练】%(title)s") % {"title": recall.title} if recall.is_drill else recall.title


def kind_label(recall: Recall) -> str:
    """The level; of a drill that it is one."""
    return _("追溯演练") if recall.is_drill else str(recall.get_level_display())


def state_label(recall: Recall) -> str:
    """Of a drill in its own words: nobody is being recalled from."""
    if recall.is_drill and recall.state == RecallState.RUNNING:
        return _("演练中")
    return str(recall.get_state_display())


def tone_of(recall: Recall) -> str:
    is_running_drill = recall.is_drill and recall.state == RecallState.RUNNING
    return DUE if is_running_drill else TONES[RecallState(recall.state)]


def recall_rows(recalls: Iterable[Recall]) -> Iterator[Row]:
    for each in recalls:
        cells = {
            "title": Cell(shown_title(each), note=each.reason[:60]), "level": kind_label(each),
            "state": Cell(state_label(each), state=tone_of(each)), "proposed_at": each.proposed_at,
            "finish_due_on": each.finish_due_on, "number": each.number, "score": each.score,
        }  # fmt: skip
        yield Row(cells, url=recall_url(each), key=each.number)


def holder_cell(holder: RecallHolder) -> Cell:
    """Where a holder stands; how it heard."""
    channel = holder.get_channel_display()
    if holder.handled_at is not None:
        return Cell(_("已处置"), state=DONE)
    if holder.acknowledged_at is not None:
        return Cell(_("已确认"), state=WAITING if holder.on_hand else DONE)
    if holder.told_at is not None and holder.channel == Channel.PUBLIC:
        return Cell(_("公告告知"), state=NEUTRAL)
    if holder.told_at is not None:
        return Cell(_("待确认"), state=DUE, note=channel)
    return Cell(_("待通知"), state=WAITING)


def ring_cell(ring: int) -> Cell:
    """Confirmed and possible are told apart by a word, not by colour alone."""
    return Cell(Ring(ring).label, state=NEUTRAL if ring == Ring.CONFIRMED else DUE)


def holder_rows(
    holders: Iterable[RecallHolder], names: Mapping[int, PartyName], areas: Mapping[str, str], url: str
) -> Iterator[Row]:
    """`url`: of the list, under which each holder has its page."""
    for each in holders:
        found = names.get(each.party)
        note = each.get_ring_display() if each.ring == Ring.POSSIBLE else (found.code if found else "")
        cells = {
            "name": Cell(found.name if found else str(each.party), note=note), "state": holder_cell(each),
            "area": areas.get(each.county or each.city, ""), "depth": each.depth, "received": each.received,
            "on_hand": each.on_hand, "recovered": each.returned + each.destroyed, "told_at": each.told_at,
        }  # fmt: skip
        yield Row(cells, url=f"{url}{each.pk}/", key=str(each.pk))


def sheet_rows(
    recall: Recall, lines: Iterable[RecallLine], names: Mapping[int, PartyName], lots: Mapping[int, LotName],
    areas: Mapping[str, str],
) -> Iterator[Row]:  # fmt: skip
    """One row for each holding: what an official sheet of a recall asks for, sortable by every column."""
    for line in lines:
        holder, lot = line.holder, lots.get(line.lot)
        name = names.get(holder.party, PartyName(""))
        yield Row({
            "recall": recall.number, "product": lot.name if lot else "", "lot": lot.number if lot else "",
            "ring": Ring(line.ring).label, "depth": line.depth, "name": name.name, "code": name.code,
            "area": areas.get(holder.county or holder.city, ""), "address": name.address, "first_at": line.first_at,
            "kilos": line.kilos, "channel": holder.get_channel_display(), "told_at": holder.told_at,
            "acknowledged_at": holder.acknowledged_at, "on_hand": holder.on_hand, "returned": holder.returned,
            "destroyed": holder.destroyed, "note": holder.note,
        })  # fmt: skip


def line_rows(lines: Iterable[RecallLine], lots: Mapping[int, LotName], *, opens: bool) -> Iterator[Row]:
    """What a holder looks for; `opens`: staff go on to the chain of each lot."""
    for each in lines:
        lot = lots.get(each.lot)
        url = reverse("tracing:trace_detail", args=[each.holding]) if opens else ""
        cells = {"product": Cell(lot.name if lot else "", note=lot.number if lot else ""), "kilos": each.kilos,
                 "first_at": timezone.localtime(each.first_at), "ring": ring_cell(each.ring)}  # fmt: skip
        yield Row(cells, url=url, key=str(each.pk))


def alert_rows(
    recall: Recall, alerts: Iterable[RecallAlert], names: Mapping[int, PartyName], lots: Mapping[int, LotName]
) -> Iterator[Row]:
    for each in alerts:
        lot = lots.get(each.lot)
        is_open = each.handled_at is None
        state = Cell(_("待处置"), state=OVERDUE) if is_open else Cell(_("已处置"), state=DONE, note=each.outcome)
        cells = {
            "lot": Cell(lot.name if lot else "", note=lot.number if lot else ""), "state": state,
            "seller": names.get(each.seller, PartyName("")).name, "buyer": names.get(each.buyer, PartyName("")).name,
            "kilos": each.kilos, "moved_at": each.moved_at,
        }  # fmt: skip
        url = reverse("tracing:alert_edit", args=[recall.number, each.pk]) if is_open else ""
        yield Row(cells, url=url, key=str(each.pk))


def area_rows(told: Mapping[str, Progress], areas: Mapping[str, str], url: str) -> Iterator[Row]:
    """Counties by the number of their holders; each opens its own."""
    for key, each in told.items():
        cells = {
            "area": areas.get(key, _("区划不明")), "holders": each.holders, "told": (each.told, each.holders),
            "acknowledged": (each.acknowledged, each.asked) if each.asked else None, "late": each.late,
            "recovered": (each.recovered, each.on_hand) if each.on_hand else None,
        }  # fmt: skip
        yield Row(cells, url=f"{url}?area={key}" if key else "", key=key)
