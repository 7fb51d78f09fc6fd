"""Tables of operators' own duty, one module per noun."""

from shian.domains.selfcontrol.models.accounts import Duty, OperatorAccount
from shian.domains.selfcontrol.models.commitments import CommitmentSignature, CommitmentText
from shian.domains.selfcontrol.models.controls import Closure, DailyControl, DayResult, OwnProblem, ProblemSource
from shian.domains.selfcontrol.models.exams import Exam
from shian.domains.selfcontrol.models.lists import RiskList
from shian.domains.selfcontrol.models.meetings import Decision, DispatchMeeting
from shian.domains.selfcontrol.models.selfexams import SelfExam
from shian.domains.selfcontrol.models.staff import Appointment, SafetyStaff
from shian.domains.selfcontrol.models.training import Attendance, TrainingSession
from shian.domains.selfcontrol.models.weeks import WeeklyCheck

__all__ = [
    "Appointment",
    "Attendance",
    "Closure",
    "CommitmentSignature",
    "CommitmentText",
    "DailyControl",
    "DayResult",
    "Decision",
    "DispatchMeeting",
    "Duty",
    "Exam",
    "OperatorAccount",
    "OwnProblem",
    "ProblemSource",
    "RiskList",
    "SafetyStaff",
    "SelfExam",
    "TrainingSession",
    "WeeklyCheck",
]
