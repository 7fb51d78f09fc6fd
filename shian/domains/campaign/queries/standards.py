"""The standard as a tree, and what its sources declare beside what the reconstruction holds."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet

from shian.domains.campaign.models import Channel, Indicator, Point, Section, Standard, StandardState


@dataclass(frozen=True)
class Comparison:
    """One declared count beside the obtained one; either may be unknown."""

    key: str
    declared: int | None
    obtained: int

    @property
    def differs(self) -> bool:
        return self.declared is not None and self.declared != self.obtained


@dataclass(frozen=True)
class StandardSummary:
    """Everything the standard's page says about the whole."""

    comparisons: list[Comparison]
    neither: list[Indicator]
    without_lead: list[Indicator]
    by_channel: dict[str, int]


def standards() -> QuerySet[Standard]:
    """All editions, the one in force first; a standard is public."""
    return Standard.objects.order_by("state", "-key", "-revision")


def standard_in_force() -> Standard | None:
    """The edition that is in force now; None before the first one."""
    return Standard.objects.filter(state=StandardState.IN_FORCE).first()


def indicators_of(standard: Standard) -> QuerySet[Indicator]:
    """The items in order, with point and section and their numbers."""
    return standard.indicators.select_related("point__section").prefetch_related("measures")


def summary_of(standard: Standard, indicators: list[Indicator]) -> StandardSummary:
    """The declared counts of the sources (36 points, 45 document, 39 field, 10 unstated) beside those of the rows."""
    channels = Counter(row.primary_channel for row in indicators)
    neither = [row for row in indicators if row.primary_channel not in {Channel.DOCUMENT, Channel.FIELD}]
    obtained = {
        "sections": standard.sections.count(),
        "points": Point.objects.filter(section__standard=standard, number__gt=0).count(),
        "indicators": len(indicators),
        "document": channels[Channel.DOCUMENT],
        "field": channels[Channel.FIELD],
        "unstated": len(neither),
    }
    return StandardSummary(
        comparisons=[Comparison(key, standard.declared.get(key), count) for key, count in obtained.items()],
        neither=neither,
        without_lead=[row for row in indicators if not row.stated_leads],
        by_channel=dict(channels),
    )


@lru_cache(maxsize=32)
def section_titles(standard_id: int) -> dict[int, str]:
    """Section number → title; a loaded edition never changes."""
    return dict(Section.objects.filter(standard_id=standard_id).order_by("number").values_list("number", "title"))
