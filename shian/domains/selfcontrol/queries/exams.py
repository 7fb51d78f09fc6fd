"""Random tests as people and stations see them."""

from datetime import date
from typing import Any

from shian.domains.selfcontrol.models import Appointment, Exam, SafetyStaff
from shian.domains.selfcontrol.queries.staff import in_post
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import level_of_key


def own_exam(user: Any, pk: int) -> Exam:
    """A test of the user's businesses. Raises Http404, OutOfReach."""
    found: Exam = Exam.objects.select_related("staff", "operator").get_visible(user, pk=pk)
    return found


def exams_for(user: Any) -> ScopedQuerySet[Exam]:
    """Tests in the user's areas, newest first."""
    found: ScopedQuerySet[Exam] = Exam.objects.visible_to(user)
    return found.select_related("operator").order_by("-examined_on", "-pk")


def last_year_examined(rows: ScopedQuerySet[Exam]) -> int | None:
    """The year of the newest of these tests."""
    day: date | None = rows.order_by("-examined_on").values_list("examined_on", flat=True).first()
    return day.year if day else None


def rate_of(rows: ScopedQuerySet[Exam]) -> tuple[int, int]:
    """(passed, taken) of these tests."""
    taken = rows.filter(score__isnull=False).order_by()
    return taken.filter(passed=True).count(), taken.count()


def callable_staff(key: str, day: date) -> list[SafetyStaff]:
    """Who holds a post in the area on the day and waits for no test."""
    waiting = Exam.objects.filter(score__isnull=True, last_on__gte=day).values("staff")
    held = Appointment.objects.filter(in_post(day), **{f"operator__{level_of_key(key).value}": key})
    rows = SafetyStaff.objects.filter(pk__in=held.values("staff")).exclude(pk__in=waiting)
    return list(rows.select_related("operator").order_by("pk"))
