"""Recalls and drills: two lists, the command page with live counts, the sheet, public notice and end."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from shian.domains.tracing.actions.recall_answers import handle_alert
from shian.domains.tracing.actions.recalls import close_recall, publish_recall
from shian.domains.tracing.forms.recalls import OutcomeForm, SummaryForm
from shian.domains.tracing.models import Channel, Recall, RecallAlert, RecallLine, RecallState
from shian.domains.tracing.permissions import RECALL_FOLLOW, RECALL_ORDER, TRACING_READ
from shian.domains.tracing.queries.drills import result_of
from shian.domains.tracing.queries.names import lot_names, party_names
from shian.domains.tracing.queries.recall_letters import letters_of, outside_of
from shian.domains.tracing.queries.recalls import (
    Progress,
    alerts_of,
    lines_in_reach,
    progress_by_area,
    progress_of,
    recall_for,
    recalls_chosen,
    seconds_to_tell,
)
from shian.domains.tracing.rules.recalls import DrillResult
from shian.domains.tracing.tables.recall_letters import LETTERS_OF_ONE, letter_rows
from shian.domains.tracing.tables.recalls import (
    ALERTS,
    BY_AREA,
    DRILLS,
    RECALLS,
    SHEET,
    alert_rows,
    area_rows,
    kind_label,
    recall_rows,
    recall_url,
    sheet_rows,
    shown_title,
    state_label,
    tone_of,
)
from shian.domains.tracing.views.recall_orders import crumbs_of
from shian.domains.tracing.views.shown import timeline_of
from shian.domains.tracing.views.steps import step_button, step_page
from shian.engine.ledgers.exports import make_export
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.charts import Map, MapArea
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Callout, Clock, Crumb, Fact, Filter, FilterBar, Option, Section, Stat
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.kernel.workdays.clocks import clock_of
from shian.kernel.workdays.queries import calendar
from shian.kernel.workdays.rules import Deadline
from shian.registers.areas.queries import area_names

ALERTS_SHOWN = 20


@requires(TRACING_READ)
def recall_list(request: HttpRequest) -> HttpResponse:
    """Recalls in reach, the newest first. Drills have a list of their own."""
    return _list(request, is_drill=False)


@requires(TRACING_READ)
def drill_list(request: HttpRequest) -> HttpResponse:
    """Drills in reach, the newest first."""
    return _list(request, is_drill=True)


def _list(request: HttpRequest, *, is_drill: bool) -> HttpResponse:
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()[:40]
    state = state if state in RecallState.values else ""
    columns = DRILLS if is_drill else RECALLS
    query = ListQuery.read(request.GET, columns, default_sort="-proposed_at")
    rows = recalls_chosen(request.user, is_drill=is_drill, state=state, text=text)
    page = keyset_page(rows, query)
    advice = (
        _("从批次追溯页选一批货，发起演练。")
        if is_drill
        else _("从批次追溯页选一批货，先看会通知多少持有者，再发起召回。")
    )
    empty = Empty(_("没有演练") if is_drill else _("没有召回"), advice, reverse("tracing:trace_list"), _("批次追溯"))
    filters = [
        Filter("q", _("搜索"), "search", value=text, placeholder=_("编号或产品")),
        Filter("state", _("状态"), options=[Option(*each) for each in RecallState.choices], value=state),
    ]
    found = ListPage(
        _("追溯演练") if is_drill else _("食品召回"),
        Table(columns, list(recall_rows(page.items)), query=query, page=page, empty=empty),
        unit=_("次"), filters=FilterBar(filters),
        actions=[
            Action(_("批次追溯"), reverse("tracing:trace_list"), icon="search", kind="primary"),
            *([] if is_drill else [Action(_("召回协查函"), reverse("tracing:recall_letter_list"), icon="mail")]),
        ],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})


@requires(TRACING_READ)
def recall_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One recall or drill: how far it is, where, what moved all the same, what happened."""
    recall, now = recall_for(request.user, number), timezone.now()
    is_told = recall.state in {RecallState.RUNNING, RecallState.CLOSED}
    record = RecordPage(
        shown_title(recall), code=number, kind=_("追溯演练") if recall.is_drill else _("食品召回"),
        state=tone_of(recall), state_label=state_label(recall), clock=_clock(recall),
        badges=[] if recall.is_drill else [kind_label(recall)],
        crumbs=crumbs_of(is_drill=recall.is_drill), actions=_actions(request, recall), sections=_sections(recall),
        timeline=timeline_of(recall.subject),
    )  # fmt: skip
    context: dict[str, Any] = {"record": record, "notes": _notes(recall), "stats": [], "tables": [], "map": None,
                               "is_live": recall.state == RecallState.RUNNING}  # fmt: skip
    if is_told:
        context["notes"] += _outside(recall)
        names, told = area_names(timezone.localdate()), progress_by_area(recall, now)
        context |= {
            "stats": _stats(recall, progress_of(recall, now)), "tables": _tables(request, recall, told, names),
            "map": _map(recall, told, names), "pause": 10 if recall.told_at else 2,
        }  # fmt: skip
    return render(request, "tracing/recall_detail.html", context)


def _clock(recall: Recall) -> Clock | None:
    """To the start while nobody has decided, then to the end."""
    today = timezone.localdate()
    if recall.is_drill or recall.state in {RecallState.CLOSED, RecallState.REFUSED}:
        return None
    if recall.state == RecallState.PROPOSED:
        due, is_late = timezone.localtime(recall.start_due_at), timezone.now() > recall.start_due_at
        return Clock(_("启动期限 %(at)s") % {"at": f"{due:%m-%d %H:%M}"}, due.date(), OVERDUE if is_late else DUE)
    if recall.finish_due_on is None or recall.decided_at is None:
        return None
    return clock_of(calendar(), Deadline(timezone.localdate(recall.decided_at), recall.finish_due_on), today)


def _notes(recall: Recall) -> list[Callout]:
    notes = []
    if recall.is_drill:
        notes.append(Callout(_("这是演练，不是真实召回"), _("不停止销售，不发布公告，不计入召回数字。"), NEUTRAL))
    if recall.state == RecallState.PROPOSED:
        notes.append(Callout(_("等待另一人决定"), _("提出人不能自己决定；决定后立即通知每个持有者。"), DUE))
    if recall.state == RecallState.REFUSED:
        notes.append(Callout(_("不予召回"), recall.decision, NEUTRAL))
    return notes


def _outside(recall: Recall) -> list[Callout]:
    """Holders whom nobody here reaches are written to."""
    count, written = outside_of(recall)
    if not count or recall.is_drill:
        return []
    holders = f"{reverse('tracing:holder_list', args=[recall.number])}?channel={Channel.LETTER}"
    told = _("已为其中 %(written)s 家发协查函；其余请在持有者页面逐家发函。") % {"written": written}
    title = _("%(count)s 家持有者在外地，由对方监管部门处置") % {"count": count}
    return [Callout(title, told, DUE if written < count else NEUTRAL, [Action(_("外地持有者"), holders)])]


def _stats(recall: Recall, told: Progress) -> list[Stat]:
    holders = reverse("tracing:holder_list", args=[recall.number])
    took = _("从决定到最后一份通知 %(seconds)s 秒") % {"seconds": f"{seconds_to_tell(recall):.1f}"}
    stats = [
        Stat(_("已通知持有者"), told.told, unit=_("家"), part=told.told, whole=told.holders, url=holders,
             state=DONE if recall.told_at else DUE, state_label=_("通知完毕") if recall.told_at else _("正在通知"),
             note=took if recall.told_at else ""),
        Stat(_("已确认"), told.acknowledged, unit=_("家"), part=told.acknowledged, whole=told.asked,
             url=f"{holders}?state=acknowledged"),
        Stat(_("超时未确认"), told.late, unit=_("家"), url=f"{holders}?state=late",
             state=OVERDUE if told.late else "", state_label=_("需催办") if told.late else ""),
    ]  # fmt: skip
    if recall.is_drill:
        return [*stats, *_scored(recall)]
    return [
        *stats,
        Stat(_("现存并停售"), told.on_hand, unit=_("千克"), decimals=0),
        Stat(_("已退回和销毁"), told.recovered, unit=_("千克"), decimals=0, part=told.recovered,
             whole=told.on_hand or None),
        Stat(_("确认的持有者"), told.confirmed, unit=_("家"),
             note=_("另有可能的 %(count)s 家，分开统计") % {"count": told.possible} if told.possible else ""),
    ]  # fmt: skip


def _scored(recall: Recall) -> list[Stat]:
    found = result_of(recall)
    source = "" if found.source_minutes is None else f"{found.source_minutes:.0f}"
    return [
        Stat(_("查到来源用时"), source or "—", unit=_("分钟") if source else "", state=_right(recall),
             state_label=_source_label(recall),
             note=_("目标 %(target)s 分钟") % {"target": recall.target_minutes}),
        Stat(_("找到的购货者"), found.found, unit=_("家"), part=found.found, whole=found.buyers, note=_took(found)),
        Stat(_("得分"), "—" if recall.score is None else recall.score, unit="" if recall.score is None else _("分")),
    ]  # fmt: skip


def _took(found: DrillResult) -> str:
    """How long it was until the last buyer who answered."""
    if not found.buyers or found.buyers_minutes is None:
        return ""
    return _("用时 %(minutes)s 分钟") % {"minutes": f"{found.buyers_minutes:.0f}"}


def _source_label(recall: Recall) -> str:
    if recall.source_at is None:
        return _("未报告")
    return _("正确") if recall.is_source_right else pgettext("drill", "错误")


def _right(recall: Recall) -> str:
    if recall.source_at is None:
        return WAITING
    return DONE if recall.is_source_right else OVERDUE


def _tables(
    request: HttpRequest, recall: Recall, told: dict[str, Progress], names: dict[str, str]
) -> list[tuple[str, Table]]:
    url = reverse("tracing:holder_list", args=[recall.number])
    tables = [(_("各区县"), Table(BY_AREA, list(area_rows(told, names, url)), id="areas"))]
    if letters := letters_of(request.user, recall):
        written = list(letter_rows(letters, timezone.localdate()))
        tables.append((_("协查函"), Table(LETTERS_OF_ONE, written, id="letters")))
    alerts = alerts_of(request.user, recall)
    if count := alerts.count():
        shown = list(alerts[:ALERTS_SHOWN])
        rows = alert_rows(recall, shown, party_names([p for each in shown for p in (each.seller, each.buyer)]),
                          lot_names(each.lot for each in shown))  # fmt: skip
        title = _("召回后仍流出（共 %(count)s 笔）") % {"count": count}
        tables.insert(0, (title, Table(ALERTS, list(rows), id="alerts")))
    return tables


def _map(recall: Recall, told: dict[str, Progress], names: dict[str, str]) -> Map | None:
    """Counties by how many of their holders have not acknowledged."""
    known = {key: each for key, each in told.items() if key}
    if not known:
        return None
    url, parent = reverse("tracing:holder_list", args=[recall.number]), next(iter(known))[:4]
    outlines = f"{reverse('areas:area_outlines')}?parent={parent}&as_of={timezone.localdate().isoformat()}"
    areas = [
        MapArea(key, names.get(key, key), each.asked - each.acknowledged, url=f"{url}?area={key}&state=told")
        for key, each in known.items()
    ]  # fmt: skip
    return Map("recall-map", _("待确认的持有者"), outlines, areas, unit=_("家"))


def _actions(request: HttpRequest, recall: Recall) -> Sequence[Action]:
    user, number = request.user, recall.number
    may = RECALL_ORDER(user).allowed and reach_of(user).covers(recall.area)
    actions = []
    if recall.state == RecallState.PROPOSED and may and recall.proposed_by != user.get_username():
        actions.append(Action(_("决定"), reverse("tracing:recall_review", args=[number]), icon="check", kind="primary"))
    if recall.state not in {RecallState.RUNNING, RecallState.CLOSED}:
        return actions
    actions.append(Action(_("持有者"), reverse("tracing:holder_list", args=[number]), icon="users", kind="primary"))
    actions.append(Action(_("导出 XLSX"), reverse("tracing:recall_export", args=[number]), icon="file-export"))
    if may and not recall.is_drill:
        actions.append(Action(_("发协查函"), reverse("tracing:recall_letter_create", args=[number]), icon="mail"))
    if recall.state == RecallState.RUNNING and recall.is_drill:
        if RECALL_FOLLOW(user).allowed and recall.source_at is None:
            actions.append(Action(_("报告来源"), reverse("tracing:drill_report", args=[number]), icon="map-pin"))
        if may:
            actions.append(Action(_("结束并评分"), reverse("tracing:drill_close", args=[number]), icon="flag"))
    elif recall.state == RecallState.RUNNING and may:
        if recall.published_at is None:
            actions.append(
                Action(_("发布公告"), reverse("tracing:recall_publish", args=[number]), icon="speakerphone",
                       method="post", consequence=_("公告对所有人公开，扫码也能看到。"))
            )  # fmt: skip
        actions.append(Action(_("办结"), reverse("tracing:recall_close", args=[number]), icon="flag"))
    if recall.published_at is not None:
        actions.append(Action(_("查看公告"), reverse("tracing:notice_detail", args=[number]), icon="external-link"))
    return actions


def _sections(recall: Recall) -> list[Section]:
    what = [
        Fact(_("原因和危害"), recall.reason), Fact(_("来源"), recall.get_cause_display(), note=recall.cause_no),
        Fact(pgettext("recall", "处理方式"), recall.get_treatment_display()), Fact(_("告知内容"), recall.advice),
        Fact(_("联系电话"), recall.contact),
        Fact(_("起点批次"), len(recall.roots), kind="number", unit=_("批"),
             url=reverse("tracing:trace_detail", args=[recall.roots[0]])),
        Fact(_("通知范围"), recall.get_ring_display()), Fact(_("总结"), recall.summary),
    ]  # fmt: skip
    when = [
        *([] if recall.is_drill else _deadlines(recall)),
        Fact(_("决定时间"), recall.decided_at, kind="moment", note=recall.decision),
        Fact(_("通知完毕"), recall.told_at, kind="moment"), Fact(_("公告时间"), recall.published_at, kind="moment"),
        Fact(_("办结时间"), recall.closed_at, kind="moment"),
    ]  # fmt: skip
    told = ((_("演练内容") if recall.is_drill else _("召回内容"), what), (_("时限"), when))
    return [Section(title, [each for each in facts if each.value not in (None, "")]) for title, facts in told]


def _deadlines(recall: Recall) -> list[Fact]:
    """A drill runs against its minutes, not against the law's hours."""
    return [
        Fact(_("知悉时间"), recall.known_at, kind="moment"), Fact(_("启动期限"), recall.start_due_at, kind="moment"),
        Fact(_("完成期限"), recall.finish_due_on, kind="date"),
    ]  # fmt: skip


@requires(TRACING_READ)
def recall_export(request: HttpRequest, number: str) -> HttpResponseBase:
    """Everybody who holds it, one row a lot, as one sheet that sorts by every column. Rows in reach."""
    recall, now = recall_for(request.user, number), timezone.now()
    rows: list[RecallLine] = list(lines_in_reach(request.user, recall))
    names = party_names({each.holder.party for each in rows})
    lots = lot_names({each.lot for each in rows})
    door = Door.of_page(request)
    made = make_export(
        name=f"{_('演练') if recall.is_drill else _('召回')}{number}", format="xlsx", columns=SHEET,
        rows=sheet_rows(recall, rows, names, lots, area_names(timezone.localdate())),
        facts={str(_("产品")): shown_title(recall), str(_("状态")): state_label(recall)},
        by=request.user.get_username(), at=now, door=door,
    )  # fmt: skip
    return made.leave(door, subject=recall.subject, at=now)


@requires(RECALL_ORDER)
@require_POST
def recall_publish(request: HttpRequest, number: str) -> HttpResponse:
    """Let everybody read it."""
    recall = recall_for(request.user, number)
    return step_button(
        request, lambda: publish_recall(recall=recall, by=request.user, at=timezone.now()), _("公告已发布。"),
        recall_url(recall),
    )  # fmt: skip


@requires(RECALL_ORDER)
def recall_close(request: HttpRequest, number: str) -> HttpResponseBase:
    """The recall is over."""
    recall = recall_for(request.user, number)
    told, form = progress_of(recall, timezone.now()), SummaryForm(request.POST or None)

    def step() -> str:
        close_recall(recall=recall, summary=form.cleaned_data["summary"], by=request.user, at=timezone.now())
        return _("召回已办结。")

    open_ones = told.asked - told.acknowledged
    intro = _("现存 %(on_hand)s 千克，已退回和销毁 %(done)s 千克；%(open)s 家没有确认。") % {
        "on_hand": f"{told.on_hand:,.0f}", "done": f"{told.recovered:,.0f}", "open": f"{open_ones:,}",
    }  # fmt: skip
    page = FormPage(_("办结召回"), form, _("办结"), intro=intro, cancel_url=recall_url(recall),
                    consequence=_("办结后解除停售，持有者不能再填报。"),
                    crumbs=[*crumbs_of(is_drill=False), Crumb(number, recall_url(recall))])  # fmt: skip
    return step_page(request, page, step, recall_url(recall))


@requires(RECALL_FOLLOW)
def alert_edit(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """What was done about goods that were sold although they are recalled."""
    recall = recall_for(request.user, number)
    alert: RecallAlert = RecallAlert.objects.filter(recall=recall).get_visible(request.user, pk=pk)
    names, form = party_names([alert.seller, alert.buyer]), OutcomeForm(request.POST or None)

    def step() -> str:
        handle_alert(alert=alert, outcome=form.cleaned_data["outcome"], by=request.user, at=timezone.now())
        return _("已记录处置结果。")

    intro = (
        f"{names[alert.seller].name} → {names[alert.buyer].name} · {timezone.localtime(alert.moved_at):%Y-%m-%d %H:%M}"
    )
    page = FormPage(_("处置召回后流出"), form, _("保存"), intro=intro, cancel_url=recall_url(recall),
                    crumbs=[*crumbs_of(is_drill=False), Crumb(number, recall_url(recall))])  # fmt: skip
    return step_page(request, page, step, recall_url(recall))
