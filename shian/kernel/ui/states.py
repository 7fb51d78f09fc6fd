"""The four states that have a colour everywhere, and the neutral one. An icon and a word always go with it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

DONE, DUE, OVERDUE, WAITING, NEUTRAL = "done", "due", "overdue", "waiting", "neutral"


@dataclass(frozen=True)
class State:
    key: str
    label: Text
    icon: str


STATES: dict[str, State] = {
    DONE: State(DONE, _("已完成"), "circle-check"),
    DUE: State(DUE, _("将到期"), "clock"),
    OVERDUE: State(OVERDUE, _("已逾期"), "alert-triangle"),
    WAITING: State(WAITING, _("待办理"), "circle-dashed"),
    NEUTRAL: State(NEUTRAL, _("无"), "minus"),
}


def state_of(key: str) -> State:
    """The state of that key; anything unknown is shown as waiting, never as done."""
    return STATES.get(key, STATES[WAITING])
