"""Named reads of the decomposition catalogues: whose lines are whose, and what awaits a signature."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from shian.domains.campaign.models import (
    BureauSection,
    Catalogue,
    CatalogueKind,
    CatalogueState,
    Duty,
    Indicator,
    Standard,
)
from shian.domains.campaign.permissions import CATALOGUE_ISSUE, DUTY_ACKNOWLEDGE
from shian.domains.campaign.rules.catalogues import MARKET_BUREAU
from shian.kernel.accounts.models import Role
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import KEY_WIDTH, Level
from shian.registers.people.queries import posts_of

COUNTY_WIDTH = KEY_WIDTH[Level.COUNTY]


def duties_for(user: Any, today: date) -> QuerySet[Duty]:
    """The lines of all catalogues that concern the user.

    The office of a catalogue's area sees all of it, drafts too. Of issued catalogues reviewers and regulators of the
    area see every line, a department its own, the market bureau its sections' as well, a county those of the county,
    and a station besides those of its county that reach down to townships (they lie above its area, so that reach alone
    would hide them).
    """
    reach = reach_of(user)
    if reach.everything:
        return Duty.objects.all()
    inside, own = reach.area_filter("catalogue__"), _own(user, today)
    issued = Q(catalogue__issued_at__isnull=False)
    if CATALOGUE_ISSUE(user).allowed:
        return Duty.objects.filter(inside | issued & own)
    if user.role == Role.DEPARTMENT:
        return Duty.objects.filter(issued & own)
    return Duty.objects.filter(issued & (inside | own | _of_townships(reach.keys)))


def _own(user: Any, today: date) -> Q:
    """The lines that the user's own unit takes, and signs for."""
    if user.role != Role.DEPARTMENT:
        return Q(catalogue__kind=CatalogueKind.COUNTY, audience__in=reach_of(user).keys)
    lines = Q(pk__in=[])
    for post in posts_of(user, today):
        unit = post.organisation
        if not unit.department_code:
            continue
        beside = Q(catalogue__city=unit.city, catalogue__county=unit.county)
        lines |= beside & Q(catalogue__kind=CatalogueKind.DEPARTMENT, audience=unit.department_code)
        if unit.department_code == MARKET_BUREAU:
            lines |= beside & Q(catalogue__kind=CatalogueKind.SECTION)
    return lines


def _of_townships(keys: Iterable[str]) -> Q:
    counties = [key[:COUNTY_WIDTH] for key in keys if len(key) > COUNTY_WIDTH]
    return Q(
        catalogue__kind=CatalogueKind.COUNTY, audience__in=counties, indicator__levels__contains=[Level.TOWNSHIP.value]
    )


@dataclass(frozen=True)
class Listed:
    """A catalogue with what of it concerns the reader: lines, items, and lines signed for."""

    catalogue: Catalogue
    lines: int
    items: int
    signed: int


def catalogues_for(user: Any, today: date) -> list[Listed]:
    """The catalogues that hold lines for the user, by kind, the newest revision first."""
    counted = (
        duties_for(user, today)
        .order_by()
        .values("catalogue")
        .annotate(lines=Count("pk"), items=Count("indicator", distinct=True), signed=Count("acknowledged_at"))
    )
    counts = {row["catalogue"]: (row["lines"], row["items"], row["signed"]) for row in counted}
    rows = Catalogue.objects.filter(pk__in=counts).order_by("city", "county", "kind", "-revision")
    return [Listed(row, *counts[row.pk]) for row in rows]


def catalogue_for(pk: int, user: Any, today: date) -> Catalogue:
    """The catalogue, if any line of it concerns the user. Raises Http404; OutOfReach when it exists for others."""
    catalogue = Catalogue.objects.select_related("standard").filter(pk=pk).first()
    if catalogue is None:
        raise Http404(str(pk))
    if not duties_for(user, today).filter(catalogue=catalogue).exists():
        raise OutOfReach(f"campaign.catalogue:{pk}")
    return catalogue


def duties_of(catalogue: Catalogue, user: Any, today: date) -> QuerySet[Duty]:
    """The lines of a catalogue that concern the user, by audience and in the order of the standard."""
    rows = duties_for(user, today).filter(catalogue=catalogue).select_related("indicator")
    return rows.order_by("audience", "indicator__order")


def keeps(user: Any, catalogue: Catalogue) -> bool:
    """Does the user work in the office that drafts and issues the catalogue?"""
    return CATALOGUE_ISSUE(user).allowed and reach_of(user).covers(catalogue.area)


def signable(catalogue: Catalogue, user: Any, today: date) -> list[str]:
    """The audiences for which the user may sign: the own ones; the office, which takes paper in, for everybody."""
    if catalogue.state != CatalogueState.ISSUED or not DUTY_ACKNOWLEDGE(user).allowed:
        return []
    rows = catalogue.duties.all() if keeps(user, catalogue) else catalogue.duties.filter(_own(user, today))
    return list(rows.order_by("audience").values_list("audience", flat=True).distinct())


def unsigned(catalogue: Catalogue, audiences: Iterable[str]) -> QuerySet[Duty]:
    """The lines of these audiences that nobody has acknowledged."""
    return catalogue.duties.filter(audience__in=audiences, acknowledged_at__isnull=True)


@dataclass(frozen=True)
class Awaiting:
    """An issued catalogue with lines that the user's own unit has yet to acknowledge."""

    catalogue: Catalogue
    lines: int


def duties_awaiting(user: Any, today: date) -> list[Awaiting]:
    """What the user's own unit has to sign for, what is due first first. The office has nothing to sign: it issues."""
    if reach_of(user).everything or not DUTY_ACKNOWLEDGE(user).allowed:
        return []
    rows = Duty.objects.filter(_own(user, today), catalogue__state=CatalogueState.ISSUED, acknowledged_at__isnull=True)
    counts = dict(rows.order_by().values_list("catalogue").annotate(lines=Count("pk")))
    found = Catalogue.objects.filter(pk__in=counts).order_by("due_on", "pk")
    return [Awaiting(catalogue, counts[catalogue.pk]) for catalogue in found]


def items_without_lead(catalogue: Catalogue) -> list[Indicator]:
    """Items of the catalogue whose source names no lead unit, in the order of the standard."""
    held = Duty.objects.filter(catalogue=catalogue, lead_names=[]).values("indicator")
    return list(Indicator.objects.filter(pk__in=held).order_by("order"))


def is_undivided(catalogue: Catalogue) -> bool:
    """Is this the catalogue of a bureau's sections for an area that has no table of them?"""
    return catalogue.kind == CatalogueKind.SECTION and catalogue.duties.filter(audience=MARKET_BUREAU).exists()


def bureau_sections_at(standard: Standard, area_key: str, day: date) -> dict[str, list[int]]:
    """Section name → points, in the order of the area's table that holds on the day; empty without one."""
    rows = BureauSection.objects.filter(standard=standard, area_key=area_key, effective_from__lte=day)
    newest = rows.order_by("-effective_from").values("effective_from")[:1]
    return dict(rows.filter(effective_from=newest).order_by("order").values_list("name", "points"))
