"""What happened in forms that others may want to hear of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shian.engine.forms.models import FormSubmission
from shian.kernel.files.models import StoredFile


@dataclass(frozen=True)
class SubmissionCompleted:
    """A form that was filled in has come in whole: its answers and every photo. `submission` is its row as it was saved
    in this transaction, `files` are what came with it, by the names that the answers give; `assignment` is what the
    sender says that it fulfils (assignments.py), `entity` the key that was chosen in the first list of entities; ""
    without one."""

    submission: FormSubmission
    files: Mapping[str, StoredFile]
    form: str
    at: datetime
    assignment: str = ""
    entity: str = ""
