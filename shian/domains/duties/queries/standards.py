"""The dated numbers by which operators are tiered and matched."""

from datetime import date

from shian.domains.duties.rules import matching, tiers
from shian.domains.duties.rules.matching import MatchRules
from shian.domains.duties.rules.tiers import TierRules
from shian.kernel.parameters.dated import Dated

TIER_RULES = Dated("duty_tiers", tiers.read_rules)
MATCH_RULES = Dated("duty_matches", matching.read_rules)


def tier_rules_at(day: date) -> TierRules:
    """The version in force on the day. Raises ImproperlyConfigured."""
    return TIER_RULES.at(day)


def match_rules_at(day: date) -> MatchRules:
    """The version in force on the day. Raises ImproperlyConfigured."""
    return MATCH_RULES.at(day)
