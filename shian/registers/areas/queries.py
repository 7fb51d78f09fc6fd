"""Named reads of divisions at a date."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import KEY_WIDTH, Level, key_of_code
from shian.registers.areas.models import Area, AreaOutline, AreaPopulation


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


def home_key(user: Any, as_of: date) -> str:
    """The smallest division that contains the user's whole reach, or all divisions for those who reach everything."""
    reach = reach_of(user)
    keys = list(reach.keys)
    if reach.everything:
        keys = list(areas_valid_at(as_of).filter(level="county").values_list("key", flat=True))
    widths = [width for width in KEY_WIDTH.values() if len({key[:width].ljust(width) for key in keys}) == 1]
    return keys[0][: max(widths)] if widths else ""


def residents_by(level: Level, as_of: date, inside: str = "") -> dict[str, int]:
    """Key → residents of the divisions at this level: the newest counts of their townships up to the date."""
    newest = AreaPopulation.objects.filter(area_code=OuterRef("area_code"), counted_on__lte=as_of)
    rows = AreaPopulation.objects.filter(pk=Subquery(newest.order_by("-counted_on", "-pk").values("pk")[:1]))
    if inside:
        rows = rows.filter(area_code__startswith=inside)
    counted = rows.order_by().values_list(level.value).annotate(residents=Sum("residents"))
    return {key: residents for key, residents in counted if key}


def versions_of(key: str) -> QuerySet[Area]:
    """Every version of a division, newest first: names, kinds and dates change, the key stays."""
    return Area.objects.filter(key=key).order_by("-valid_from")
