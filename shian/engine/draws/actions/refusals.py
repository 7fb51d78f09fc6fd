"""What every verb of draws begins with (the policy, the reach, the row under lock, the state that it must be in) and
ends with (who is told)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shian.engine.draws.events import DrawMoved
from shian.engine.draws.models import Draw, DrawState
from shian.engine.draws.permissions import DRAW_WORK, closed_kinds
from shian.kernel.accounts.permissions import check
from shian.kernel.events.bus import publish
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of


class DrawRefused(ValueError):
    """The verb is not possible now; the text says why, for the user. `field` is the form's field it is about."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


def held(draw: Draw, by: Any, *states: DrawState) -> Draw:
    """The draw under lock, as it is now. Raises PermissionDenied, OutOfReach, DrawRefused for another state."""
    check(DRAW_WORK, by)
    if not reach_of(by).covers(draw.area_key) or draw.frame_kind in closed_kinds(by):
        raise OutOfReach(f"draws.draw:{draw.pk}")
    now: Draw = Draw.objects.select_for_update().get(pk=draw.pk)
    if now.state not in states:
        raise DrawRefused(_("抽签现为“%(state)s”，请刷新后再试。") % {"state": now.get_state_display()})
    return now


def moved(draw: Draw, by: Any, at: datetime) -> None:
    """Tell whoever listens which state the draw is in now."""
    publish(DrawMoved(draw.pk, draw.frame_kind, draw.owner, str(draw.state), by.get_username(), at))
