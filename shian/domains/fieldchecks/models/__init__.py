"""Tables of field checks, one module per noun."""

from shian.domains.fieldchecks.models.covert import Mode
from shian.domains.fieldchecks.models.findings import Finding
from shian.domains.fieldchecks.models.points import FieldPoint, PointState
from shian.domains.fieldchecks.models.rounds import FieldRound, RoundFormat, RoundState
from shian.domains.fieldchecks.models.teams import FieldTeam, TeamMember
from shian.domains.fieldchecks.models.visits import FieldVisit, VisitState

__all__ = [
    "FieldPoint",
    "FieldRound",
    "FieldTeam",
    "FieldVisit",
    "Finding",
    "Mode",
    "PointState",
    "RoundFormat",
    "RoundState",
    "TeamMember",
    "VisitState",
]
