"""When a visit is a record that counts; pure."""

from dataclasses import dataclass
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
