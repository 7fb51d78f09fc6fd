"""What the rest of the program may hear of draws. `owner` and `frame_kind` tell whose draw it is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DrawMoved:
    """A draw came into `state` (models.DrawState): frozen, seeded, drawn, confirmed, cancelled. From `confirmed` on its
    sample is what is visited."""

    draw: int
    frame_kind: str
    owner: str
    state: str
    by: str
    at: datetime


@dataclass(frozen=True)
class PickReplaced:
    """`gone` could not be visited and `stand_in` steps in: keys of the frame."""

    draw: int
    frame_kind: str
    owner: str
    gone: str
    stand_in: str
    reason: str
    by: str
    at: datetime
