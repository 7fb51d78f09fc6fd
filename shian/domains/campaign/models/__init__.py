"""Tables of the campaign: the standard, scoring, duties, verdicts and results."""

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
from shian.domains.campaign.models.weeks import ReportState, Week, WeekCorrection, WeekLine, WeekReport

__all__ = [
    "PAPER_KINDS",
    "AgendaItem",
    "AreaScore",
    "Attendance",
    "BureauSection",
    "Catalogue",
    "CatalogueKind",
    "CatalogueState",
    "Channel",
    "Decision",
    "Department",
    "Duty",
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
    "Meeting",
    "MeetingState",
    "Method",
    "NeedState",
    "Paper",
    "PaperReceipt",
    "PaperState",
    "PlanMove",
    "Point",
    "ReplyDraft",
    "ReportState",
    "ReviewRound",
    "ReviewVerdict",
    "ReviewWord",
    "RoundItem",
    "Schedule",
    "ScoringVersion",
    "Section",
    "Stage",
    "StageOutput",
    "Standard",
    "StandardNode",
    "StandardState",
    "StatedReason",
    "Submission",
    "SubmissionState",
    "Verdict",
    "VerdictWord",
    "VetoState",
    "Week",
    "WeekCorrection",
    "WeekLine",
    "WeekReport",
]
