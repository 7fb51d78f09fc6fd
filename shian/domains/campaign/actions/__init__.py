"""Verbs of the campaign; each is one transaction that seals one entry."""

from shian.domains.campaign.actions.catalogues import (
    CatalogueRefused,
    acknowledge_duties,
    draft_catalogues,
    issue_catalogue,
)
from shian.domains.campaign.actions.departments import load_bureau_sections, load_departments
from shian.domains.campaign.actions.evaluation import DayToCome, evaluate_area, rescore_item
from shian.domains.campaign.actions.judgements import VerdictRefused, adopt_reasons, enter_verdict, state_reason
from shian.domains.campaign.actions.measured import enter_measured
from shian.domains.campaign.actions.plans import LoadedPlan, load_plan
from shian.domains.campaign.actions.renewal import ask_renewal, renew_evaluations
from shian.domains.campaign.actions.reports import draft_self_assessment, write_self_assessment
from shian.domains.campaign.actions.scoring import enter_scoring, enter_weights, load_scoring
from shian.domains.campaign.actions.standard import import_standard, load_standard, put_in_force

__all__ = [
    "CatalogueRefused",
    "DayToCome",
    "LoadedPlan",
    "VerdictRefused",
    "acknowledge_duties",
    "adopt_reasons",
    "ask_renewal",
    "draft_catalogues",
    "draft_self_assessment",
    "enter_measured",
    "enter_scoring",
    "enter_verdict",
    "enter_weights",
    "evaluate_area",
    "import_standard",
    "issue_catalogue",
    "load_bureau_sections",
    "load_departments",
    "load_plan",
    "load_scoring",
    "load_standard",
    "put_in_force",
    "renew_evaluations",
    "rescore_item",
    "state_reason",
    "write_self_assessment",
]
