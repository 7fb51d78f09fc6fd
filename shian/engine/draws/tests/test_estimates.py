"""Estimates against values computed by hand and against simulated samples."""

from random import Random

import pytest

from shian.engine.draws.rules.estimates import NotEstimable, Part, mean, rate, visits_to_halve


def passes(passed: int, visited: int) -> list[bool]:
    return [True] * passed + [False] * (visited - passed)


def test_a_simple_sample_of_a_huge_population_has_wilsons_interval() -> None:
    """81 of 263: Newcombe (1998) gives 0.2553 to 0.3662 for Wilson's score method."""
    found = rate([Part("a", 10**9, passes(81, 263))])

    assert (found.low, found.high) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))


def test_a_finite_population_narrows_the_interval_and_a_census_closes_it() -> None:
    """40 of 50 among 100: n* = 50 × 99 ÷ 50 = 99; by hand 0.8 ± about 0.078, centred at 0.7888."""
    found = rate([Part("a", 100, passes(40, 50))])
    assert (found.low, found.high) == (pytest.approx(0.7107, abs=1e-4), pytest.approx(0.8669, abs=1e-4))

    census = rate([Part("a", 50, passes(40, 50))])
    assert (census.low, census.value, census.high) == (0.8, 0.8, 0.8)


def test_strata_are_weighted_by_their_population() -> None:
    """Shares 0.75 and 0.25: 0.75 × 0.9 + 0.25 × 0.5 = 0.8. Means: 0.75 × 90 + 0.25 × 70 = 85."""
    parts = [Part("a", 300, passes(9, 10), [88, 92] * 5), Part("b", 100, passes(5, 10), [60, 80] * 5)]

    assert rate(parts).value == pytest.approx(0.8)
    found = mean(parts)
    # s² = 40/9 and 1000/9; variance 0.5625 × 29/30 × 4/9 + 0.0625 × 0.9 × 100/9 = 0.24167 + 0.625
    assert (found.value, found.half_width) == (pytest.approx(85), pytest.approx(1.959964 * 0.8666667**0.5))
    assert (found.visited, found.population) == (20, 400)


def test_parts_that_all_passed_still_have_an_interval() -> None:
    found = rate([Part("a", 300, passes(10, 10)), Part("b", 100, passes(10, 10))])

    assert found.value == found.high == pytest.approx(1.0)
    assert 0.7 < found.low < 0.95


def test_a_part_that_nobody_visited_is_named() -> None:
    with pytest.raises(NotEstimable, match="b"):
        rate([Part("a", 10, [True]), Part("b", 5, [])])
    with pytest.raises(NotEstimable):
        mean([])


@pytest.mark.parametrize(("population", "visited", "needed"), [(10**9, 100, 400), (100, 20, 50), (100, 100, 100)])
def test_four_times_the_visits_halve_the_interval_less_where_the_population_ends(
    population: int, visited: int, needed: int
) -> None:
    """1/20 - 1/100 = 0.04; a quarter is 0.01; 1 ÷ (0.01 + 0.01) = 50."""
    assert visits_to_halve(population, visited) == needed


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    random = Random(7)
    whole = {"a": (400, 0.9), "b": (150, 0.6), "c": (60, 0.75)}
    units = {name: [random.random() < share for _ in range(size)] for name, (size, share) in whole.items()}
    points = {name: [70 + 20 * passed + random.gauss(0, 5) for passed in found] for name, found in units.items()}
    truth = sum(map(sum, units.values())) / 610
    middle = sum(map(sum, points.values())) / 610
    held = [0, 0]
    for _time in range(1000):
        parts = []
        for name, (size, _share) in whole.items():
            taken = random.sample(range(size), -(-size // 5))
            parts.append(Part(name, size, [units[name][k] for k in taken], [points[name][k] for k in taken]))
        held[0] += (found := rate(parts)).low <= truth <= found.high
        held[1] += (found := mean(parts)).low <= middle <= found.high

    assert 920 <= held[0] <= 985
    assert 915 <= held[1] <= 985
