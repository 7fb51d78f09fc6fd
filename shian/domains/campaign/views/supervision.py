"""Paired supervision by county, and what visits and rounds of inspection found (A-12, A-19)."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shian.domains.campaign.permissions import CASE_VIEW, PROBLEM_REPORT, VISIT_PLAN
from shian.domains.campaign.queries.inspections import in_limit, points_by_format
from shian.domains.campaign.queries.visits import supervised_counties, visit_period
from shian.domains.campaign.tables.supervision import COUNTIES, FORMATS, county_row
from shian.engine.cases.models import Case
from shian.engine.cases.permissions import acting_unit
from shian.engine.cases.queries import children_of
from shian.engine.cases.tables import CASES, case_row
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.formats import percent_text
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Stat
from shian.kernel.ui.states import OVERDUE
from shian.kernel.ui.tables import Empty, Row, Table
from shian.registers.areas.queries import area_names


@requires(CASE_VIEW)
def visit_board(request: HttpRequest) -> HttpResponse:
    """Each county with its paired supervisor, the last visit and open findings; who was not visited stands first."""
    today = timezone.localdate()
    counties = supervised_counties(request.user, today)
    late, days = [each for each in counties if each.late_since], visit_period(today).days
    page = ListPage(
        _("包联督导"),
        Table(COUNTIES, [county_row(each, today) for each in counties], empty=Empty(_("管辖范围内没有县（市、区）"))),
        unit=_("个县（市、区）"),
        summary=_("包联领导和督导组到县检查督促；%(days)s 天内没有督导的县（市、区）标红，排在前面。") % {"days": days},
        actions=_plan(request.user),
    )
    stats = [
        Stat(_("期内已督导"), len(counties) - len(late), unit=_("个"), part=len(counties) - len(late),
             whole=len(counties)),
        Stat(_("超期未督导"), len(late), unit=_("个"), state=OVERDUE if late else ""),
        Stat(_("督导发现未销号问题"), sum(each.findings for each in counties), unit=_("个")),
    ]  # fmt: skip
    return render(request, "campaign/overview.html", {"list": page, "stats": stats if counties else []})


def _plan(user: Any) -> list[Action]:
    pairs = Action(_("包联分工"), reverse("ledgers:row_list", args=["supervision_pairs"]), icon="users")
    if not VISIT_PLAN(user).allowed:
        return [pairs]
    return [Action(_("安排督导"), reverse("cases:case_create", args=["visit"]), icon="plus", kind="primary"), pairs]


def findings_count(request: HttpRequest, case: Case) -> int:
    return len(children_of(case, request.user))


def visit_findings_panel(request: HttpRequest, case: Case) -> SafeString:
    """What a visit found."""
    return _findings(request, case, [], [])


def round_findings_panel(request: HttpRequest, case: Case) -> SafeString:
    """What a round found: points by format, problems and the share of them closed inside their limits."""
    points, limit = points_by_format(case, request.user), in_limit(case, request.user, timezone.localdate())
    stats = [
        Stat(_("到访点位"), sum(points.values()), unit=_("个"),
             note=_("%(count)s 类业态") % {"count": len(points)} if points else _("还没有登记到访点位")),
        Stat(_("发现问题"), limit.total, unit=_("个"), note=_("已销号 %(count)s 个") % {"count": limit.closed}),
        Stat(_("限期内整改销号"), percent_text(limit.in_limit, limit.total),
             note=f"{limit.in_limit} / {limit.total}", state=OVERDUE if limit.late_open else ""),
    ]  # fmt: skip
    rows = [Row({"format": name, "points": count}) for name, count in points.items()]
    tables = [(_("各业态到访点位"), Table(FORMATS, rows, id="formats"))] if rows else []
    return _findings(request, case, stats, tables)


def _findings(request: HttpRequest, case: Case, stats: list[Stat], tables: list[tuple[str, Table]]) -> SafeString:
    today, names = timezone.localdate(), area_names(timezone.localdate())
    rows = [case_row(each, today, names) for each in children_of(case, request.user)]
    found = Table(CASES, rows, empty=Empty(_("没有发现问题")), id="findings")
    context = {"actions": finding_action(request, case), "stats": stats, "tables": [*tables, (_("发现的问题"), found)]}
    return render_to_string("campaign/case_panel.html", context, request=request)


def finding_action(request: HttpRequest, case: Case) -> list[Action]:
    """The button that makes a problem of this case, for whoever may."""
    if not (case.is_open and PROBLEM_REPORT(request.user).allowed and acting_unit(request.user, case, None)):
        return []
    query = urlencode({"parent": case.pk, "source": case.type, "area": code_of_key(case.area)})
    url = f"{reverse('cases:case_create', args=['problem'])}?{query}"
    return [Action(_("登记发现的问题"), url, icon="plus", kind="primary")]
