"""An operator's days: what is recorded, what is owed, what was found and decided."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from shian.domains.selfcontrol.models import Closure, DailyControl, Decision, OwnProblem, RiskList
from shian.domains.selfcontrol.queries.lists import list_in_force, list_shown
from shian.domains.selfcontrol.rules.controls import DECISION, gaps
from shian.registers.operators.models import Operator


@dataclass(frozen=True)
class DayItem:
    """One thing to look at. `decision` is the key of a meeting's decision, 0 for an item of the list."""

    key: str
    process: str
    risk: str
    control: str
    decision: int = 0
    due_on: date | None = None


def items_of_day(operator: Operator, day: date) -> list[DayItem]:
    """The list in force that day, and before it what meetings decided and nobody has done."""
    return _items(operator, day, list_in_force(operator, day))


def items_shown(operator: Operator, day: date, listed: RiskList | None, shown: Collection[str]) -> list[DayItem]:
    """What a phone that was off line asked for: its own version of the list, and of the decisions those that it
    knew. What it did not know stands in the list of the next day."""
    return [each for each in _items(operator, day, listed) if not each.decision or each.key in shown]


def _items(operator: Operator, day: date, listed: RiskList | None) -> list[DayItem]:
    items = listed.items if listed else []
    decided = [
        DayItem(f"{DECISION}{each.pk}", "", each.text, "", decision=each.pk, due_on=each.due_on)
        for each in open_decisions(operator, day)
    ]
    own = [DayItem(each["key"], each["process"], each["risk"], each["control"]) for each in items]
    return decided + own


def items_recorded(record: DailyControl) -> list[DayItem]:
    """What a record answers, by the version of the list that it was made with."""
    listed = list_shown(record.operator, record.list_version, record.day)
    return [each for each in _items(record.operator, record.day, listed) if each.key in record.answers]


def open_decisions(operator: Operator, day: date) -> QuerySet[Decision]:
    """Decisions of signed minutes of meetings held by the day that were not done before it."""
    rows = Decision.objects.filter(operator=operator, meeting__signed_at__isnull=False, meeting__held_on__lte=day)
    return rows.filter(Q(done_on__isnull=True) | Q(done_on__gte=day)).order_by("due_on", "pk")


def record_of(operator: Operator, day: date) -> DailyControl | None:
    """What was recorded for the day."""
    return DailyControl.objects.filter(operator=operator, day=day).first()


def records_between(operator: Operator, first: date, last: date) -> dict[date, DailyControl]:
    """Day → record, both days included."""
    rows = DailyControl.objects.filter(operator=operator, day__range=(first, last))
    return {each.day: each for each in rows}


def closures_of(operator: Operator, first: date, last: date) -> list[Closure]:
    """Declared closures that touch these days."""
    rows = Closure.objects.filter(operator=operator, withdrawn_at__isnull=True, from_on__lte=last, to_on__gte=first)
    return list(rows.order_by("from_on"))


def gaps_between(operator: Operator, first: date, last: date) -> list[date]:
    """Days without a record while the business was open and its list in force, both days included."""
    began = max(first, operator.opened_on)
    ended = min(last, operator.closed_on - timedelta(days=1)) if operator.closed_on else last
    days = [began + timedelta(days=n) for n in range((ended - began).days + 1)]
    closed = [(each.from_on, each.to_on) for each in closures_of(operator, first, last)]
    return gaps(days, records_between(operator, first, last), closed)


def open_problems(operator: Operator) -> list[OwnProblem]:
    """What nobody has put right yet, the oldest day first."""
    return list(OwnProblem.objects.filter(operator=operator, handled_on__isnull=True).order_by("due_on", "pk"))


def problems_found(operator: Operator, first: date, last: date) -> Sequence[OwnProblem]:
    """What was found between the days, both included."""
    rows = OwnProblem.objects.filter(operator=operator, found_on__range=(first, last))
    return list(rows.order_by("found_on", "pk"))


def own_problem(user: Any, pk: int) -> OwnProblem:
    """A problem of the user's businesses. Raises Http404, OutOfReach."""
    found: OwnProblem = OwnProblem.objects.select_related("operator").get_visible(user, pk=pk)
    return found


def own_decision(user: Any, pk: int) -> Decision:
    """A decision of the user's businesses. Raises Http404, OutOfReach."""
    found: Decision = Decision.objects.select_related("operator").get_visible(user, pk=pk)
    return found


def own_closure(user: Any, pk: int) -> Closure:
    """A closure of the user's businesses. Raises Http404, OutOfReach."""
    found: Closure = Closure.objects.select_related("operator").get_visible(user, pk=pk)
    return found
