"""How far a point is, from its days; pure."""

from dataclasses import dataclass
from datetime import date

STEPS = ("prepared", "checked", "ready")


@dataclass(frozen=True)
class Days:
    """When a point reached each state; None for a state that it has not reached."""

    listed: date
    prepared: date | None = None
    checked: date | None = None
    ready: date | None = None
    withdrawn: date | None = None


def state_of(days: Days) -> str:
    """The last state that the days reach: listed → prepared → checked → ready → withdrawn."""
    if days.withdrawn:
        return "withdrawn"
    if days.ready:
        return "ready"
    if days.checked:
        return "checked"
    return "prepared" if days.prepared else "listed"


def next_steps(state: str) -> tuple[str, ...]:
    """What may follow. A point may be checked without having been prepared; one that turns out not to be ready goes
    back to checked, so that its check record stays."""
    return {
        "listed": ("prepared", "checked"),
        "prepared": ("checked",),
        "checked": ("ready",),
        "ready": ("checked",),
    }.get(state, ())


def earliest(step: str, days: Days) -> date:
    """The day before which a step cannot have been taken: that of the state it follows."""
    known = {
        "prepared": (days.listed,),
        "checked": (days.listed, days.prepared),
        "ready": (days.listed, days.checked),
        "withdrawn": (days.listed,),
    }[step]
    return max(day for day in known if day is not None)
