"""Holders of a recall: the list with its filters, and one of them, whom staff may answer for."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.recall_answers import answer_recall
from shian.domains.tracing.forms.recalls import AnswerForm
from shian.domains.tracing.models import Channel, Recall, RecallHolder
from shian.domains.tracing.permissions import RECALL_FOLLOW, RECALL_ORDER, TRACING_READ
from shian.domains.tracing.queries.names import PartyName, lot_names, party_names
from shian.domains.tracing.queries.recalls import HolderChoice, holder_for, holders_chosen, lines_of, recall_for
from shian.domains.tracing.tables.recalls import (
    HOLDERS,
    LINES,
    holder_cell,
    holder_rows,
    kind_label,
    line_rows,
    recall_url,
    shown_title,
)
from shian.domains.tracing.views.recall_orders import crumbs_of
from shian.domains.tracing.views.shown import phone_on_paper, timeline_of
from shian.domains.tracing.views.steps import step_page
from shian.engine.trace.models import Ring
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Filter, FilterBar, Option, Section, picked_area
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_picker, in_reach


def _choice(request: HttpRequest) -> HolderChoice:
    told, ring = request.GET, request.GET.get("ring", "")
    return HolderChoice(
        state=told.get("state", "") if told.get("state") in dict(_states()) else "",
        area=in_reach(request.user, picked_area(told.getlist("area"))),
        ring=int(ring) if ring in {"1", "2"} else 0,
        channel=told.get("channel", "") if told.get("channel") in Channel.values else "",
        text=told.get("q", "").strip()[:40],
    )


def _states() -> list[tuple[str, str]]:
    return [
        ("waiting", _("待通知")),
        ("told", _("待确认")),
        ("late", _("超时未确认")),
        ("acknowledged", _("已确认待处置")),
        ("handled", _("已处置")),
    ]


def _crumbs(recall: Recall) -> list[Crumb]:
    return [*crumbs_of(is_drill=recall.is_drill), Crumb(recall.number, recall_url(recall))]


@requires(TRACING_READ)
def holder_list(request: HttpRequest, number: str) -> HttpResponse:
    """Everybody in reach who holds what is recalled."""
    recall, choice, now = recall_for(request.user, number), _choice(request), timezone.now()
    query = ListQuery.read(request.GET, HOLDERS, default_sort="told_at")
    page = keyset_page(holders_chosen(request.user, recall, choice, now), query)
    names, today = party_names({each.party for each in page.items}), timezone.localdate()
    rows = list(holder_rows(page.items, names, area_names(today), request.path))
    filters = [
        Filter("q", _("搜索"), "search", value=choice.text, placeholder=_("主体编号")),
        Filter("state", _("状态"), options=[Option(*each) for each in _states()], value=choice.state),
        Filter("channel", _("送达方式"), options=[Option(*each) for each in Channel.choices], value=choice.channel),
        Filter("ring", _("确认程度"), options=[Option(str(key), label) for key, label in Ring.choices],
               value=str(choice.ring or "")),
    ]  # fmt: skip
    found = ListPage(
        _("%(title)s：持有者") % {"title": shown_title(recall)},
        Table(HOLDERS, rows, query=query, page=page, empty=Empty(_("没有符合条件的持有者"), _("请放宽筛选条件。"))),
        unit=_("家"), crumbs=_crumbs(recall), filters=FilterBar(filters, area_picker(request.user, choice.area, today)),
        actions=[Action(_("导出 XLSX"), reverse("tracing:recall_export", args=[number]), icon="file-export")],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})


@requires(TRACING_READ)
def holder_detail(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One holder: what it has to look for, how it was told, what it answered."""
    recall = recall_for(request.user, number)
    holder = holder_for(request.user, recall, pk)
    name, cell = party_names([holder.party]).get(holder.party, PartyName("")), holder_cell(holder)
    lines = lines_of(holder)
    actions = []
    if recall.state == "running" and holder.told_at is not None and RECALL_FOLLOW(request.user).allowed:
        url = reverse("tracing:holder_edit", args=[number, pk])
        actions.append(Action(_("代为填报"), url, icon="edit", kind="primary"))
    if holder.channel == Channel.LETTER and RECALL_ORDER(request.user).allowed and not recall.is_drill:
        url = f"{reverse('tracing:recall_letter_create', args=[number])}?holder={pk}"
        actions.append(Action(_("发协查函"), url, icon="mail"))
    page = RecordPage(
        name.name, code=name.code, kind=shown_title(recall), state=cell.state, state_label=str(cell.value),
        actions=actions,
        crumbs=[*_crumbs(recall), Crumb(_("持有者"), reverse("tracing:holder_list", args=[number]))],
        sections=[Section(_("送达和答复"), _facts(request, holder, name))],
        timeline=timeline_of(holder.subject) or None,
    )  # fmt: skip
    rows = list(line_rows(lines, lot_names(each.lot for each in lines), opens=True))
    title = _("要找的批次（共 %(count)s 批）") % {"count": holder.lots}
    context = {"record": page, "notes": (), "tables": [(title, Table(LINES, rows, id="lines"))]}
    return render(request, "ui/page_record_tables.html", context)


def _facts(request: HttpRequest, holder: RecallHolder, name: PartyName) -> list[Fact]:
    url = reverse("census:operator_detail", args=[name.code]) if name.code else ""
    facts = [
        Fact(_("主体编号"), name.code, url=url), Fact(_("地址"), name.address),
        Fact(_("电话"), phone_on_paper(request.user, name.phone)), Fact(_("送达方式"), holder.get_channel_display()),
        Fact(_("确认程度"), holder.get_ring_display()), Fact(_("收到"), holder.received, kind="number", unit=_("千克")),
        Fact(_("通知时间"), holder.told_at, kind="moment"), Fact(_("确认时间"), holder.acknowledged_at, kind="moment"),
        Fact(_("现存"), holder.on_hand, kind="number", unit=_("千克")),
        Fact(_("退回"), holder.returned or None, kind="number", unit=_("千克")),
        Fact(_("销毁"), holder.destroyed or None, kind="number", unit=_("千克")), Fact(_("说明"), holder.note),
    ]  # fmt: skip
    return [each for each in facts if each.value not in (None, "")]


def answer_page(
    request: HttpRequest, holder: RecallHolder, title: str, crumbs: list[Crumb], then: str
) -> HttpResponseBase:
    """What a holder has and what became of it; by its own people, or by staff who were there or called."""
    recall = holder.recall
    initial = {
        "on_hand": holder.on_hand,
        "returned": holder.returned,
        "destroyed": holder.destroyed,
        "note": holder.note,
    }
    form = AnswerForm(request.POST or None, is_drill=recall.is_drill, initial=initial if holder.acknowledged_at else {})

    def step() -> str:
        answer_recall(holder=holder, by=request.user, at=timezone.now(), **form.cleaned_data)
        return _("已确认。")

    intro = f"{shown_title(recall)} · {kind_label(recall)}"
    consequence = (
        _("这是演练，不停止销售。") if recall.is_drill else _("确认即承诺已停止销售并封存。数量以后可以再改。")
    )
    page = FormPage(title, form, _("确认"), intro=intro, consequence=consequence, cancel_url=then, crumbs=crumbs)
    return step_page(request, page, step, then)


@requires(RECALL_FOLLOW)
def holder_edit(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """Staff write down what a holder without an account said."""
    recall = recall_for(request.user, number)
    holder = holder_for(request.user, recall, pk)
    name = party_names([holder.party]).get(holder.party, PartyName(""))
    then = reverse("tracing:holder_detail", args=[number, pk])
    return answer_page(request, holder, name.name, [*_crumbs(recall), Crumb(name.name, then)], then)
