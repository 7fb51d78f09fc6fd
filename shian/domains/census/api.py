"""The operator archive for programs: list, one file, its history, positions."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Path, Query, Schema

from shian.domains.census.permissions import OPERATOR_READ, handles
from shian.domains.census.queries.operators import OperatorChoice, clusters, operators_chosen, versions_of
from shian.domains.census.rules.maps import view_of
from shian.kernel.api.geojson import FeatureCollectionOut, feature_collection
from shian.kernel.api.paging import PageOut, PageQuery, page_of
from shian.kernel.api.problems import Problem
from shian.kernel.api.registry import register_router
from shian.kernel.api.routing import ApiRouter
from shian.kernel.api.values import Code
from shian.kernel.ui.masking import Personal, masked
from shian.registers.areas.api import asked_area, day
from shian.registers.operators.models import Operator, OperatorVersion

router = ApiRouter("operators")


class OperatorOut(Schema):
    """An operator as lists show it: no personal data. Areas are codes; `closed_on` is null while it is registered."""

    code: str
    name: str
    kind: str
    small_kind: str
    format: str
    stage: str
    size: str
    licence_kind: str
    licence_no: str
    uscc: str
    area: str
    address: str
    opened_on: date
    closed_on: date | None


class OperatorFileOut(OperatorOut):
    """One operator. Name and number of the representative are masked but for the supervisors of its area."""

    employees: int | None
    area_m2: Decimal | None
    lon: Decimal | None
    lat: Decimal | None
    datum: str
    chain_code: str
    host_code: str
    representative: str
    phone: str
    is_masked: bool


class OperatorVersionOut(Schema):
    """What a measure reads of an operator, between dates: valid_from ≤ day < valid_to."""

    kind: str
    small_kind: str
    format: str
    stage: str
    size: str
    area: str
    valid_from: date
    valid_to: date | None


class OperatorQuery(Schema):
    """As the filters of the page; `state` is that at `as_of`."""

    as_of: date | None = Field(None, description="Today when left out.")
    area: str = Field("", max_length=12)
    q: str = Field("", max_length=60, description="Two characters of the name, pinyin initials, or a number in full.")
    state: Literal["open", "closed", "any"] = "open"
    kind: str = Field("", max_length=10)
    small_kind: str = Field("", max_length=4)
    format: str = Field("", max_length=30)
    stage: str = Field("", max_length=6)
    licence_kind: str = Field("", max_length=2)


class ViewQuery(Schema):
    bbox: str = Field(max_length=120, description="west,south,east,north in degrees, CGCS2000")
    zoom: float = Field(10, ge=0, le=22, description="The deeper, the smaller the cells.")


@router.read("", policy=OPERATOR_READ, response=PageOut[OperatorOut])
def operators(request: HttpRequest, page: Query[PageQuery], chosen: Query[OperatorQuery]) -> dict[str, Any]:
    """Operators inside the owner's reach, in the order in which they came into the archive."""
    return page_of(request, page, operators_chosen(_choice(request, chosen), request.user), ("id",), _listed)


@router.read("/points", policy=OPERATOR_READ, response=FeatureCollectionOut)
def operator_points(request: HttpRequest, view: Query[ViewQuery], chosen: Query[OperatorQuery]) -> dict[str, Any]:
    """Operators of the filters inside a view as GeoJSON points: one per cell of a grid, at most 2000.

    A point stands in the middle of the operators of its cell; one that stands alone has its code and name.
    """
    try:
        seen = view_of(view.bbox, str(view.zoom))
    except ValueError:
        raise Problem("invalid", more={"errors": [_bbox_refused()]}) from None
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(each.lon, 5), round(each.lat, 5)]},
            "properties": {"count": each.count} | ({"code": each.code, "name": each.name} if each.code else {}),
        }
        for each in clusters(_choice(request, chosen), seen, request.user)
    ]
    return feature_collection(features)


@router.read("/{code}", policy=OPERATOR_READ, response=OperatorFileOut)
def operator(request: HttpRequest, code: Path[Code]) -> dict[str, Any]:
    """One operator's file."""
    found = _operator(request, code)
    is_handler = handles(request.user, found)
    return {
        **_listed(found),
        **{name: getattr(found, name) for name in ("employees", "area_m2", "lon", "lat", "chain_code", "host_code")},
        "datum": "CGCS2000",
        "representative": found.representative if is_handler else masked(Personal.NAME, found.representative),
        "phone": found.phone if is_handler else masked(Personal.PHONE, found.phone),
        "is_masked": not is_handler,
    }


@router.read("/{code}/history", policy=OPERATOR_READ, response=list[OperatorVersionOut])
def operator_history(request: HttpRequest, code: Path[Code]) -> list[dict[str, Any]]:
    """An operator's attributes over time, newest first."""
    return [_version(each) for each in versions_of(_operator(request, code))]


def _choice(request: HttpRequest, chosen: OperatorQuery) -> OperatorChoice:
    names = ("kind", "small_kind", "format", "stage", "licence_kind")
    return OperatorChoice(
        as_of=day(chosen.as_of),
        area=asked_area(request.user, chosen.area) if chosen.area else "",
        text=chosen.q.strip(),
        state=chosen.state,
        equal={name: word for name in names if (word := getattr(chosen, name))},
    )


def _bbox_refused() -> dict[str, str]:
    return {"in": "query", "pointer": "/bbox", "detail": "west,south,east,north"}


def _operator(request: HttpRequest, code: str) -> Operator:
    found: Operator = Operator.objects.defer("search").get_visible(request.user, code=code)
    return found


def _listed(found: Operator) -> dict[str, Any]:
    names = ("code", "name", "kind", "small_kind", "format", "stage", "size", "licence_kind", "licence_no", "uscc")
    copied = {name: getattr(found, name) for name in (*names, "address", "opened_on", "closed_on")}
    return {**copied, "area": found.area}


def _version(found: OperatorVersion) -> dict[str, Any]:
    names = ("kind", "small_kind", "format", "stage", "size", "valid_from", "valid_to")
    return {**{name: getattr(found, name) for name in names}, "area": found.area}


register_router(_("经营主体"), router)
