"""Teams drawn over the places that were drawn, by the same key; anybody draws them again (tools/verify_teams.py).

Places take their turn in the order that RFC 3797 gives under the key for "teams" and two line feeds. A place asks the
people whom nothing bars, the least loaded first, among equals in the order under the key for "team", two line feeds and
the place. (No stratum has such a name.) Nobody takes more than `load`, which begins at the fair share; where all who
could go are full, one of them is moved to the place and replaced where they were, along the shortest such chain; where
there is none, `load` grows by one. So every place gets its team if there is any way at all, and the largest load is the
smallest that there is (augmenting paths in a flow with limits on people and on seats without certificate).
"""

import hashlib
import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from shian.engine.draws.rules.randomness import key_for, shuffled
from shian.engine.draws.rules.recusal import (
    Barrier,
    Person,
    Place,
    TeamRules,
    barrier,
    barrier_to_all,
    fair_load,
    is_certified,
    load_of,
)

Teams = dict[str, tuple[str, ...]]
Chain = tuple[str, str, "Chain | None"]


class NoTeam(Exception):
    """A place cannot have its team. `missing`: how many it lacks; `barriers`: what keeps each person away."""

    def __init__(self, place: str, missing: int, barriers: Mapping[str, Barrier]) -> None:
        super().__init__(place)
        self.place, self.missing, self.barriers = place, missing, dict(barriers)


class BadPeople(ValueError):
    """A list of people that cannot be drawn from. The message is the key that stands in it twice; "" when empty."""


def people_of(people: Iterable[Person]) -> list[Person]:
    """The people in the order in which they are frozen: by key. Raises BadPeople."""
    found = sorted(people, key=lambda person: person.key)
    if not found:
        raise BadPeople("")
    for before, after in pairwise(found):
        if before.key == after.key:
            raise BadPeople(before.key)
    return found


def people_digest(people: Sequence[Person]) -> str:
    """SHA-256 in hexadecimal over one line of JSON per person, each closed by a line feed, in the frozen order."""
    hashed = hashlib.sha256()
    for person in people:
        hashed.update(json.dumps(person.as_list(), ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return hashed.hexdigest()


@dataclass(frozen=True)
class Pool:
    """Who can be drawn on the day, by which rules, under which key."""

    people: Sequence[Person]
    rules: TeamRules
    day: date
    key: str

    def candidates(self, place: Place) -> list[str]:
        """Whom nothing bars from the place, in the order in which it asks them."""
        able = [
            person.key
            for person in self.people
            if not barrier_to_all(person, self.rules, self.day) and not barrier(person, place, self.rules)
        ]
        return shuffled(sorted(able), key_for(self.key, f"team\n\n{place.key}"))

    def order_of(self, places: Iterable[Place]) -> list[Place]:
        """The places in the order in which they take their turn."""
        by_key = {place.key: place for place in places}
        return [by_key[key] for key in shuffled(sorted(by_key), key_for(self.key, "teams\n\n"))]

    def barriers(self, place: Place, team: Iterable[str], *, is_due: bool) -> dict[str, Barrier]:
        """What keeps everybody who is not in the team away, when no way was found. is_due: a certificate is asked."""
        found = {}
        for person in self.people:
            if person.key in team:
                continue
            is_short = is_due and not is_certified(person, self.day)
            why = barrier_to_all(person, self.rules, self.day) or barrier(person, place, self.rules)
            found[person.key] = why or (Barrier.UNCERTIFIED if is_short else Barrier.FULL)
        return found

    def needs_certified(self, team: Iterable[str]) -> bool:
        """Must whoever joins the team hold a certificate?"""
        own = set(team)
        without = sum(not is_certified(person, self.day) for person in self.people if person.key in own)
        return without >= self.rules.size - self.rules.certified_seats


def draw_teams(pool: Pool, places: Sequence[Place]) -> Teams:
    """A team for each place, members by key. Raises NoTeam for the first place that cannot have one."""
    filling = _Filling(pool, places)
    for place in pool.order_of(places):
        filling.fill(place)
    return {place.key: tuple(sorted(filling.on[place.key])) for place in sorted(places, key=lambda one: one.key)}


class _Filling:
    """Teams under way. `on`: who is at a place; `at`: where a person is."""

    def __init__(self, pool: Pool, places: Sequence[Place]) -> None:
        self.pool, self.size = pool, pool.rules.size
        able = [each for each in pool.people if not barrier_to_all(each, pool.rules, pool.day)]
        self.limits = {each.key: load_of(each, pool.rules) for each in able}
        self.certified = {each.key for each in able if is_certified(each, pool.day)}
        self.load = fair_load(len(places), len(able), pool.rules)
        self.most = max((len(places) if limit is None else limit for limit in self.limits.values()), default=0)
        self.on: dict[str, dict[str, None]] = defaultdict(dict)
        self.at: dict[str, dict[str, None]] = {each.key: {} for each in able}
        self.asked: dict[str, list[str]] = {}

    def fill(self, place: Place) -> None:
        """Bring the team of a place together. Raises NoTeam."""
        self.asked[place.key] = self.pool.candidates(place)
        while len(self.on[place.key]) < self.size:
            if self._joined(place.key):
                continue
            if self.load >= self.most:
                team = self.on[place.key]
                raise NoTeam(
                    place.key,
                    self.size - len(team),
                    self.pool.barriers(place, team, is_due=self._needs_certified(place.key, "")),
                )
            self.load += 1

    def _joined(self, place: str) -> bool:
        """One more for the place, moving others where that helps."""
        queue: deque[tuple[str, str, Chain | None]] = deque([(place, "", None)])
        seen: set[str] = set()
        walked: dict[str, bool] = {}
        while queue:
            spot, leaving, chain = queue.popleft()
            is_due = self._needs_certified(spot, leaving)
            if spot in walked and (is_due or not walked[spot]):
                continue
            walked[spot] = is_due
            for person in sorted(self.asked[spot], key=lambda one: len(self.at[one])):
                if person in seen or person in self.on[spot] or (is_due and person not in self.certified):
                    continue
                seen.add(person)
                found: Chain = (spot, person, chain)
                if self._has_room(person):
                    self._move(found)
                    return True
                queue.extend((other, person, found) for other in self.at[person])
        return False

    def _needs_certified(self, spot: str, leaving: str) -> bool:
        without = sum(one not in self.certified for one in self.on[spot] if one != leaving)
        return without >= self.size - self.pool.rules.certified_seats

    def _has_room(self, person: str) -> bool:
        limit = self.limits[person]
        return len(self.at[person]) < (self.load if limit is None else min(self.load, limit))

    def _move(self, chain: Chain | None) -> None:
        """Whoever was found joins; each before them along the chain leaves there for the place before."""
        while chain is not None:
            spot, person, chain = chain
            self.on[spot][person] = self.at[person][spot] = None
            if chain is not None:
                del self.on[spot][chain[1]], self.at[chain[1]][spot]


def stand_in_team(pool: Pool, place: Place, gone: str, teams: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Who goes to a place that steps in for `gone`: the team of `gone`, less those who are barred from the new place,
    whose seats go to the least loaded. `teams` as they stand before. Raises NoTeam."""
    loads: dict[str, int] = defaultdict(int)
    for team in (team for key, team in teams.items() if key != gone):
        for one in team:
            loads[one] += 1
    asked = pool.candidates(place)
    limits = {person.key: load_of(person, pool.rules) for person in pool.people}
    certified = {person.key for person in pool.people if is_certified(person, pool.day)}
    found = [one for one in teams[gone] if one in asked]
    while len(found) < pool.rules.size:
        is_due = pool.needs_certified(found)
        free = [
            one for one in asked
            if one not in found and (not is_due or one in certified)
            and ((limit := limits[one]) is None or loads[one] < limit)
        ]  # fmt: skip
        if not free:
            raise NoTeam(place.key, pool.rules.size - len(found), pool.barriers(place, found, is_due=is_due))
        found.append(min(free, key=lambda one: loads[one]))
    return tuple(sorted(found))


def short_places(pool: Pool, places: Iterable[Place]) -> Iterator[NoTeam]:
    """Places that could not have a team even if everybody were free, with what bars each person."""
    able = [each for each in pool.people if not barrier_to_all(each, pool.rules, pool.day)]
    tied = {key for each in able for key in each.declared | each.last}
    known: dict[str, tuple[int, int]] = {}
    for place in places:
        if place.key in tied:
            lacks = _lacks(pool, place, able)
        else:
            if place.area not in known:
                known[place.area] = _lacks(pool, place, able)
            lacks = known[place.area]
        if max(lacks) > 0:
            barriers = pool.barriers(place, (), is_due=lacks[1] > 0)
            yield NoTeam(place.key, max(lacks), {key: why for key, why in barriers.items() if why != Barrier.FULL})


def _lacks(pool: Pool, place: Place, able: Iterable[Person]) -> tuple[int, int]:
    """How many people, and how many with a certificate, a place lacks if everybody were free."""
    going = [each for each in able if not barrier(each, place, pool.rules)]
    certified = sum(is_certified(each, pool.day) for each in going)
    return pool.rules.size - len(going), pool.rules.certified_seats - certified
