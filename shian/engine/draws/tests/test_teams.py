"""Teams over drawn places: whole wherever that is possible, nobody where they are barred, loads as even as can be."""

from collections import Counter
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shian.engine.draws.rules.recusal import Barrier, Person, Place, TeamRules, barrier, is_certified
from shian.engine.draws.rules.teams import (
    BadPeople,
    NoTeam,
    Pool,
    draw_teams,
    people_digest,
    people_of,
    short_places,
    stand_in_team,
)

DAY = date(2026, 11, 21)
KEY = "3341.62/9.18.26.34.41.45./"
PLACES = [Place(f"p{number}", f"13100{2 + number % 2}") for number in range(4)]


def pool(people: list[Person], rules: TeamRules | None = None, key: str = KEY) -> Pool:
    return Pool(people_of(people), rules or TeamRules(), DAY, key)


def crowd(size: int, **told: object) -> list[Person]:
    return [Person(f"a{number:02}", **told) for number in range(size)]  # type: ignore[arg-type]


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Person], list[Place], TeamRules]:
    """Small cases with every rule, many of them impossible."""
    places = PLACES[: draw(st.integers(1, 4))]
    some = st.frozensets(st.sampled_from([place.key for place in places]), max_size=2)
    people = [
        Person(
            f"a{number}", draw(st.sampled_from(["", "131002", "131003"])), declared=draw(some), last=draw(some),
            certified_to=draw(st.sampled_from([None, DAY])), limit=draw(st.sampled_from([None, None, 1, 2])),
        )
        for number in range(draw(st.integers(1, 5)))
    ]  # fmt: skip
    rules = TeamRules(
        size=draw(st.integers(1, 3)), certified=draw(st.sampled_from(["0", "0.5", "1"])),
        avoids_last=draw(st.booleans()), own_width=draw(st.sampled_from([0, 6])), limit=draw(st.sampled_from([0, 2])),
    )  # fmt: skip
    return people, places, rules


def ways(people: list[Person], place: Place, rules: TeamRules) -> list[tuple[str, ...]]:
    """Every team that the rules allow for one place."""
    able = [person for person in people if barrier(person, place, rules) is None]
    return [
        tuple(person.key for person in team)
        for team in combinations(able, rules.size)
        if sum(is_certified(person, DAY) for person in team) >= rules.certified_seats
    ]


def smallest_load(people: list[Person], places: list[Place], rules: TeamRules) -> int | None:
    """The smallest largest load over all ways there are; None when there is none."""
    limits = {one.key: min(one.limit or 99, rules.limit or 99) for one in people}
    found = []
    for teams in product(*(ways(people, place, rules) for place in places)):
        loads = Counter(one for team in teams for one in team)
        if all(load <= limits[one] for one, load in loads.items()):
            found.append(max(loads.values()))
    return min(found, default=None)


@settings(max_examples=150, deadline=None)
@given(cases(), st.text("ABC0123456789", min_size=1, max_size=5))
def test_teams_are_found_exactly_where_there_is_a_way_and_with_the_smallest_load(
    case: tuple[list[Person], list[Place], TeamRules], key: str
) -> None:
    people, places, rules = case
    best = smallest_load(people, places, rules)

    if best is None:
        with pytest.raises(NoTeam):
            draw_teams(pool(people, rules, key), places)
        return
    teams = draw_teams(pool(people, rules, key), places)
    assert all(teams[place.key] in ways(people, place, rules) for place in places)
    assert max(Counter(one for team in teams.values() for one in team).values()) == best


def test_the_same_key_draws_the_same_teams_and_another_key_others() -> None:
    people, places = crowd(12), [Place(f"p{number}") for number in range(30)]
    teams = draw_teams(pool(people), places)

    assert draw_teams(pool(people[::-1]), places[::-1]) == teams
    assert draw_teams(pool(people, key="1./"), places) != teams
    assert set(Counter(one for team in teams.values() for one in team).values()) == {5}
    assert len(set(teams.values())) > 15  # pairs vary: who goes with whom is drawn too


def test_everybody_has_about_the_same_chance() -> None:
    """Pearson's statistic over ten people and 2,000 keys: 27.9 is its 99.9 % quantile for 9 degrees of freedom."""
    people = crowd(10)
    counts = Counter(draw_teams(pool(people, key=f"{number}./"), [Place("p")])["p"][0] for number in range(2_000))
    counts += Counter(draw_teams(pool(people, key=f"{number}./"), [Place("p")])["p"][1] for number in range(2_000))

    assert sum((counts[one.key] - 400) ** 2 / 400 for one in people) < 27.9


def test_what_keeps_everybody_away_is_told_by_name() -> None:
    people = [
        Person("expert", specialities=frozenset({"冷链"}), assessed_to=DAY),
        Person("busy", specialities=frozenset({"冷链"}), assessed_to=DAY, limit=0),
        Person("tied", specialities=frozenset({"冷链"}), assessed_to=DAY, declared=frozenset({"p"})),
        Person("late", specialities=frozenset({"冷链"}), assessed_to=date(2026, 11, 20)),
        Person("other", assessed_to=DAY),
    ]
    with pytest.raises(NoTeam) as refused:
        draw_teams(pool(people, TeamRules(speciality="冷链", needs_assessment=True)), [Place("p")])

    assert (refused.value.place, refused.value.missing) == ("p", 1)
    assert refused.value.barriers == {
        "busy": Barrier.FULL, "tied": Barrier.DECLARED, "late": Barrier.EXPIRED, "other": Barrier.SPECIALITY,
    }  # fmt: skip


def test_a_seat_for_the_certified_is_not_taken_by_others() -> None:
    with pytest.raises(NoTeam) as refused:
        draw_teams(pool(crowd(4), TeamRules(certified="0.5")), [Place("p")])

    assert set(refused.value.barriers.values()) == {Barrier.UNCERTIFIED}
    assert refused.value.missing == 1


def test_a_place_without_candidates_is_found_before_the_draw() -> None:
    people = [*crowd(1, area="131002"), Person("b", "131003", declared=frozenset({"p9"})), Person("c", "131003")]
    places = [Place("p1", "131002"), Place("p2", "131003"), Place("p9", "131004")]

    (found,) = short_places(pool(people, TeamRules(own_width=6)), places)

    assert (found.place, found.missing) == ("p2", 1)
    assert found.barriers == {"b": Barrier.OWN_AREA, "c": Barrier.OWN_AREA}
    short = short_places(pool(people, TeamRules(size=3, own_width=6)), [Place("p8", "131004"), places[2]])
    assert [each.place for each in short] == ["p9"]
    (two,) = short_places(pool(people, TeamRules(certified="0.5")), [Place("p8")])
    assert (two.missing, set(two.barriers.values())) == (1, {Barrier.UNCERTIFIED})
    (due,) = short_places(pool(people, TeamRules(size=1, certified="1")), [Place("p8")])
    assert (due.missing, set(due.barriers.values())) == (1, {Barrier.UNCERTIFIED})


def test_a_stand_in_keeps_the_team_but_for_those_who_are_barred_from_it() -> None:
    people = [*crowd(3), Person("b", declared=frozenset({"new"})), Person("c", limit=1)]
    teams = {"old": ("a00", "b"), "p2": ("a01", "c"), "p3": ("a01", "a02")}

    assert stand_in_team(pool(people), Place("new"), "old", teams) == ("a00", "a02")
    assert stand_in_team(pool(people[:3]), Place("new"), "p2", {"p2": ("a01", "a02")}) == ("a01", "a02")
    tied = [Person("b", declared=frozenset({"new"})), *crowd(1), Person("c", limit=1)]
    with pytest.raises(NoTeam):
        stand_in_team(pool(tied), Place("new"), "old", {"old": ("a00", "b"), "p2": ("a00", "c")})


def test_people_are_frozen_by_key_and_once() -> None:
    people = crowd(3)

    assert people_digest(people_of(people[::-1])) == people_digest(people)
    assert people_digest(people[:2]) != people_digest(people)
    for wrong, name in (([], ""), ([*people, people[1]], "a01")):
        with pytest.raises(BadPeople, match=f"^{name}$"):
            people_of(wrong)


def test_a_whole_city_gets_its_teams_within_seconds() -> None:
    places = [Place(f"p{number:05}", f"1310{number % 10:02}") for number in range(1_351)]
    people = [
        Person(f"a{number:03}", f"1310{number % 10:02}", certified_to=DAY if number % 10 < 8 else None)
        for number in range(300)
    ]
    teams = draw_teams(pool(people, TeamRules(certified="0.5", own_width=6)), places)

    loads = Counter(one for team in teams.values() for one in team)
    assert (len(teams), max(loads.values())) == (1_351, 10)
