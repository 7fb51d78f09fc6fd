"""Who may be sent where: speciality, a valid assessment, no tie to the place, not beyond one's load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Any

from shian.engine.draws.rules.sampling import BadParameter, share


class Barrier(StrEnum):
    """Why a person does not go to a place."""

    SPECIALITY = "speciality"
    UNASSESSED = "unassessed"
    EXPIRED = "expired"
    LAST_TIME = "last_time"
    DECLARED = "declared"
    OWN_AREA = "own_area"
    UNCERTIFIED = "uncertified"
    FULL = "full"


@dataclass(frozen=True)
class Person:
    """Who can be drawn. `area`: the key of the own district. `assessed_to`, `certified_to`: the last day of a valid
    assessment, of an enforcement certificate. `declared`: places to which a relation was declared; `last`: places where
    they were last time, both by key. `limit`: the most places, None for the common one.
    """

    key: str
    area: str = ""
    specialities: frozenset[str] = frozenset()
    assessed_to: date | None = None
    certified_to: date | None = None
    declared: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    limit: int | None = None

    def as_list(self) -> list[Any]:
        """What is published and hashed of them."""
        days = [day.isoformat() if day else "" for day in (self.assessed_to, self.certified_to)]
        ties = [sorted(self.declared), sorted(self.last)]
        return [self.key, self.area, sorted(self.specialities), *days, *ties, self.limit]


def person_in(told: Sequence[Any]) -> Person:
    """A person from as_list. Raises ValueError, TypeError."""
    key, area, specialities, assessed, certified, declared, last, limit = told
    return Person(
        key, area, frozenset(specialities), _day(assessed), _day(certified), frozenset(declared), frozenset(last), limit
    )


def _day(told: str) -> date | None:
    return date.fromisoformat(told) if told else None


@dataclass(frozen=True)
class Place:
    """Where a team goes."""

    key: str
    area: str = ""


@dataclass(frozen=True)
class TeamRules:
    """Published with the draw. "", False or 0: not asked for. `limit`: the most places of one person.

    `own_width`: nobody goes where the first so many digits of the area are those of their own (6: the own county; who
    belongs to a wider area, such as the city, has no own county and goes everywhere). `certified`: the share of each
    team that holds a certificate, a decimal in text; its seats are rounded up ("0.5" of two is one, "0.7" both).
    """

    size: int = 2
    speciality: str = ""
    needs_assessment: bool = False
    certified: str = "0"
    avoids_last: bool = True
    own_width: int = 0
    limit: int = 0

    def __post_init__(self) -> None:
        if self.size < 1:
            raise BadParameter("size")
        if not 0 <= share(self.certified, "certified") <= 1:
            raise BadParameter("certified")
        for name in ("own_width", "limit"):
            if getattr(self, name) < 0:
                raise BadParameter(name)

    @property
    def certified_seats(self) -> int:
        """How many of a team hold a certificate at least."""
        return ceil(self.size * Fraction(self.certified))

    def as_json(self) -> dict[str, Any]:
        """What is published and sealed."""
        return dict(vars(self))


def team_rules_in(told: Mapping[str, Any]) -> TeamRules:
    """Rules from their JSON. Raises BadParameter, TypeError."""
    return TeamRules(**told)


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
    if rules.avoids_last and place.key in person.last:
        return Barrier.LAST_TIME
    if rules.own_width and is_own_area(person.area, place.area, rules.own_width):
        return Barrier.OWN_AREA
    return None


def is_certified(person: Person, day: date) -> bool:
    """Do they hold a certificate on this day?"""
    return person.certified_to is not None and person.certified_to >= day


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
