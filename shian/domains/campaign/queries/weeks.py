"""Named reads of the weekly ledger, and the dated rule of its weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from shian.domains.campaign.models import ReportState, Week, WeekCorrection, WeekLine, WeekReport
from shian.domains.campaign.permissions import WEEK_VIEW
from shian.domains.campaign.rules.weeks import WeekRule
from shian.kernel.accounts.models import Role
from shian.kernel.parameters.dated import Dated
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import Level, columns_of_key, level_of_key
from shian.registers.people.models import Organisation
from shian.registers.people.queries import organisations_valid_at

OFFICE_CODE = "CAMPO"  # the campaign office of a county, under this department code
LINE_FIELDS = ("item_code", "done", "planned", "problem", "help_needed")


def week_rule(day: date) -> WeekRule:
    """The rule in force on the day. Raises ImproperlyConfigured."""
    return WEEK_RULES.at(day)


def _week_rule(told: Mapping[str, Any]) -> WeekRule:
    return WeekRule(told["cut_off"]["weekday"], told["cut_off"]["hour"], told["locks_after"])


WEEK_RULES = Dated("weeks", _week_rule)


def reporting_units(area_key: str, day: date) -> ScopedQuerySet[Organisation]:
    """The units that file in the campaign of a city or county: its departments, and the campaign offices below it."""
    own = columns_of_key(area_key)
    at_home = Q(city=own["city"], county=own["county"], is_campaign_department=True)
    below = Q(city=own["city"], township="", department_code=OFFICE_CODE) & ~Q(county="")
    wanted = at_home | below if level_of_key(area_key) == Level.CITY else at_home
    return organisations_valid_at(day).filter(wanted).order_by("county", "code")


def campaign_areas(day: date) -> list[str]:
    """The areas that run a campaign: those with a command office of their own at the top."""
    rows = organisations_valid_at(day).filter(kind="指挥部办公室")
    return sorted({each.area for each in rows})


def weeks_for(user: Any) -> ScopedQuerySet[Week]:
    """The weeks of the areas that hold the user's reach, newest first: a unit below sees the week, not the others'
    reports."""
    reach = reach_of(user)
    rows = Week.objects.all().order_by("-monday")
    if reach.everything:
        return rows
    cities = sorted({key[:4] for key in reach.keys})
    return rows.filter(city__in=cities).filter(Q(county="") | Q(county__in=[key[:6] for key in reach.keys]))


def reports_for(user: Any, week: Week) -> QuerySet[WeekReport]:
    """The reports of the week that the user may read: those in reach, and the own unit's; departments see their own."""
    reach = reach_of(user)
    rows = WeekReport.objects.filter(week=week).select_related("unit", "week").order_by("county", "unit_id")
    own = Q(unit__in=list(reach.organisations))
    if user.role == Role.DEPARTMENT and not reach.everything:
        return rows.filter(own)
    return rows.filter(reach.area_filter() | own)


def may_file(user: Any, report: WeekReport) -> bool:
    """Whether the user writes for the unit: one of its own, or for a county's office a regulator of that county."""
    reach = reach_of(user)
    if report.unit_id in reach.organisations:
        return True
    return user.role in {Role.COUNTY, Role.OFFICE} and bool(report.county) and report.area in reach.keys


@dataclass(frozen=True)
class WeekCount:
    """How a week stands: units, reports filed, confirmed."""

    units: int
    filed: int
    confirmed: int


def counts_of(weeks: Sequence[Week]) -> dict[int, WeekCount]:
    """By week. One statement."""
    rows = (
        WeekReport.objects.filter(week__in=weeks)
        .order_by()
        .values("week")
        .annotate(
            units=Count("pk"),
            filed=Count("pk", filter=~Q(state=ReportState.OPEN)),
            confirmed=Count("pk", filter=Q(state=ReportState.CONFIRMED)),
        )
    )
    return {each["week"]: WeekCount(each["units"], each["filed"], each["confirmed"]) for each in rows}


def lines_of(report: WeekReport) -> list[dict[str, str]]:
    """The report's lines as plain texts, in order."""
    return list(WeekLine.objects.filter(report=report).order_by("number").values(*LINE_FIELDS))


def lines_by_report(reports: Sequence[WeekReport]) -> dict[int, list[WeekLine]]:
    """Report → lines, of many reports. One statement."""
    found: dict[int, list[WeekLine]] = {}
    for line in WeekLine.objects.filter(report__in=reports).order_by("report", "number"):
        found.setdefault(line.report_id, []).append(line)
    return found


def last_planned(report: WeekReport) -> list[dict[str, str]]:
    """What the unit had planned for this week when it filed the last one: the first thing that its form proposes."""
    before = (
        WeekReport.objects.filter(unit=report.unit, week__monday__lt=report.week.monday)
        .exclude(state=ReportState.OPEN)
        .order_by("-week__monday")
        .first()
    )
    return [line for line in lines_of(before) if line["planned"]] if before else []


def corrections_of(report: WeekReport) -> list[WeekCorrection]:
    """What was corrected after the lock, newest first."""
    return list(WeekCorrection.objects.filter(report=report).order_by("-at"))


def is_late(report: WeekReport, now: datetime) -> bool:
    """Not filed, and the cut-off has passed."""
    return report.state == ReportState.OPEN and now > report.week.cut_off_at


def may_see_week(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the week with this key: whoever may open its page."""
    return key.isdecimal() and WEEK_VIEW(user).allowed and weeks_for(user).filter(pk=int(key)).exists()


def may_see_report(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the report with this key."""
    report = WeekReport.objects.select_related("week").filter(pk=int(key)).first() if key.isdecimal() else None
    return report is not None and reports_for(user, report.week).filter(pk=report.pk).exists()
