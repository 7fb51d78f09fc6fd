"""Pure rules of the evaluation: readings, the five states, conversion to points, vetoes (docs/scoring.md)."""

from shian.domains.campaign.rules.assessment import Item, Judgement, Outcome, assess
from shian.domains.campaign.rules.readings import Reading, margin_of, meets
from shian.domains.campaign.rules.scoring import Formula, apportioned, converted, points
from shian.domains.campaign.rules.vetoes import VetoFinding, veto_finding

__all__ = [
    "Formula",
    "Item",
    "Judgement",
    "Outcome",
    "Reading",
    "VetoFinding",
    "apportioned",
    "assess",
    "converted",
    "margin_of",
    "meets",
    "points",
    "veto_finding",
]
