"""Named reads of the decomposition catalogues."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from shian.domains.campaign.models import Catalogue, Duty, Indicator
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key


def catalogues_of(area_key: str) -> QuerySet[Catalogue]:
    """The catalogues of the city around an area, newest first, with their counts; their duties are cut to the reach."""
    city = columns_of_key(area_key)["city"]
    rows = Catalogue.objects.filter(city=city).annotate(
        duty_count=Count("duties"), item_count=Count("duties__indicator", distinct=True)
    )
    return rows.order_by("kind", "-revision")


def duties_of(catalogue: Catalogue, user: Any) -> QuerySet[Duty]:
    """The lines of a catalogue that concern the user: those of the own area; department and section lines lie in the
    city, so a county sees its own county lines only."""
    rows = Duty.objects.visible_to(user).filter(catalogue=catalogue).select_related("indicator")
    return rows.order_by("audience", "indicator__order")


def items_without_lead(catalogue: Catalogue) -> list[Indicator]:
    """Items of the catalogue whose source names no lead unit, in the order of the standard."""
    held = Duty.objects.filter(catalogue=catalogue, lead_names=[]).values("indicator")
    return list(Indicator.objects.filter(pk__in=held).order_by("order"))


def may_see(catalogue: Catalogue, user: Any) -> bool:
    """Is any part of the catalogue's city inside the user's reach?"""
    return reach_of(user).touches(catalogue.area)


def duties_awaiting(area_key: str, user: Any) -> int:
    """Issued duties inside the reach that nobody has acknowledged."""
    city = columns_of_key(area_key)["city"]
    return (
        Duty.objects.visible_to(user)
        .filter(Q(city=city), catalogue__state="issued", acknowledged_at__isnull=True)
        .count()
    )
