"""A unit's work calendar on paper (工作台历), and the public list of what is late (挂牌督办)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.permissions import CASE_VIEW
from shian.domains.campaign.queries.schedules import accountable, steps_of
from shian.domains.campaign.queries.workcalendars import calendar_units, dated_duties, hung_out
from shian.domains.campaign.rules.workcalendars import sheets_of
from shian.domains.campaign.tables.schedules import LATE, late_row, plan_tabs
from shian.domains.campaign.views.schedules import no_plan, plan_choice, plan_of
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Filter, FilterBar, Option
from shian.kernel.ui.tables import Empty, ListQuery, Table, sorted_rows

ALL, AHEAD = "all", "ahead"


@requires(CASE_VIEW)
def work_calendar(request: HttpRequest) -> HttpResponse:
    """The dated duties of one unit by month; each month prints on a sheet of its own."""
    schedule, today = plan_of(request), timezone.localdate()
    if schedule is None:
        return no_plan(request)
    units = calendar_units(schedule, request.user, list(steps_of(schedule, request.user)))
    unit = request.GET.get("unit", "") or (units[0][0] if units else "")
    names = dict(units)
    if unit and unit not in names:
        raise Http404(unit)
    span = AHEAD if request.GET.get("span") == AHEAD else ALL
    words = {"stage": _("阶段截止"), "catalogue": _("分解到本单位的 %(count)s 项评价内容完成")}
    duties = dated_duties(schedule, unit, request.user, today, words)
    shown = [each for each in duties if span == ALL or each.on >= today.replace(day=1)]
    bar = FilterBar([
        *plan_choice(request, schedule),
        Filter("unit", _("单位"), options=[Option(code, name) for code, name in units], value=unit, default=unit),
        Filter("span", _("期间"), options=[Option(ALL, _("全部")), Option(AHEAD, _("本月以后"))], value=span,
               default=ALL),
    ])  # fmt: skip
    context = {
        "unit": names.get(unit, ""), "count": len(shown), "sheets": sheets_of(shown, today), "bar": bar,
        "schedule": schedule, "crumbs": crumbs(), "tabs": plan_tabs("campaign:work_calendar", schedule),
        "actions": [Action(_("打印"), "#print", icon="printer", kind="primary")],
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
    }  # fmt: skip
    return render(request, "campaign/work_calendar.html", context)


@requires(CASE_VIEW)
def hanging_list(request: HttpRequest) -> HttpResponse:
    """What is late, with the one person who answers for it, for how long, and why."""
    schedule, today = plan_of(request), timezone.localdate()
    late = hung_out(request.user, today)
    owners, query = accountable(late, today), ListQuery.read(request.GET, LATE, default_sort="")
    rows = [late_row(each, owners[each.pk], today) for each in late]
    explained = sum(bool(each.data.get("delay_reason")) for each in late)
    page = ListPage(
        _("挂牌督办"),
        Table(LATE, sorted_rows(rows, query), query=query, empty=Empty(_("没有逾期事项"))),
        unit=_("件"),
        summary=_("逾期未完成的步骤、任务、督办卡和问题，逐件倒追到一个责任人；%(count)s 件已说明原因。")
        % {"count": explained},
        crumbs=crumbs(),
        tabs=plan_tabs("campaign:hanging_list", schedule) if schedule else [],
        actions=[Action(_("打印"), "#print", icon="printer")],
    )
    return render(request, "ui/page_list.html", {"list": page})
