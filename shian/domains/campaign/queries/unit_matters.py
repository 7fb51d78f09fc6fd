"""The matters that units are scored by: cases decided in a period, evidence owed, weeks due (A-16)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from shian.domains.campaign.models import EvidenceNeed, ReportState, WeekReport
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case, CaseClock
from shian.engine.measures.rules import Window
from shian.kernel.scope.rules import columns_of_key

DIMENSION_OF = {"task": "tasks", "step": "tasks", "problem": "closeouts", "card": "closeouts"}
LEFT_OUT = ("cancelled", "withdrawn", "dismissed")  # taken back, or found to be none
IN_TIME, LATE, OVERDUE = "in_time", "late", "overdue"


@dataclass(frozen=True)
class Span:
    """The days of a period that count: up to its end, or to today while it runs."""

    window: Window
    day: date

    @property
    def is_running(self) -> bool:
        return self.day < self.window.end

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment to the one after the last, local time."""
        zone = timezone.get_current_timezone()
        begin = datetime.combine(self.window.start, time(), zone)
        return begin, datetime.combine(self.day + timedelta(days=1), time(), zone)


def span_of(window: Window, today: date) -> Span:
    """The period as it stands today."""
    return Span(window, min(window.end, today))


def cases_of(span: Span) -> QuerySet[Any]:
    """Tasks, steps, problems and cards that are decided in the period, with their `outcome`.

    in_time, late: closed in the period, by whether the unit had answered on the last day that it was given; overdue:
    open at the end with that day past. What waits for its verifier, or is not due yet, is not decided.
    """
    keys = {main.key for kind in DIMENSION_OF if (main := case_type(kind).main_clock)}
    begin, end = span.moments
    given = CaseClock.objects.filter(case=OuterRef("pk"), key__in=keys).order_by("-started_at", "-pk")
    rows = Case.objects.filter(type__in=DIMENSION_OF, merged_into__isnull=True, unit__isnull=False)
    rows = (
        rows.exclude(state__in=LEFT_OUT)
        .filter(opened_on__lte=span.day)
        .annotate(
            wanted_on=Subquery(given.values("due_on")[:1]),
            answered_on=Subquery(given.annotate(day=TruncDate("stopped_at")).values("day")[:1]),
        )
    )
    closed = Q(closed_at__gte=begin, closed_at__lt=end)
    past = Q(wanted_on__lt=span.day) & (Q(answered_on__isnull=True) | Q(answered_on__gt=span.day))
    open_then = Q(closed_at__isnull=True) | Q(closed_at__gte=end)
    outcome = Choose(
        When(closed & Q(answered_on__gt=F("wanted_on")), then=Value(LATE)),
        When(closed, then=Value(IN_TIME)),
        default=Value(OVERDUE),
        output_field=CharField(),
    )
    return rows.filter(closed | (open_then & past)).annotate(outcome=outcome)


def needs_of(area_key: str) -> QuerySet[EvidenceNeed]:
    """What is owed in the campaign's area and in the counties below it, as it stands now."""
    own = columns_of_key(area_key)
    here = Q(city=own["city"], **({"county": own["county"]} if own["county"] else {}))
    return EvidenceNeed.objects.filter(here, township="")


def reports_of(span: Span, units: Collection[str]) -> list[WeekReport]:
    """The reports of these units whose cut-off lies in the period and has passed."""
    begin, end = span.moments
    rows = WeekReport.objects.filter(unit__code__in=units, week__cut_off_at__gte=begin, week__cut_off_at__lt=end)
    rows = rows.filter(week__cut_off_at__lte=timezone.now())
    return list(rows.select_related("week", "unit").order_by("week__monday", "unit__code"))


def outcome_of_week(report: WeekReport) -> str:
    """How the report of a week came: in time, late, or not at all."""
    if report.state == ReportState.OPEN or report.filed_at is None:
        return "week_missing"
    return "week_filed" if report.filed_at <= report.week.cut_off_at else "week_late"
