"""Points as lists and pages show them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from shian.domains.fieldchecks.models import FieldPoint, PointState
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import level_of_key
from shian.registers.operators.models import Operator

LIVE = "live"


@dataclass(frozen=True)
class PointChoice:
    """What a list of points is cut to; "" leaves a question open. `state` is a PointState or LIVE (not withdrawn)."""

    area: str = ""
    mode: str = ""
    format: str = ""
    state: str = LIVE
    text: str = ""
    is_benchmark: bool = False


def points_of(user: Any) -> ScopedQuerySet[FieldPoint]:
    """Points in the user's reach, with today's benchmarks; covert ones for those who prepare covert checks."""
    found: ScopedQuerySet[FieldPoint] = FieldPoint.objects.visible_to(user).with_benchmarks(timezone.localdate())
    return found


def points_chosen(choice: PointChoice, user: Any) -> ScopedQuerySet[FieldPoint]:
    """The points of a choice, in no order."""
    rows = points_of(user)
    if choice.area:
        rows = rows.filter(**{level_of_key(choice.area).value: choice.area})
    equal = {"mode": choice.mode, "format": choice.format}
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if choice.state == LIVE:
        rows = rows.exclude(state=PointState.WITHDRAWN)
    elif choice.state:
        rows = rows.filter(state=choice.state)
    if choice.text:
        rows = rows.filter(Q(name__icontains=choice.text) | Q(code__istartswith=choice.text))
    return rows.filter(Q(is_benchmark=True)) if choice.is_benchmark else rows


def point_for(user: Any, pk: int) -> FieldPoint:
    """One point with its operator. Raises Http404, OutOfReach."""
    rows = FieldPoint.objects.with_benchmarks(timezone.localdate())
    found: FieldPoint = rows.select_related("operator").get_visible(user, pk=pk)
    return found


def may_see_point(user: Any, key: str) -> bool:
    """For the seals of a point: `key` is its uid."""
    return FieldPoint.objects.has_visible(user, uid=key)


@dataclass(frozen=True)
class Coverage:
    """Live points, those with a check record among them, and those that are ready."""

    points: int
    checked: int
    ready: int


def coverage_of(rows: ScopedQuerySet[FieldPoint], day: date) -> Coverage:
    """How far the points of a queryset are, as of a day. One query."""
    counted = rows.filter(_live_on(day)).aggregate(
        points=Count("pk"),
        checked=Count("pk", filter=Q(checked_on__lte=day)),
        ready=Count("pk", filter=Q(ready_on__lte=day)),
    )
    return Coverage(**counted)


def _live_on(day: date) -> Q:
    return Q(listed_on__lte=day) & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day))


def points_at_operator(operator: Operator, user: Any) -> list[FieldPoint]:
    """The points that an operator is or was, newest first."""
    return list(points_of(user).filter(operator=operator).order_by("-listed_on", "mode"))


def operator_for(user: Any, code: str) -> Operator | None:
    """The operator of this code in the user's reach."""
    return Operator.objects.visible_to(user).filter(code=code.strip().upper()).first()
