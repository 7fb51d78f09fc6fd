"""Merged self-check reports: who has reported, who is late, and what their figures add up to (A-26)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from shian.engine.cases.models import Case, CaseClock, CaseEvent
from shian.engine.cases.queries import RELATED, visible_cases

SELF_CHECK = "self_check"
FIGURES = ("operators_checked", "problems_found", "problems_fixed")
SHOWN = 100
REPORTED = ("submitted", "accepted")


@dataclass(frozen=True)
class UnitReport:
    """A unit's own report. due_on: the day by which it was to come; late_days: days since, while nothing has come."""

    case: Case
    submitted_at: datetime | None
    due_on: date | None
    late_days: int

    @property
    def has_come(self) -> bool:
        return self.case.state in REPORTED


@dataclass(frozen=True)
class Merged:
    """A merged report: the reports it is made of, and the sums of what has come."""

    reports: tuple[UnitReport, ...]

    @property
    def late(self) -> list[UnitReport]:
        return [each for each in self.reports if each.late_days]

    @property
    def come(self) -> list[UnitReport]:
        return [each for each in self.reports if each.has_come]

    def total(self, name: str) -> int:
        return sum(int(each.case.data.get(name, 0)) for each in self.come)


def merged_report(case: Case, user: Any, today: date) -> Merged:
    """The reports that the merged one is made of, late ones first, then by area."""
    rows = visible_cases(user).filter(parent=case, type=SELF_CHECK).exclude(state="cancelled").select_related(*RELATED)
    came = dict(CaseEvent.objects.filter(case__in=rows, step="submit").order_by("number").values_list("case", "at"))
    clocks = CaseClock.objects.filter(case__in=rows, key="report").order_by("started_at", "pk")
    due = dict(clocks.values_list("case", "due_on"))
    found = [UnitReport(each, came.get(each.pk), due.get(each.pk), _late_days(each, today)) for each in rows]
    return Merged(tuple(sorted(found, key=lambda each: (-each.late_days, each.case.area, each.case.unit_id or ""))))


def _late_days(case: Case, today: date) -> int:
    if case.state != "requested" or case.due_on is None:
        return 0
    return max(0, (today - case.due_on).days)


def merged_reports(user: Any, today: date) -> list[tuple[Case, int, int, int]]:
    """Reports that others are merged into: the case, how many were asked, have come, are late; newest first."""
    part = Q(children__type=SELF_CHECK) & ~Q(children__state="cancelled")
    rows = visible_cases(user).filter(type=SELF_CHECK).select_related(*RELATED)
    counted = rows.annotate(
        asked=Count("children", filter=part, distinct=True),
        come=Count("children", filter=part & Q(children__state__in=REPORTED), distinct=True),
        late=Count("children", filter=part & Q(children__state="requested", children__due_on__lt=today), distinct=True),
    ).filter(asked__gt=0)
    return [_counts(each) for each in counted.order_by("-pk")[:SHOWN]]


def _counts(case: Any) -> tuple[Case, int, int, int]:
    return case, case.asked, case.come, case.late
