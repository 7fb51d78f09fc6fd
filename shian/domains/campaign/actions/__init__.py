"""Verbs of the campaign; each is one transaction that seals one entry."""

from shian.domains.campaign.actions.evaluation import evaluate_area, rescore_item
from shian.domains.campaign.actions.judgements import VerdictRefused, adopt_reasons, enter_verdict, state_reason
from shian.domains.campaign.actions.scoring import enter_scoring, load_scoring
from shian.domains.campaign.actions.standard import import_standard, load_standard, put_in_force

__all__ = [
    "VerdictRefused",
    "adopt_reasons",
    "enter_scoring",
    "enter_verdict",
    "evaluate_area",
    "import_standard",
    "load_scoring",
    "load_standard",
    "put_in_force",
    "rescore_item",
    "state_reason",
]
