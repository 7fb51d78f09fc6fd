"""What tracing tells others."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class ColdAlertRaised:
    """Something is wrong with imported cold-chain food. `subject`: what the alert is sealed under; `title`, `text`:
    what happened and which goods it touches, in the language of record; area: a key; due_on: until when it is to be
    put right."""

    subject: str
    title: str
    text: str
    place: str
    area: str
    operator_code: str
    is_grave: bool
    due_on: date
    by: str
    at: datetime
