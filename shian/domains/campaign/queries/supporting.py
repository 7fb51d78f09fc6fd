"""Figures that stand beside an item for the reviewer and decide nothing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shian.domains.campaign.models import Indicator
from shian.domains.campaign.rules.bindings import period_at
from shian.engine.measures.declarations import measure
from shian.engine.measures.queries import figure
from shian.engine.measures.rules import PeriodInvalid
from shian.kernel.scope.rules import level_of_key
from shian.kernel.ui.states import Text


@dataclass(frozen=True)
class Supporting:
    """One figure beside an item. `shown` is rounded as its measure declares; without it `reason` says why."""

    measure: str
    title: Text
    shown: Decimal | None
    unit: Text
    reason: str


def supporting_figures(indicator: Indicator, area_key: str, as_of: date) -> list[Supporting]:
    """The supporting measures that mean something at the area's level; a measure nobody declares yet is left out."""
    found = (_one(line["measure"], period_at(line["period"], as_of), area_key, as_of) for line in indicator.supporting)
    return [each for each in found if each]


def _one(key: str, period: str, area_key: str, as_of: date) -> Supporting | None:
    try:
        declared = measure(key)
        if level_of_key(area_key) not in declared.levels:
            return None
        value = figure(key, area=area_key, as_of=as_of, period=period or None)
    except (LookupError, PeriodInvalid):
        return None
    return Supporting(key, declared.title, value.shown, value.unit, value.reason)
