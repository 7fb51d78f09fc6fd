"""Operators as lists, maps and files show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Min, Q, Value
from django.db.models.functions import Concat, Floor

from shian.domains.census.queries.codes import CODED, has_live_code
from shian.domains.census.rules.maps import View
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import level_of_key
from shian.registers.operators.models import Operator, OperatorVersion
from shian.registers.operators.queries import operators_named
from shian.registers.products.models import PRODUCT_SCOPES, Product

MOST_CELLS = 2000
OPEN, CLOSED, ANY = "open", "closed", "any"
LISTED = (
    "id", "code", "name", "name_pinyin", "kind", "small_kind", "format", "stage", "size", "licence_kind", "licence_no",
    "uscc", "county", "township", "village", "city", "province", "address", "representative", "phone",
    "opened_on", "closed_on",
)  # fmt: skip


@dataclass(frozen=True)
class OperatorChoice:
    """What a list of operators is cut to. `equal` maps fields to values; `state` is open, closed or any at `as_of`.

    `coded` is yes, no or "" for operators with a code, without one, or either.
    """

    as_of: date
    area: str = ""
    text: str = ""
    state: str = OPEN
    equal: Mapping[str, str] | None = None
    coded: str = ""


def operators_chosen(choice: OperatorChoice, user: Any) -> ScopedQuerySet[Operator]:
    """The operators of a choice with what a list shows, in no order."""
    rows = operators_named(choice.text, user) if choice.text else Operator.objects.visible_to(user)
    if choice.area and not reach_of(user).lies_within(choice.area):
        rows = rows.filter(**{level_of_key(choice.area).value: choice.area})
    if choice.equal:
        rows = rows.filter(**choice.equal)
    if choice.coded:
        rows = rows.filter(has_live_code() if choice.coded == CODED else ~has_live_code())
    return rows.filter(state_at(choice.state, choice.as_of)).only(*LISTED)


def found_operators(choice: OperatorChoice, user: Any) -> ScopedQuerySet[Operator]:
    """The same with `found_as` to order by: equal to the pinyin, but in no index.

    Ordered by the column itself, PostgreSQL walks the whole alphabet to find fifty matches; so it takes the matches
    from the search index and sorts them.
    """
    return operators_chosen(choice, user).annotate(found_as=Concat("name_pinyin", Value("")))


@dataclass(frozen=True)
class Cluster:
    """The operators of one cell of the grid, at the middle of their positions; one alone has its `code` and `name`."""

    lon: float
    lat: float
    count: int
    code: str = ""
    name: str = ""


def clusters(choice: OperatorChoice, view: View, user: Any) -> list[Cluster]:
    """The operators of a choice inside the view, one cluster per cell of the grid; the fullest cells if too many.

    Cells are counted in an index of positions; the table is read only for those that stand alone.
    """
    inside = {"lon__range": (view.west, view.east), "lat__range": (view.south, view.north)}
    rows = operators_chosen(choice, user).filter(**inside).order_by()
    cell = Value(Decimal(repr(view.cell)))
    cells = rows.values(x=Floor(F("lon") / cell), y=Floor(F("lat") / cell)).annotate(
        n=Count("*"), at_lon=Avg("lon"), at_lat=Avg("lat"), one=Min("pk")
    )
    found = cells.order_by("-n", "x", "y").values_list("at_lon", "at_lat", "n", "one")[:MOST_CELLS]
    alone = rows.filter(pk__in=[one for _lon, _lat, count, one in found if count == 1])
    named = {pk: names for pk, *names in alone.values_list("pk", "code", "name")}
    return [Cluster(float(lon), float(lat), count, *named.get(one, ())) for lon, lat, count, one in found]


def counted_by(level: str, choice: OperatorChoice, user: Any) -> dict[str, int]:
    """Area key at this level → operators of the choice."""
    rows = operators_chosen(choice, user).order_by().values_list(level).annotate(n=Count("*"))
    return {key: count for key, count in rows if key}


def state_at(state: str, as_of: date) -> Q:
    """Operators registered on the date, closed by then, or all."""
    if state == OPEN:
        return Q(opened_on__lte=as_of) & (Q(closed_on__isnull=True) | Q(closed_on__gt=as_of))
    return Q(closed_on__lte=as_of) if state == CLOSED else Q()


def versions_of(operator: Operator) -> list[OperatorVersion]:
    """The operator's attributes over time, newest first; the caller has checked that it is visible."""
    return list(OperatorVersion.objects.filter(operator=operator).order_by("-valid_from"))


def linked_operators(operator: Operator, user: Any) -> ScopedQuerySet[Operator]:
    """Its chain's head and members, its market and the stalls inside it."""
    links = Q(chain_code=operator.code) | Q(host_code=operator.code)
    above = [code for code in (operator.chain_code, operator.host_code) if code]
    if above:
        links |= Q(code__in=above)
    return Operator.objects.visible_to(user).filter(links).exclude(pk=operator.pk).only(*LISTED)


def operators_at_same_address(operator: Operator, user: Any) -> ScopedQuerySet[Operator]:
    """Others in the township with the very same address."""
    rows = Operator.objects.visible_to(user).filter(township=operator.township, address=operator.address)
    return rows.exclude(pk=operator.pk).only(*LISTED)


def formats_by_stage(area: str, as_of: date) -> list[tuple[str, str, str, int]]:
    """(stage, kind, format, operators) at the date inside the area; the caller has checked the area."""
    valid = Q(valid_from__lte=as_of) & (Q(valid_to__isnull=True) | Q(valid_to__gt=as_of))
    rows = OperatorVersion.objects.filter(valid, **{level_of_key(area).value: area})
    counted = rows.order_by().values_list("stage", "kind", "format").annotate(n=Count("pk"))
    return sorted(counted, key=lambda row: (row[0], row[1], -row[3]))


def products_by_scope() -> dict[str, int]:
    """Products registered in each of the groups that the campaign includes; a group without any is there with zero."""
    counted = dict(Product.objects.order_by().values_list("scope").annotate(n=Count("pk")))
    return {scope: counted.get(scope, 0) for scope in PRODUCT_SCOPES}
