"""What comes on an agenda, in which order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

CARD = "card"


class Reason(StrEnum):
    """Why a point is on the agenda; the order is that of the meeting."""

    DECISION = "decision"
    CARD = "card"
    OVERDUE = "overdue"
    TOPIC = "topic"


@dataclass(frozen=True)
class OpenCase:
    """An open case as the agenda looks at it."""

    pk: int
    type: str
    title: str
    unit: str
    due_on: date | None
    is_decision: bool


def reason_of(case: OpenCase, held_on: date) -> Reason | None:
    """Open decisions of earlier meetings come again until they are closed; cards and others once they are late."""
    if case.is_decision:
        return Reason.DECISION
    if case.due_on is None or case.due_on >= held_on:
        return None
    return Reason.CARD if case.type == CARD else Reason.OVERDUE


def agenda_of(cases: Iterable[OpenCase], held_on: date) -> list[tuple[Reason, OpenCase]]:
    """The points that the cases make, by reason, the oldest first."""
    order = list(Reason)
    found = [(reason, case) for case in cases if (reason := reason_of(case, held_on))]
    return sorted(found, key=lambda pair: (order.index(pair[0]), pair[1].due_on or date.max, pair[1].pk))
