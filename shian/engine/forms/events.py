"""What happened in forms that others may want to hear of."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SubmissionCompleted:
    """A form that was filled in has come in whole: its answers and every photo. `submission` is its primary key,
    `assignment` what the sender says that it fulfils (assignments.py)."""

    submission: int
    form: str
    at: datetime
    assignment: str = ""
