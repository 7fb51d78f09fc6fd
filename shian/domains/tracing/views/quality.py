"""The quality of the data behind chains (E-11): each check with its count, each count with its rows."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.tracing.actions.anomalies import SUBJECT, ask_anomalies, handle_anomaly
from shian.domains.tracing.forms.recalls import AnomalyForm
from shian.domains.tracing.models import AnomalyResult, TraceAnomaly
from shian.domains.tracing.permissions import RECALL_FOLLOW, RECALL_ORDER, TRACING_READ
from shian.domains.tracing.queries.anomalies import AnomalyChoice, anomalies_chosen, last_checked, open_by_check
from shian.domains.tracing.queries.names import lot_names, party_names
from shian.domains.tracing.tables.anomalies import ANOMALIES, anomaly_rows
from shian.domains.tracing.views.steps import step_button, step_page
from shian.engine.trace.balances import CHECKS
from shian.engine.trace.models import Holding
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.formats import moment_text
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb, Filter, FilterBar, Option, Stat, picked_area
from shian.kernel.ui.states import OVERDUE
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_picker, in_reach

STATES = ("handled", "cleared")


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

    check = CHECKS[found.check_key]
    page = FormPage(str(check.title), form, _("保存"), intro=str(check.meaning), cancel_url=then,
                    crumbs=[Crumb(_("断链核查"), then)])  # fmt: skip
    return step_page(request, page, step, then)
