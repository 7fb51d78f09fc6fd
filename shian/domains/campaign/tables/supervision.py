"""Tables of supervision: counties with their paired leaders, points by format, units with their self-check reports."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.queries.selfchecks import FIGURES, UnitReport
from shian.domains.campaign.queries.visits import Supervised
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.tables import case_url, unit_text
from shian.kernel.ui.states import DONE, DUE, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

COUNTIES = (
    Column("county", gettext_lazy("县（市、区）"), is_fixed=True),
    Column("supervisor", gettext_lazy("包联领导"), is_wide=True),
    Column("state", gettext_lazy("状态")),
    Column("visited", gettext_lazy("最近督导"), kind="date"),
    Column("days", gettext_lazy("距今"), kind="number", unit=gettext_lazy("天")),
    Column("planned", gettext_lazy("已安排"), kind="date"),
    Column("findings", gettext_lazy("未销号问题"), kind="number", unit=gettext_lazy("个")),
)
FORMATS = (
    Column("format", gettext_lazy("业态"), is_wide=True, is_fixed=True),
    Column("points", gettext_lazy("到访点位"), kind="number", unit=gettext_lazy("个")),
)
REPORTS = (
    Column("unit", gettext_lazy("单位"), is_wide=True, is_fixed=True),
    Column("state", gettext_lazy("状态")),
    Column("operators_checked", gettext_lazy("检查主体"), kind="number", unit=gettext_lazy("家")),
    Column("problems_found", gettext_lazy("发现问题"), kind="number", unit=gettext_lazy("个")),
    Column("problems_fixed", gettext_lazy("已整改"), kind="number", unit=gettext_lazy("个")),
    Column("signed_by", gettext_lazy("签发人职务")),
    Column("submitted", gettext_lazy("报送时间"), kind="moment"),
    Column("due", gettext_lazy("期限"), kind="date"),
)
MERGED = (
    Column("title", gettext_lazy("汇总报告"), is_wide=True, is_fixed=True),
    Column("unit", gettext_lazy("汇总单位")),
    Column("state", gettext_lazy("状态")),
    Column("asked", gettext_lazy("应报"), kind="number", unit=gettext_lazy("个")),
    Column("come", gettext_lazy("已报"), kind="number"),
    Column("late", gettext_lazy("逾期未报"), kind="number"),
    Column("due", gettext_lazy("汇总期限"), kind="date"),
)


def county_row(county: Supervised, today: date) -> Row:
    """A county; one without a visit in the period is red."""
    asked = urlencode({"whose": "all", "area": county.area})
    problems = reverse("cases:type_list", args=["problem"])
    if county.late_since is None:
        state = Cell(_("期内已督导"), state=DONE)
    elif county.visited_on is None:
        state = Cell(_("没有督导记录"), state=OVERDUE)
    else:
        state = Cell(_("超期未督导"), state=OVERDUE)
    cells = {
        "county": county.name,
        "supervisor": Cell(county.positions or _("未明确"), note=county.teams),
        "state": state,
        "visited": county.visited_on,
        "days": (today - county.visited_on).days if county.visited_on else None,
        "planned": county.planned_on,
        "findings": Cell(county.findings, url=f"{problems}?{asked}&source=visit&standing=open"),
    }
    url = f"{reverse('cases:type_list', args=['visit'])}?{asked}"
    return Row(cells, url=url, key=county.area, state=OVERDUE if county.late_since else "")


def report_row(report: UnitReport) -> Row:
    """A unit's report with its figures; it opens the report itself."""
    case = report.case
    told = case.data if report.has_come else {}
    if report.late_days:
        state = Cell(_("逾期 %(days)s 天未报") % {"days": report.late_days}, state=OVERDUE)
    else:
        tone = DONE if case.state == "accepted" else DUE if report.has_come else WAITING
        state = Cell(case_type(case.type).by_state[case.state].title, state=tone)
    cells = {
        "unit": unit_text(case.unit) or case.title,
        "state": state,
        **{name: told.get(name) for name in FIGURES},
        "signed_by": told.get("signed_by"),
        "submitted": report.submitted_at,
        "due": report.due_on,
    }
    return Row(cells, url=case_url(case), key=str(case.pk), state=OVERDUE if report.late_days else "")


def merged_row(case: Case, asked: int, come: int, late: int) -> Row:
    """A merged report in the list of all; it opens with the reports of its units."""
    declared = case_type(case.type)
    state = declared.by_state[case.state]
    cells = {
        "title": Cell(case.title, note=case.number),
        "unit": unit_text(case.unit),
        "state": Cell(state.title, state=state.shown_tone),
        "asked": asked,
        "come": come,
        "late": late or None,
        "due": case.due_on,
    }
    return Row(cells, url=f"{case_url(case)}?tab=reports", key=str(case.pk), state=OVERDUE if late else "")
