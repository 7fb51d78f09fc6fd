"""Tables of duties, one module per noun."""

from shian.domains.duties.models.letters import Board, BoardState, Letter, LetterState
from shian.domains.duties.models.matches import Match, MatchPlan, PlanKind, PlanLine, PlanState
from shian.domains.duties.models.notices import DutyNotice, NoticeKind, NoticeLine, NoticeState
from shian.domains.duties.models.officials import Official, OfficialLevel
from shian.domains.duties.models.spotchecks import SpotCheck, SpotItem, SpotScore, SpotState, Truth
from shian.domains.duties.models.tiers import (
    CensusEntry,
    CensusState,
    Exclusion,
    Tier,
    TierLetter,
    TierOrigin,
    TierState,
)
from shian.domains.duties.models.trainings import (
    Attending,
    Training,
    TrainingAttendance,
    TrainingQuestion,
    TrainingState,
    TrainingTest,
)
from shian.domains.duties.models.uploads import AreaUpload, UploadState
from shian.domains.duties.models.visits import DutyVisit, QuarterFigure, VisitFault, Way

__all__ = [
    "AreaUpload",
    "Attending",
    "Board",
    "BoardState",
    "CensusEntry",
    "CensusState",
    "DutyNotice",
    "DutyVisit",
    "Exclusion",
    "Letter",
    "LetterState",
    "Match",
    "MatchPlan",
    "NoticeKind",
    "NoticeLine",
    "NoticeState",
    "Official",
    "OfficialLevel",
    "PlanKind",
    "PlanLine",
    "PlanState",
    "QuarterFigure",
    "SpotCheck",
    "SpotItem",
    "SpotScore",
    "SpotState",
    "Tier",
    "TierLetter",
    "TierOrigin",
    "TierState",
    "Training",
    "TrainingAttendance",
    "TrainingQuestion",
    "TrainingState",
    "TrainingTest",
    "Truth",
    "UploadState",
    "VisitFault",
    "Way",
]
