"""Tables of field checks, one module per noun."""

from shian.domains.fieldchecks.models.covert import Mode
from shian.domains.fieldchecks.models.points import FieldPoint, PointState

__all__ = ["FieldPoint", "Mode", "PointState"]
