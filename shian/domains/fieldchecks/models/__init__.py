"""Tables of field checks, one module per noun."""

from shian.domains.fieldchecks.models.covert import Mode
from shian.domains.fieldchecks.models.points import FieldPoint, PointState
from shian.domains.fieldchecks.models.rounds import FieldRound, RoundFormat, RoundState
from shian.domains.fieldchecks.models.teams import FieldTeam, TeamMember

__all__ = ["FieldPoint", "FieldRound", "FieldTeam", "Mode", "PointState", "RoundFormat", "RoundState", "TeamMember"]
