"""What others may hear of imports."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ImportUndone:
    """The rows of an accepted batch are as they were before it."""

    importer: str
    batch: int
    by: str
    at: datetime


@dataclass(frozen=True)
class ImportAccepted:
    """Rows of a file have entered a register."""

    importer: str
    batch: int
    rows_new: int
    rows_changed: int
    by: str
    at: datetime
