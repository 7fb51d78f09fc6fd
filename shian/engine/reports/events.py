"""What other areas may hear of documents."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class DocumentPublished:
    document: int
    kind: str
    area: str
    as_of: date
    at: datetime
