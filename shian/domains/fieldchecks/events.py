"""What field checks tell others."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class JointProblemAssigned:
    """A joint check gave one of its problems to `unit`, until a day. `subject`: what the check is sealed under; units:
    codes of organisations, `lead` and `departments` those that took part; area: a key."""

    subject: str
    check: str
    held_on: date
    text: str
    severity: str
    area: str
    lead: str
    departments: tuple[str, ...]
    unit: str
    due_on: date
    by: str
    at: datetime
