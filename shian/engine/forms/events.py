"""What happened in forms that others may want to hear of."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SubmissionCompleted:
    """A form that was filled in has come in whole: its answers and every photo. `submission` and `user` (who filled it
    in) are primary keys, `assignment` is what the sender says that it fulfils (assignments.py), `entity` the key that
    was chosen in the first list of entities; "" without one."""

    submission: int
    form: str
    user: int
    at: datetime
    assignment: str = ""
    entity: str = ""
