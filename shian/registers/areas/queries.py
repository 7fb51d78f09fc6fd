"""Named reads of divisions at a date."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import key_of_code
from shian.registers.areas.models import Area, AreaOutline


def areas_valid_at(as_of: date) -> ScopedQuerySet[Area]:
    """Divisions whose version is in force on the date."""
    return Area.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=as_of), valid_from__lte=as_of)


def area_at(code: str, as_of: date) -> Area | None:
    """The version of the division with this code (as people write it) on the date."""
    return areas_valid_at(as_of).filter(key=key_of_code(code)).first()


def area_names(as_of: date) -> dict[str, str]:
    """Key → name of every division above village on the date: names are no secret."""
    rows = areas_valid_at(as_of).exclude(level="village").values_list("key", "name")
    return dict(rows)


def child_areas(key: str, as_of: date, user: Any) -> ScopedQuerySet[Area]:
    """Divisions one level below, cut to the user's reach, in code order."""
    return areas_valid_at(as_of).visible_to(user).filter(parent_key=key).order_by("code")


def outlines_of(keys: list[str]) -> QuerySet[AreaOutline]:
    """Outlines of these divisions (outlines are public)."""
    return AreaOutline.objects.filter(key__in=keys)
