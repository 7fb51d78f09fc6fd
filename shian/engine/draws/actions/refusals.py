"""What every verb of draws begins with (the policy, the reach, the row under lock, the state that it must be in) and
ends with (who is told)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.draws.events import DrawMoved
from shian.engine.draws.models import Draw, DrawPerson, DrawRow, DrawState
from shian.engine.draws.permissions import DRAW_WORK, closed_kinds
from shian.engine.draws.rules.recusal import Barrier
from shian.engine.draws.rules.teams import NoTeam
from shian.kernel.accounts.permissions import check
from shian.kernel.events.bus import publish
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of

BARRIERS = {
    Barrier.SPECIALITY: gettext_lazy("没有所需专业"),
    Barrier.UNASSESSED: gettext_lazy("没有有效考核"),
    Barrier.EXPIRED: gettext_lazy("考核已过期"),
    Barrier.LAST_TIME: gettext_lazy("上次去过"),
    Barrier.DECLARED: gettext_lazy("已申报关系"),
    Barrier.OWN_AREA: gettext_lazy("本辖区"),
    Barrier.UNCERTIFIED: gettext_lazy("没有执法证件"),
    Barrier.FULL: gettext_lazy("已到任务上限"),
}
MOST_NAMED = 8


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


def no_team(draw: Draw, short: NoTeam) -> DrawRefused:
    """Why a place has no team: who cannot go, and what keeps them."""
    place = DrawRow.objects.get(draw=draw, key=short.place)
    names = {each.key: str(each) for each in DrawPerson.objects.filter(draw=draw, key__in=short.barriers)}
    told = [
        _("%(name)s（%(why)s）") % {"name": names[key], "why": BARRIERS[why]} for key, why in short.barriers.items()
    ]
    shown = "、".join(told[:MOST_NAMED]) or _("没有人员")
    if len(told) > MOST_NAMED:
        shown = _("%(names)s等 %(count)s 人") % {"names": shown, "count": len(told)}
    text = _("“%(place)s”组不成检查组，还缺 %(missing)s 人：%(names)s。")
    return DrawRefused(text % {"place": place, "missing": short.missing, "names": shown}, "people")
