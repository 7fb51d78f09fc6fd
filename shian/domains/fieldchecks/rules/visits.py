"""When a visit is a record that counts; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Lack(StrEnum):
    """What keeps a visit open."""

    SCORE = "score"
    PLACE = "place"
    SECOND = "second"
    OPERATOR_SIGNATURE = "operator_signature"
    TEAM_SIGNATURE = "team_signature"


@dataclass(frozen=True)
class Standing:
    """What a visit has: a sheet of which every item that applies is scored, a place, two members, both signatures."""

    is_covert: bool
    is_scored: bool
    has_place: bool
    has_second: bool = False
    has_operator_signature: bool = False
    has_team_signature: bool = False


def lacking(visit: Standing) -> list[Lack]:
    """What is missing, in the order in which it is done. A covert visit shows no badge and asks for no signature; one
    visitor is enough."""
    found = [] if visit.is_scored else [Lack.SCORE]
    found += [] if visit.has_place else [Lack.PLACE]
    if visit.is_covert:
        return found
    found += [] if visit.has_second else [Lack.SECOND]
    found += [] if visit.has_operator_signature else [Lack.OPERATOR_SIGNATURE]
    return found + ([] if visit.has_team_signature else [Lack.TEAM_SIGNATURE])


@dataclass(frozen=True)
class Moments:
    """When something was found, was put right, and the sheet was finished, by the server's clock as far as it is known.
    All in one zone."""

    found_at: datetime
    put_right_at: datetime
    ended_at: datetime

    @property
    def is_on_the_spot(self) -> bool:
        """Was it put right while the group was there: after it was found, before the sheet was finished, on one day?"""
        is_in_order = self.found_at <= self.put_right_at <= self.ended_at
        return is_in_order and self.found_at.date() == self.ended_at.date()


def true_moment(told: datetime, clock: float | None, arrived: datetime) -> datetime:
    """What the device said, less the seconds that its clock was ahead; never after the sheet arrived here."""
    return min(told - timedelta(seconds=clock or 0), arrived)
