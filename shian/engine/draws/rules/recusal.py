"""Who may be sent where: speciality, a valid assessment, no tie to the place, not beyond one's load."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil


class Barrier(StrEnum):
    """Why a person does not go to a place."""

    SPECIALITY = "speciality"
    UNASSESSED = "unassessed"
    EXPIRED = "expired"
    LAST_TIME = "last_time"
    DECLARED = "declared"
    OWN_AREA = "own_area"
    FULL = "full"


@dataclass(frozen=True)
class Person:
    """Who can be drawn. `area`: the code of the own district; `assessed_to`: the last day of a valid assessment.

    `declared`: identifiers of places to which a relation was declared. `limit`: the most places, None for the common
    one.
    """

    key: str
    area: str = ""
    specialities: frozenset[str] = frozenset()
    assessed_to: date | None = None
    declared: frozenset[str] = frozenset()
    limit: int | None = None


@dataclass(frozen=True)
class Place:
    """Where a team goes. `visited_by`: who was there last time."""

    key: str
    area: str = ""
    visited_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TeamRules:
    """Published with the draw. "", False or 0: not asked for. `limit`: the most places of one person.

    `own_width`: nobody goes where the first so many digits of the area are those of their own (6: the own county; who
    belongs to a wider area, such as the city, has no own county and goes everywhere).
    """

    size: int = 2
    speciality: str = ""
    needs_assessment: bool = False
    avoids_last: bool = True
    own_width: int = 0
    limit: int = 0


def barrier_to_all(person: Person, rules: TeamRules, day: date) -> Barrier | None:
    """What keeps a person from every place on this day, if anything does."""
    if rules.speciality and rules.speciality not in person.specialities:
        return Barrier.SPECIALITY
    if rules.needs_assessment and person.assessed_to is None:
        return Barrier.UNASSESSED
    if rules.needs_assessment and person.assessed_to is not None and person.assessed_to < day:
        return Barrier.EXPIRED
    return None


def barrier(person: Person, place: Place, rules: TeamRules) -> Barrier | None:
    """What keeps a person from this place, if anything does. A declared relation is never waived."""
    if place.key in person.declared:
        return Barrier.DECLARED
    if rules.avoids_last and person.key in place.visited_by:
        return Barrier.LAST_TIME
    if rules.own_width and is_own_area(person.area, place.area, rules.own_width):
        return Barrier.OWN_AREA
    return None


def is_own_area(own: str, area: str, width: int) -> bool:
    """Do two areas (keys cut to their level) lie in one area of this width?"""
    return min(len(own), len(area)) >= width and own[:width] == area[:width]


def load_of(person: Person, rules: TeamRules) -> int | None:
    """The most places of this person; None when nothing limits them."""
    limits = [limit for limit in (person.limit, rules.limit or None) if limit is not None]
    return min(limits) if limits else None


def fair_load(places: int, people: int, rules: TeamRules) -> int:
    """The smallest common load with which all places can have their teams, if nobody were barred."""
    return ceil(Fraction(places * rules.size, people)) if people else 0
