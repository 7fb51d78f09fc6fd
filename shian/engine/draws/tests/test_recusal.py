"""Who may go where."""

import json
from datetime import date
from typing import Any

import pytest

from shian.engine.draws.rules.recusal import (
    Barrier,
    Person,
    Place,
    TeamRules,
    barrier,
    barrier_to_all,
    fair_load,
    is_own_area,
    load_of,
    person_in,
    team_rules_in,
)
from shian.engine.draws.rules.sampling import BadParameter

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (Person("a", specialities=frozenset({"冷链"}), assessed_to=DAY), None),
        (Person("a", assessed_to=DAY), Barrier.SPECIALITY),
        (Person("a", specialities=frozenset({"冷链"})), Barrier.UNASSESSED),
        (Person("a", specialities=frozenset({"冷链"}), assessed_to=date(2026, 11, 20)), Barrier.EXPIRED),
    ],
)
def test_only_the_assessed_of_the_speciality_go_anywhere(person: Person, expected: Barrier | None) -> None:
    assert barrier_to_all(person, TeamRules(speciality="冷链", needs_assessment=True), DAY) == expected
    assert barrier_to_all(person, TeamRules(), DAY) is None


def test_nobody_goes_where_they_were_last_time_where_they_are_tied_or_at_home() -> None:
    person = Person("a", area="131002101", declared=frozenset({"tied"}), last=frozenset({"again"}))
    rules = TeamRules(own_width=6)

    assert barrier(person, Place("x", "131003"), rules) is None
    assert barrier(person, Place("x", "131002202"), rules) == Barrier.OWN_AREA
    assert barrier(person, Place("again", "131003"), rules) == Barrier.LAST_TIME
    assert barrier(person, Place("tied", "131003"), rules) == Barrier.DECLARED
    waived = TeamRules(avoids_last=False)
    assert barrier(person, Place("again", "131002202"), waived) is None
    assert barrier(person, Place("tied"), waived) == Barrier.DECLARED


@pytest.mark.parametrize(
    ("own", "area", "same"),
    [("131002", "131002101", True), ("131002101", "131002", True), ("1310", "131002", False), ("", "131002", False),
     ("131002", "", False), ("131002", "131003", False)],
)  # fmt: skip
def test_the_own_area_is_the_county_of_whoever_has_one(own: str, area: str, same: bool) -> None:
    assert is_own_area(own, area, 6) is same


def test_the_smaller_limit_holds() -> None:
    assert load_of(Person("a"), TeamRules()) is None
    assert load_of(Person("a", limit=3), TeamRules()) == 3
    assert load_of(Person("a", limit=3), TeamRules(limit=2)) == 2
    assert load_of(Person("a", limit=0), TeamRules(limit=2)) == 0


@pytest.mark.parametrize(("places", "people", "load"), [(10, 4, 5), (11, 4, 6), (0, 4, 0), (5, 0, 0)])
def test_a_fair_load_is_the_smallest_that_suffices(places: int, people: int, load: int) -> None:
    assert fair_load(places, people, TeamRules()) == load


@pytest.mark.parametrize(("share", "seats"), [("0", 0), ("0.5", 1), ("0.7", 2), ("1", 2)])
def test_seats_for_the_certified_are_rounded_up(share: str, seats: int) -> None:
    assert TeamRules(certified=share).certified_seats == seats


@pytest.mark.parametrize("wrong", [{"size": 0}, {"certified": "1.1"}, {"certified": "x"}, {"limit": -1}])
def test_rules_that_cannot_be_followed_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadParameter):
        TeamRules(**wrong)


def test_people_and_rules_are_read_back_as_they_were_published() -> None:
    person = Person("a", "131002", frozenset({"冷链", "酒"}), DAY, None, frozenset({"x"}), frozenset({"z", "y"}), 3)
    rules = TeamRules(3, "冷链", True, "0.7", own_width=6, limit=9)

    assert person_in(json.loads(json.dumps(person.as_list()))) == person
    assert team_rules_in(json.loads(json.dumps(rules.as_json()))) == rules
