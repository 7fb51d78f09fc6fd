"""Rates of every unit, each as a part and a whole that are lists of their own, and how they moved in a week (A-09)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from shian.domains.campaign.models import CatalogueKind, ReportState, WeekReport
from shian.domains.campaign.queries.evaluations import Sight
from shian.domains.campaign.queries.progress import UnitProgress, assigned_items, progress_of
from shian.domains.campaign.queries.weeks import OFFICE_CODE
from shian.engine.cases.queries import visible_cases
from shian.registers.people.models import Organisation

WEEKS_BACK = 8
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Rate:
    """`part` of `whole`; both are the lengths of lists."""

    part: int = 0
    whole: int = 0

    @property
    def percent(self) -> float | None:
        """None of nothing."""
        return 100 * self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class UnitRates:
    """One unit: items met, cases closed, weeks filed; cases that are late; cases closed in the last seven days and in
    the seven before them."""

    unit: UnitProgress
    code: str
    items: Rate
    cases: Rate
    weeks: Rate
    overdue: int
    closed_now: int
    closed_before: int

    @property
    def delta(self) -> int:
        return self.closed_now - self.closed_before


def unit_rates(user: Any, sight: Sight, today: date) -> list[UnitRates]:
    """The units of the catalogues with their rates, in the catalogues' order. A fixed number of statements."""
    progress = progress_of(assigned_items(user, sight, today), sight, user, today)
    offices = _offices(progress)
    codes = {each.audience: each.unit or offices.get(each.audience, "") for each in progress}
    cases = _cases(user, codes.values(), today)
    weeks = _weeks(codes.values(), today)
    nothing = (Rate(), 0, 0, 0)
    return [
        UnitRates(
            each, codes[each.audience], Rate(each.done, each.assigned), cases.get(codes[each.audience], nothing)[0],
            weeks.get(codes[each.audience], Rate()), *cases.get(codes[each.audience], nothing)[1:],
        )
        for each in progress
    ]  # fmt: skip


def _offices(progress: Collection[UnitProgress]) -> dict[str, str]:
    """County → code of its campaign office, which does the county's cases and files its weeks."""
    counties = [each.audience for each in progress if each.kind == CatalogueKind.COUNTY]
    rows = Organisation.objects.filter(department_code=OFFICE_CODE, county__in=counties, township="")
    return dict(rows.values_list("county", "code"))


def _cases(user: Any, codes: Collection[str], today: date) -> dict[str, tuple[Rate, int, int, int]]:
    """Unit → closed of all its cases, late ones, closed in the last week, closed in the week before."""
    week, two = today - A_WEEK, today - 2 * A_WEEK
    rows: Any = visible_cases(user).filter(Q(unit__in=[code for code in codes if code])).order_by().values("unit")
    counted = rows.annotate(
        whole=Count("pk"),
        part=Count("pk", filter=Q(is_open=False)),
        late=Count("pk", filter=Q(is_open=True, due_on__lt=today)),
        now=Count("pk", filter=Q(closed_at__date__gt=week, closed_at__date__lte=today)),
        before=Count("pk", filter=Q(closed_at__date__gt=two, closed_at__date__lte=week)),
    )
    return {
        each["unit"]: (Rate(each["part"], each["whole"]), each["late"], each["now"], each["before"]) for each in counted
    }


def _weeks(codes: Collection[str], today: date) -> dict[str, Rate]:
    """Unit → weeks filed of the last ones whose cut-off has passed."""
    rows = recent_reports(today).filter(Q(unit__in=[code for code in codes if code])).order_by().values("unit")
    counted = rows.annotate(whole=Count("pk"), part=Count("pk", filter=~Q(state=ReportState.OPEN)))
    return {each["unit"]: Rate(each["part"], each["whole"]) for each in counted}


def recent_reports(today: date) -> Any:
    """The reports of the last weeks whose cut-off lies before today: those that the filing rate counts."""
    first = today - timedelta(days=today.weekday()) - WEEKS_BACK * A_WEEK
    return WeekReport.objects.filter(week__monday__gte=first, week__cut_off_at__date__lt=today)
