"""Named reads of the problems that checks found, of the cases filed because of them, and of return visits."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from shian.domains.fieldchecks.models import FieldVisit
from shian.domains.fieldchecks.queries.standards import rules_at
from shian.domains.fieldchecks.rules.verdicts import revisit_day
from shian.engine.cases.models import Case, CaseFile, CaseQuerySet
from shian.engine.cases.queries import cases_about
from shian.kernel.scope.rules import KEY_WIDTH, Level

PROBLEM, FILING = "field_problem", "field_filing"
SUBJECT = "fieldchecks.visit:"


def problems_of(visit: FieldVisit, user: Any) -> CaseQuerySet:
    """The problems that a visit found, as far as the user sees them."""
    return cases_about(user, type=PROBLEM, data__visit=visit.number)


def visit_of(case: Case) -> FieldVisit | None:
    """The visit that found a problem; also one that a file brought, which names it by its number."""
    rows = FieldVisit.objects.select_related("point__operator", "issuer")
    if case.subject.startswith(SUBJECT):
        return rows.filter(uid=case.subject.removeprefix(SUBJECT)).first()
    number = case.data.get("visit", "")
    return rows.filter(number=number).first() if number else None


def overdue_orders(today: date) -> QuerySet[Case]:
    """Orders past their day because of which no case was ever proposed."""
    proposed = Case.objects.filter(parent=OuterRef("pk"), type=FILING)
    rows = Case.objects.filter(~Exists(proposed), type=PROBLEM, state="ordered", due_on__lt=today)
    return rows.select_related("issuer").order_by("due_on", "pk")


@dataclass(frozen=True)
class Revisit:
    """A closed problem and the day on which it is looked at again."""

    problem: Case
    due_on: date


def revisits_due(user: Any, today: date, area: str = "") -> list[Revisit]:
    """Closed problems that nobody has looked at since they were closed, what is due first."""
    rows = cases_about(user, type=PROBLEM, state="closed").filter(merged_into__isnull=True)
    if area:
        rows = rows.filter(**{Level(_level(area)).value: area})
    rules = rules_at(today)
    found = []
    for case in rows.select_related("unit", "issuer"):
        closed_on = timezone.localdate(case.closed_at) if case.closed_at else case.opened_on
        seen = case.data.get("revisited_on", "")
        if not seen or date.fromisoformat(seen) < closed_on:
            found.append(Revisit(case, revisit_day(closed_on, case.data.get("severity", ""), rules)))
    return sorted(found, key=lambda each: (each.due_on, each.problem.pk))


def _level(area: str) -> Level:
    return next(level for level, width in KEY_WIDTH.items() if width == len(area))


@dataclass(frozen=True)
class RelapseRate:
    """Of the problems that were looked at again, how many had come back."""

    revisited: int
    relapsed: int


def relapse_rate(user: Any) -> RelapseRate:
    """Over all problems that the user sees."""
    rows = cases_about(user, type=PROBLEM).filter(data__has_key="revisited_on")
    return RelapseRate(rows.count(), rows.filter(reopened__gt=0).count())


def problem_for(user: Any, pk: int) -> Case:
    """A problem of a check. Raises Http404, OutOfReach."""
    found: Case = Case.objects.select_related("issuer", "unit").filter(type=PROBLEM).get_visible(user, pk=pk)
    return found


def has_before(problem: Case) -> bool:
    """Is there a photo of its state before?"""
    return CaseFile.objects.filter(case=problem, round=problem.round, kind="before").exists()
