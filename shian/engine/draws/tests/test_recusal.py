"""Who may go where."""

from datetime import date

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
)

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
    person = Person("a", area="131002101", declared=frozenset({"tied"}))
    rules = TeamRules(own_width=6)

    assert barrier(person, Place("x", "131003"), rules) is None
    assert barrier(person, Place("x", "131002202"), rules) == Barrier.OWN_AREA
    assert barrier(person, Place("x", "131003", frozenset({"a"})), rules) == Barrier.LAST_TIME
    assert barrier(person, Place("tied", "131003"), rules) == Barrier.DECLARED
    waived = TeamRules(avoids_last=False)
    assert barrier(person, Place("x", "131002202", frozenset({"a"})), waived) is None
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
