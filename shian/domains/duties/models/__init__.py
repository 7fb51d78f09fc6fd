"""Tables of duties, one module per noun."""

from shian.domains.duties.models.letters import Board, BoardState, Letter, LetterState
from shian.domains.duties.models.matches import Match, MatchPlan, PlanKind, PlanLine, PlanState
from shian.domains.duties.models.officials import Official, OfficialLevel
from shian.domains.duties.models.tiers import (
    CensusEntry,
    CensusState,
    Exclusion,
    Tier,
    TierLetter,
    TierOrigin,
    TierState,
)

__all__ = [
    "Board",
    "BoardState",
    "CensusEntry",
    "CensusState",
    "Exclusion",
    "Letter",
    "LetterState",
    "Match",
    "MatchPlan",
    "Official",
    "OfficialLevel",
    "PlanKind",
    "PlanLine",
    "PlanState",
    "Tier",
    "TierLetter",
    "TierOrigin",
    "TierState",
]
