"""An operator's weeks and months."""

from datetime import date, timedelta
from typing import Any

from shian.domains.selfcontrol.models import DispatchMeeting, OwnProblem, WeeklyCheck
from shian.domains.selfcontrol.queries.controls import problems_found, records_between
from shian.registers.operators.models import Operator


def found_in_week(operator: Operator, monday: date) -> dict[str, Any]:
    """What a week's report begins with: the days as recorded, and every problem found on them."""
    last = monday + timedelta(days=6)
    days = records_between(operator, monday, last)
    return {
        "days": {day.isoformat(): each.result for day, each in sorted(days.items())},
        "problems": [_told(each) for each in problems_found(operator, monday, last)],
    }


def _told(problem: OwnProblem) -> dict[str, str]:
    return {
        "found_on": problem.found_on.isoformat(),
        "risk": problem.risk,
        "description": problem.description,
        "measure": problem.measure,
        "handled_on": problem.handled_on.isoformat() if problem.handled_on else "",
    }


def week_of(operator: Operator, monday: date) -> WeeklyCheck | None:
    """The week's report, drafted or signed."""
    return WeeklyCheck.objects.filter(operator=operator, monday=monday).first()


def meeting_of(operator: Operator, month: date) -> DispatchMeeting | None:
    """The month's meeting."""
    return DispatchMeeting.objects.filter(operator=operator, month=month).first()


def weeks_of(operator: Operator, count: int) -> list[WeeklyCheck]:
    """The newest reports."""
    return list(WeeklyCheck.objects.filter(operator=operator).order_by("-monday")[:count])


def meetings_of(operator: Operator, count: int) -> list[DispatchMeeting]:
    """The newest meetings."""
    return list(DispatchMeeting.objects.filter(operator=operator).order_by("-month")[:count])


def signed_weeks(operator: Operator, first: date, before: date) -> list[WeeklyCheck]:
    """Signed reports of the weeks that begin from `first` on and before `before`."""
    rows = WeeklyCheck.objects.filter(operator=operator, signed_at__isnull=False, monday__gte=first, monday__lt=before)
    return list(rows.order_by("monday"))
