"""The quality of the data behind chains (E-11): each check with its count, each count with its rows."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from shian.domains.tracing.actions.anomalies import SUBJECT, ask_anomalies, handle_anomaly
from shian.domains.tracing.forms.recalls import AnomalyForm
from shian.domains.tracing.models import AnomalyResult, TraceAnomaly
from shian.domains.tracing.permissions import RECALL_FOLLOW, RECALL_ORDER, TRACING_READ
from shian.domains.tracing.queries.anomalies import (
    AnomalyChoice,
    anomalies_chosen,
    last_checked,
    open_by_check,
    shown_by,
)
from shian.domains.tracing.queries.names import lot_names, party_names
from shian.domains.tracing.tables.anomalies import (
    ANOMALIES,
    MOVEMENTS,
    anomaly_rows,
    anomaly_url,
    movement_rows,
    state_cell,
)
from shian.domains.tracing.views.shown import filled, lot_facts, timeline_of
from shian.domains.tracing.views.steps import step_button, step_page
from shian.engine.trace.balances import CHECKS
from shian.engine.trace.models import Holding
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.formats import moment_text
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Filter, FilterBar, Option, Section, Stat, picked_area
from shian.kernel.ui.states import OVERDUE
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_picker, in_reach

STATES = ("handled", "cleared")
SHOWN = 20


@requires(TRACING_READ)
def anomaly_list(request: HttpRequest) -> HttpResponse:
    """?check=&state=&area= Chains that do not close, in the reader's reach; what is open comes by itself."""
    told, today, user = request.GET, timezone.localdate(), request.user
    choice = AnomalyChoice(
        check=told.get("check", "") if told.get("check") in CHECKS else "",
        state=told.get("state", "") if told.get("state") in STATES else "",
        area=in_reach(user, picked_area(told.getlist("area"))),
    )  # fmt: skip
    query = ListQuery.read(told, ANOMALIES, default_sort="-found_on")
    page = keyset_page(anomalies_chosen(user, choice), query)
    holdings = {each.pk: each for each in Holding.objects.filter(pk__in={each.holding for each in page.items})}
    rows = list(
        anomaly_rows(page.items, holdings, party_names({each.party_id for each in holdings.values()}),
                     lot_names({each.lot for each in holdings.values()}), area_names(today), CHECKS,
                     may_handle=RECALL_FOLLOW(user).allowed)
    )  # fmt: skip
    at, counts, url = last_checked(SUBJECT), open_by_check(user), request.path
    stats = [
        Stat(check.title, counts.get(key, 0), unit=_("处"), url=f"{url}?check={key}", note=check.meaning,
             state=OVERDUE if counts.get(key) else "", state_label=_("待核查") if counts.get(key) else "")
        for key, check in CHECKS.items()
    ]  # fmt: skip
    filters = [
        Filter("check", _("异常类型"), options=[Option(key, each.title) for key, each in CHECKS.items()],
               value=choice.check),
        Filter("state", _("状态"), options=[Option("", _("待核查")), Option("handled", _("已处理")),
                                          Option("cleared", _("已消除"))], value=choice.state),
    ]  # fmt: skip
    checked = (
        _("最近核查：%(at)s；每天凌晨自动核查") % {"at": moment_text(at)} if at else _("还没有核查过；每天凌晨自动核查")
    )
    found = ListPage(
        _("断链核查"),
        Table(ANOMALIES, rows, query=query, page=page, empty=Empty(_("没有符合条件的异常"), checked)),
        unit=_("处"), summary=checked, filters=FilterBar(filters, area_picker(user, choice.area, today)),
        actions=[Action(_("立即核查"), reverse("tracing:anomaly_run"), icon="refresh", method="post")]
        if RECALL_ORDER(user).allowed else [],
    )  # fmt: skip
    return render(request, "ui/page_overview.html", {"list": found, "stats": stats, "notes": []})


@requires(RECALL_ORDER)
@require_POST
def anomaly_run(request: HttpRequest) -> HttpResponse:
    """Look through all chains now."""
    return step_button(request, ask_anomalies, _("已开始核查，稍后刷新。"), reverse("tracing:anomaly_list"))


@requires(TRACING_READ)
def anomaly_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One holding that fails a check: in and out, the movements that show it, what came of it."""
    found: TraceAnomaly = TraceAnomaly.objects.all().get_visible(request.user, pk=pk)
    holding = Holding.objects.select_related("party").get(pk=found.holding)
    check, lot = CHECKS[found.check_key], lot_names([holding.lot])[holding.lot]
    shown = shown_by(request.user, found, SHOWN)
    names = party_names({holding.party_id, *(each for move in shown for each in (move.seller, move.buyer) if each)})
    state = state_cell(found)
    page = RecordPage(
        lot.name, code=lot.number, kind=check.title, state=state.state, state_label=str(state.value),
        crumbs=[Crumb(_("断链核查"), reverse("tracing:anomaly_list"))], actions=_steps(request, found),
        sections=[Section(check.title, _wrong(found)),
                  Section(pgettext("lot", "批次"), lot_facts(request.user, holding, lot, names[holding.party_id]))],
        timeline=timeline_of(found.subject) or None,
    )  # fmt: skip
    rows = list(movement_rows(shown, names))
    tables = [(_("相关记录"), Table(MOVEMENTS, rows, empty=Empty(_("已经没有这样的记录")), id="movements"))]
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": tables})


def _steps(request: HttpRequest, found: TraceAnomaly) -> list[Action]:
    chain = Action(_("打开链条"), reverse("tracing:trace_detail", args=[found.holding]), icon="link")
    if not found.is_open or not RECALL_FOLLOW(request.user).allowed:
        return [chain]
    url = reverse("tracing:anomaly_edit", args=[found.pk])
    return [Action(_("核查"), url, icon="check", kind="primary"), chain]


def _wrong(found: TraceAnomaly) -> list[Fact]:
    return filled(
        Fact(_("问题"), CHECKS[found.check_key].meaning),
        Fact(_("发现日期"), found.found_on, kind="date"),
        Fact(_("消除日期"), found.cleared_on, kind="date"),
        Fact(_("核查情况"), found.note),
        Fact(_("处理时间"), found.handled_at, kind="moment"),
    )


@requires(RECALL_FOLLOW)
def anomaly_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Explained or rectified."""
    found: TraceAnomaly = TraceAnomaly.objects.all().get_visible(request.user, pk=pk)
    form: forms.Form = AnomalyForm(request.POST or None)
    then = reverse("tracing:anomaly_list")

    def step() -> str:
        result = AnomalyResult(form.cleaned_data["result"])
        handle_anomaly(
            anomaly=found, result=result, note=form.cleaned_data["note"], by=request.user, at=timezone.now()
        )  # fmt: skip
        return _("已记录核查结果。")

    check, holding = CHECKS[found.check_key], Holding.objects.get(pk=found.holding)
    lot = lot_names([holding.lot])[holding.lot]
    page = FormPage(
        str(check.title), form, _("保存"), intro=f"{lot.name} {lot.number} · {check.meaning}",
        cancel_url=anomaly_url(found), crumbs=[Crumb(_("断链核查"), then), Crumb(lot.number, anomaly_url(found))],
        consequence=_("说明了原因的不再列出；报已整改而次日仍不符的，重新列为待核查。"),
    )  # fmt: skip
    return step_page(request, page, step, then)
