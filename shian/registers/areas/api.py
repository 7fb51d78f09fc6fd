"""Divisions for programs: list, one, residents, outlines."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Field, Path, Query, Schema

from shian.kernel.accounts.permissions import any_user
from shian.kernel.api.geojson import FeatureCollectionOut, feature_collection
from shian.kernel.api.paging import PageOut, PageQuery, page_of
from shian.kernel.api.registry import register_router
from shian.kernel.api.routing import ApiRouter
from shian.kernel.api.values import Code
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import Level, code_of_key, key_of_code, level_of_key
from shian.registers.areas.models import Area
from shian.registers.areas.queries import area_at, areas_valid_at, child_areas, outlines_of, residents_by, versions_of

router = ApiRouter("areas")


class AreaOut(Schema):
    """A division in the version of a date. `code` is written as people write it; `key` is cut by its level."""

    code: str
    key: str
    level: str
    name: str
    kind: str
    parent: str | None
    is_pseudo: bool
    km2: Decimal | None
    valid_from: date
    valid_to: date | None
    successor: str | None


class PopulationOut(Schema):
    """Residents by the newest counts up to the date; null where none was made."""

    code: str
    as_of: date
    residents: int | None


class AreaQuery(Schema):
    as_of: date | None = Field(None, description="Today when left out.")
    level: Literal["", "province", "city", "county", "township", "village"] = ""
    parent: str = Field("", max_length=12, description="Code of the division above.")


class DayQuery(Schema):
    as_of: date | None = Field(None, description="Today when left out.")


@router.read("", policy=any_user, response=PageOut[AreaOut])
def areas(request: HttpRequest, page: Query[PageQuery], chosen: Query[AreaQuery]) -> dict[str, Any]:
    """Divisions inside the owner's reach, by code."""
    rows = areas_valid_at(day(chosen.as_of)).visible_to(request.user)
    if chosen.level:
        rows = rows.filter(level=chosen.level)
    if chosen.parent:
        rows = rows.filter(parent_key=asked_area(request.user, chosen.parent))
    return page_of(request, page, rows, ("code", "id"), area_told)


@router.read("/{code}", policy=any_user, response=AreaOut)
def area(request: HttpRequest, chosen: Query[DayQuery], code: Path[Code]) -> dict[str, Any]:
    """One division; its newest version when it was not in force on the date."""
    return area_told(_area(request, code, day(chosen.as_of)))


@router.read("/{code}/population", policy=any_user, response=PopulationOut)
def area_population(request: HttpRequest, chosen: Query[DayQuery], code: Path[Code]) -> dict[str, Any]:
    """Residents of a division, of a township or above."""
    as_of = day(chosen.as_of)
    found = _area(request, code, as_of)
    level = Level(found.level)
    residents = None if level is Level.VILLAGE else residents_by(level, as_of, found.key).get(found.key)
    return {"code": found.code, "as_of": as_of, "residents": residents}


@router.read("/{code}/outlines", policy=any_user, response=FeatureCollectionOut)
def area_outlines(request: HttpRequest, chosen: Query[DayQuery], code: Path[Code]) -> dict[str, Any]:
    """Outlines of the divisions one level below, as GeoJSON in CGCS2000.

    `synthetic` marks cells that are drawn for orientation and are no legal lines.
    """
    as_of = day(chosen.as_of)
    names = {each.key: each.name for each in child_areas(_area(request, code, as_of).key, as_of, request.user)}
    features = [
        {
            "type": "Feature",
            "properties": {"code": code_of_key(each.key), "name": names[each.key], "synthetic": each.is_synthetic},
            "geometry": each.geometry,
        }
        for each in outlines_of(list(names)).order_by("key")
    ]
    return feature_collection(features)


def day(asked: date | None) -> date:
    """The date asked for; today when there is none."""
    return asked or timezone.localdate()


def asked_area(user: Any, code: str) -> str:
    """The key of a code inside the reach or above part of it. Raises Http404, OutOfReach."""
    try:
        key = key_of_code(code)
    except ValueError:
        raise Http404(code) from None
    if not reach_of(user).touches(key):
        raise OutOfReach(f"areas.area:{code}")
    return key


def in_area(rows: Any, user: Any, code: str) -> Any:
    """The rows that lie in the area asked for; all of them when none is. Raises Http404, OutOfReach."""
    if not code:
        return rows
    key = asked_area(user, code)
    return rows.filter(**{level_of_key(key).value: key})


def _area(request: HttpRequest, code: str, as_of: date) -> Area:
    key = asked_area(request.user, code)
    found = area_at(code, as_of) or versions_of(key).first()
    if found is None:
        raise Http404(code)
    return found


def area_told(found: Area) -> dict[str, Any]:
    """A division as AreaOut."""
    return {
        "code": found.code,
        "key": found.key,
        "level": found.level,
        "name": found.name,
        "kind": found.kind,
        "parent": code_of_key(found.parent_key) if found.parent_key else None,
        "is_pseudo": found.is_pseudo,
        "km2": found.area_km2,
        "valid_from": found.valid_from,
        "valid_to": found.valid_to,
        "successor": found.successor_code or None,
    }


register_router(_("区划"), router)
