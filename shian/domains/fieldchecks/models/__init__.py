"""Tables of field checks, one module per noun."""

from shian.domains.fieldchecks.models.covert import Mode
from shian.domains.fieldchecks.models.crosschecks import CrossCheck
from shian.domains.fieldchecks.models.findings import Finding
from shian.domains.fieldchecks.models.joint import JointCheck, JointProblem, JointState
from shian.domains.fieldchecks.models.points import FieldPoint, PointState
from shian.domains.fieldchecks.models.rounds import FieldRound, RoundFormat, RoundState
from shian.domains.fieldchecks.models.supervisions import SpecialSupervision, SupervisionCell, SupervisionState
from shian.domains.fieldchecks.models.teams import FieldTeam, TeamMember
from shian.domains.fieldchecks.models.visits import FieldVisit, VisitState

__all__ = [
    "CrossCheck",
    "FieldPoint",
    "FieldRound",
    "FieldTeam",
    "FieldVisit",
    "Finding",
    "JointCheck",
    "JointProblem",
    "JointState",
    "Mode",
    "PointState",
    "RoundFormat",
    "RoundState",
    "SpecialSupervision",
    "SupervisionCell",
    "SupervisionState",
    "TeamMember",
    "VisitState",
]
