"""Tables of the campaign: the standard, scoring, duties, verdicts and results."""

from shian.domains.campaign.models.appraisals import (
    Appraisal,
    AppraisalEntry,
    AppraisalLine,
    AppraisalState,
    EntryState,
)
from shian.domains.campaign.models.briefings import (
    Briefing,
    Dispatch,
    DispatchState,
    MediumLevel,
    Reprint,
    Series,
)
from shian.domains.campaign.models.duties import BureauSection, Catalogue, CatalogueKind, CatalogueState, Duty
from shian.domains.campaign.models.evidence import (
    Evidence,
    EvidenceLink,
    EvidenceNeed,
    EvidenceVersion,
    NeedState,
    ReviewRound,
    ReviewVerdict,
    ReviewWord,
    RoundItem,
)
from shian.domains.campaign.models.judgements import StatedReason, Verdict, VerdictWord
from shian.domains.campaign.models.meetings import (
    AgendaItem,
    Attendance,
    Decision,
    Mechanism,
    Meeting,
    MeetingState,
)
from shian.domains.campaign.models.nodes import StandardNode
from shian.domains.campaign.models.papers import PAPER_KINDS, Paper, PaperReceipt, PaperState
from shian.domains.campaign.models.receptions import NoticeLine, WeeklyNotice
from shian.domains.campaign.models.replies import ReplyDraft
from shian.domains.campaign.models.results import AreaScore, Evaluation, ItemResult, ItemState, VetoState
from shian.domains.campaign.models.schedules import PlanMove, Schedule, Stage, StageOutput
from shian.domains.campaign.models.scoring import ScoringVersion
from shian.domains.campaign.models.standard import (
    Channel,
    Department,
    Indicator,
    IndicatorMeasure,
    Method,
    Point,
    Section,
    Standard,
    StandardState,
)
from shian.domains.campaign.models.submissions import Submission, SubmissionState
from shian.domains.campaign.models.unit_scores import RankingState, ScoreCorrection, UnitRanking, UnitScore
from shian.domains.campaign.models.vetoes import VetoCrossing, WatchState
from shian.domains.campaign.models.weeks import ReportState, Week, WeekCorrection, WeekLine, WeekReport

__all__ = [
    "PAPER_KINDS",
    "AgendaItem",
    "Appraisal",
    "AppraisalEntry",
    "AppraisalLine",
    "AppraisalState",
    "AreaScore",
    "Attendance",
    "Briefing",
    "BureauSection",
    "Catalogue",
    "CatalogueKind",
    "CatalogueState",
    "Channel",
    "Decision",
    "Department",
    "Dispatch",
    "DispatchState",
    "Duty",
    "EntryState",
    "Evaluation",
    "Evidence",
    "EvidenceLink",
    "EvidenceNeed",
    "EvidenceVersion",
    "Indicator",
    "IndicatorMeasure",
    "ItemResult",
    "ItemState",
    "Mechanism",
    "MediumLevel",
    "Meeting",
    "MeetingState",
    "Method",
    "NeedState",
    "NoticeLine",
    "Paper",
    "PaperReceipt",
    "PaperState",
    "PlanMove",
    "Point",
    "RankingState",
    "ReplyDraft",
    "ReportState",
    "Reprint",
    "ReviewRound",
    "ReviewVerdict",
    "ReviewWord",
    "RoundItem",
    "Schedule",
    "ScoreCorrection",
    "ScoringVersion",
    "Section",
    "Series",
    "Stage",
    "StageOutput",
    "Standard",
    "StandardNode",
    "StandardState",
    "StatedReason",
    "Submission",
    "SubmissionState",
    "UnitRanking",
    "UnitScore",
    "Verdict",
    "VerdictWord",
    "VetoCrossing",
    "VetoState",
    "WatchState",
    "Week",
    "WeekCorrection",
    "WeekLine",
    "WeekReport",
    "WeeklyNotice",
]
