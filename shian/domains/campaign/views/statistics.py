"""Progress statistics and the push list: rates of units that open their lists, tasks for those that fall behind."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions.pushes import push_units
from shian.domains.campaign.forms.pushes import PushForm
from shian.domains.campaign.models import ReportState
from shian.domains.campaign.permissions import MEETING_HOLD, WEEK_VIEW
from shian.domains.campaign.queries.statistics import WEEKS_BACK, recent_reports, unit_rates
from shian.domains.campaign.queries.weeks import may_see_report
from shian.domains.campaign.tables.statistics import RATES, REPORTS, filing_row, rates_row
from shian.domains.campaign.views.sights import crumbs, seen
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.choices import own_unit_choices
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb, FilterBar, Tab
from shian.kernel.ui.tables import Empty, ListQuery, Table, sorted_rows
from shian.registers.people.models import Organisation


@requires(WEEK_VIEW)
def rate_list(request: HttpRequest) -> HttpResponse:
    """Every unit with its rates, those with late cases marked; the office ticks units and pushes them."""
    found, today = seen(request), timezone.localdate()
    rates = unit_rates(request.user, found.sight, today)
    day = {"as_of": str(found.as_of)} if found.sight.evaluation else {}
    seen_at = {"area": found.area_key, **day}
    query = ListQuery.read(request.GET, RATES, default_sort="")
    may_push = MEETING_HOLD(request.user).allowed
    url = reverse("campaign:push_create")
    push = [Action(_("列入重点推进"), url, icon="flag", kind="primary")] if may_push else []
    page = ListPage(
        _("进度统计"),
        Table(RATES, sorted_rows([rates_row(each, seen_at) for each in rates], query), query=query, has_ticks=may_push,
              empty=Empty(_("还没有下发的分解目录"), _("目录下发后，各单位的进度会出现在这里。"))),
        unit=_("个单位"),
        summary=_("每个比率都可打开其分子和分母的清单；填报率按最近 %(weeks)s 周计。") % {"weeks": WEEKS_BACK},
        crumbs=crumbs(),
        filters=FilterBar([], area=found.picker),
        bulk_actions=push,
        actions=[Action(_("重点推进清单"), f"{reverse('cases:type_list', args=['task'])}?source=push", icon="flag")],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


@requires(MEETING_HOLD)
@require_POST
def push_create(request: HttpRequest) -> HttpResponseBase:
    """The ticked units each get a task: first its form, then the tasks."""
    units = list(Organisation.objects.filter(code__in=[key for key in request.POST.getlist("key") if key]))
    issuer = next(iter(own_unit_choices(request.user, timezone.localdate())), None)
    if not units or issuer is None:
        messages.error(request, _("请先选择单位。") if issuer else _("您没有可以交办任务的单位。"))
        return redirect("campaign:rate_list")
    form = PushForm(request.POST if "title" in request.POST else None)
    if form.is_bound and form.is_valid() and _pushed(request, form, units, issuer[0]):
        return redirect(f"{reverse('cases:type_list', args=['task'])}?source=push")
    page = FormPage(
        _("列入重点推进"), form, _("交办"), intro="、".join(each.short_name or each.name for each in units),
        consequence=_("每个单位得到一项任务，到期提醒，逾期升级。"), cancel_url=reverse("campaign:rate_list"),
        crumbs=crumbs(Crumb(_("进度统计"), reverse("campaign:rate_list"))),
    )  # fmt: skip
    return render(request, "campaign/push_create.html", {"page": page, "units": units})


def _pushed(request: HttpRequest, form: Any, units: list[Organisation], issuer: str) -> bool:
    try:
        made = push_units(
            units=units, issuer=Organisation.objects.get(code=issuer), by=request.user, at=timezone.now(),
            **form.cleaned_data,
        )  # fmt: skip
    except CaseRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("已向 %(count)s 个单位交办。") % {"count": len(made)})
    return True


@requires(WEEK_VIEW)
def filing_list(request: HttpRequest, code: str) -> HttpResponse:
    """The weeks that a unit's filing rate counts; the tabs are its part and its whole."""
    today = timezone.localdate()
    rows = recent_reports(today).filter(unit__code=code).select_related("week", "unit").order_by("-week__monday")
    reports = [each for each in rows if may_see_report(request.user, str(each.pk))]
    if not reports:
        raise Http404(code)
    filed = [each for each in reports if each.state != ReportState.OPEN]
    is_filed = request.GET.get("filed") == "1"
    page = ListPage(
        _("%(unit)s的周台账") % {"unit": reports[0].unit.name},
        Table(REPORTS, [filing_row(each) for each in (filed if is_filed else reports)],
              empty=Empty(_("没有已报的周"))),
        unit=pgettext("list", "周"),
        crumbs=crumbs(Crumb(_("进度统计"), reverse("campaign:rate_list"))),
        tabs=[Tab(_("应报"), "?", count=len(reports), is_active=not is_filed),
              Tab(_("已报"), "?filed=1", count=len(filed), is_active=is_filed)],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})
