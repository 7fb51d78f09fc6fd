"""Named reads of the problems that officials report, and of who has to do with them."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.utils import timezone

from shian.domains.duties.models import DutyVisit
from shian.engine.cases.models import Case, CaseQuerySet
from shian.engine.cases.queries import cases_about
from shian.kernel.scope.rules import KEY_WIDTH, Level
from shian.registers.people.models import Organisation, Post
from shian.registers.people.queries import BUREAU, organisations_valid_at, valid_at

PROBLEM, SUPPORT, UNTRUE = "duty_problem", "duty_support", "duty_untrue"
SUBJECT = "duties.visit:"
FOOD_OFFICE = "FSCO"


def food_office(area: str) -> Organisation | None:
    """Who hands out what officials report: the food-safety office of the county, or the market bureau that does its
    work where it has no staff of its own; else those of the city. One query."""
    today = timezone.localdate()
    city, county = area[: KEY_WIDTH[Level.CITY]], area[: KEY_WIDTH[Level.COUNTY]]
    staff = Post.objects.filter(valid_at(today), organisation=OuterRef("pk"))
    rows = organisations_valid_at(today).filter(city=city, county__in={"", county}, township="")
    rows = rows.filter(Q(department_code=BUREAU) | Q(Exists(staff), department_code=FOOD_OFFICE))
    return rows.order_by("-county", "department_code", "code").first()


def problems_of(visit: DutyVisit, user: Any) -> CaseQuerySet:
    """The problems that a visit found, as far as the user sees them; all of them for its official."""
    return cases_about(user, type=PROBLEM, data__visit=visit.number)


def visit_of(case: Case) -> DutyVisit | None:
    """The visit that reported a problem; also one that a file brought, which names it by its number."""
    rows = DutyVisit.objects.select_related("operator", "official__person")
    if case.subject.startswith(SUBJECT):
        return rows.filter(uid=UUID(case.subject.removeprefix(SUBJECT))).first()
    number = case.data.get("visit", "")
    return rows.filter(number=number).first() if number else None


def is_own_problem(user: Any, case: Case) -> bool:
    """Did the user report it as an official?"""
    visit = visit_of(case)
    return visit is not None and visit.official.person is not None and visit.official.person.user_id == user.pk


def own_problems(user: Any) -> CaseQuerySet:
    """What the user reported and what came of it. Read under `system_scope`: cases are walled by area and unit, an
    official sees the own ones wherever they lie."""
    own = DutyVisit.objects.filter(official__person__user=user.pk, faults__gt=0)
    rows = Case.objects.filter(type=PROBLEM, operator_code__in=own.values("operator__code"))
    return rows.alias(visit_no=KT("data__visit")).filter(visit_no__in=own.values("number"))
