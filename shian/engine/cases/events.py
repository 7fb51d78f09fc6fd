"""What the rest of the program may hear of cases."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CaseMoved:
    """A step was taken: `state` is the new one; `was_open` and `is_open` tell closing from reopening."""

    case: int
    type: str
    step: str
    state: str
    is_open: bool
    was_open: bool
    by: str
    at: datetime


@dataclass(frozen=True)
class CaseOpened:
    """A case was opened."""

    case: int
    type: str
    by: str
    at: datetime
