"""Which items read which registers: what has to be scored anew when rows of one have changed."""

from collections.abc import Collection
from functools import lru_cache

from shian.domains.campaign.models import IndicatorMeasure
from shian.engine.measures.declarations import measure
from shian.engine.measures.formulas import operands


def sources_read(key: str) -> frozenset[str]:
    """The sources that a measure counts, those of the measures inside it too."""
    found = measure(key)
    if found.formula:
        return frozenset().union(*(sources_read(each.key) for each in operands(found.tree)))
    own = {found.part.source} if found.part else set()
    if isinstance(found.whole, str):
        return frozenset(own | sources_read(found.whole))
    return frozenset(own | ({found.whole.source} if found.whole else set()))


def items_reading(standard: int, sources: Collection[str]) -> list[int]:
    """The indicators of an edition that read any of the sources."""
    return sorted(pk for pk, keys in _bound(standard) if any(sources_read(key) & set(sources) for key in keys))


@lru_cache(maxsize=8)
def _bound(standard: int) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Indicator → the measures that it is bound to; a loaded edition never changes."""
    found: dict[int, list[str]] = {}
    rows = IndicatorMeasure.objects.filter(indicator__standard=standard).exclude(measure="")
    for pk, key in rows.values_list("indicator_id", "measure"):
        found.setdefault(pk, []).append(key)
    return tuple((pk, tuple(keys)) for pk, keys in sorted(found.items()))
