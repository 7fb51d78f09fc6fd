"""How many decimals the figures of an item are shown with: those that its bound measures declare."""

from functools import lru_cache

from shian.domains.campaign.models import IndicatorMeasure, ItemResult
from shian.engine.measures.declarations import measure

DECIMALS = 2  # of what nobody declares: external results, points


def decimals_of_measure(key: str) -> int:
    """As the measure declares; a number without one is shown with two at most."""
    try:
        return measure(key).decimals if key else DECIMALS
    except LookupError:
        return DECIMALS


def decimals_of(result: ItemResult) -> int:
    """As the measures of the item declare: the most of them where an item has several."""
    return _declared(result.indicator.standard_id).get(result.indicator_id, DECIMALS)


@lru_cache(maxsize=8)
def _declared(standard_id: int) -> dict[int, int]:
    """Indicator → decimals; a loaded edition never changes."""
    rows = IndicatorMeasure.objects.filter(indicator__standard_id=standard_id).exclude(measure="")
    found: dict[int, int] = {}
    for indicator_id, key in rows.values_list("indicator_id", "measure"):
        found[indicator_id] = max(found.get(indicator_id, 0), decimals_of_measure(key))
    return found
