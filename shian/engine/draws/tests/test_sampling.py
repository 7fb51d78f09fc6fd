"""Shares, reserves and replacements over made-up frames."""

import hashlib
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shian.engine.draws.rules.sampling import (
    BadFrame,
    BadParameter,
    Cell,
    FrameRow,
    MissingWeight,
    NoReserve,
    NotDrawn,
    Parameters,
    Replacement,
    Rounding,
    draw,
    final_sample,
    frame_digest,
    frame_of,
    next_reserve,
    rounded,
)

KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"
SIZES = st.dictionaries(st.sampled_from(["餐饮", "生产", "流通", "食堂"]), st.integers(1, 120), min_size=1)


def frame(sizes: dict[str, int], grades: str = "") -> list[FrameRow]:
    return frame_of(
        FrameRow(f"{stratum}-{number:04}", stratum, grades[number % len(grades)] if grades else "")
        for stratum, size in sizes.items()
        for number in range(size)
    )


@given(SIZES, st.integers(1, 100))
def test_rounding_up_never_draws_less_than_the_share(sizes: dict[str, int], percent: int) -> None:
    cells = draw(frame(sizes), Parameters(f"{percent / 100:.2f}"), KEY)

    assert {cell.stratum: cell.population for cell in cells} == sizes
    for cell in cells:
        assert len(cell.drawn) * 100 >= cell.population * percent
        assert (len(cell.drawn) - 1) * 100 < cell.population * percent


@given(SIZES, st.integers(1, 100), st.sampled_from([Rounding.HALF_UP, Rounding.HALF_EVEN]))
def test_rounding_to_the_nearest_is_at_most_half_a_unit_off(
    sizes: dict[str, int], percent: int, rule: Rounding
) -> None:
    for cell in draw(frame(sizes), Parameters(f"{percent / 100:.2f}", rule), KEY):
        assert abs(len(cell.drawn) - Fraction(cell.population * percent, 100)) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("rule", "numbers"),
    [
        (Rounding.UP, [1, 1, 2, 3, 3]),
        (Rounding.HALF_UP, [0, 1, 2, 2, 3]),
        (Rounding.HALF_EVEN, [0, 0, 2, 2, 2]),
        (Rounding.DOWN, [0, 0, 1, 2, 2]),
    ],
)
def test_each_rounding_rule_does_what_it_says(rule: Rounding, numbers: list[int]) -> None:
    values = [Fraction(1, 4), Fraction(1, 2), Fraction(3, 2), Fraction(9, 4), Fraction(5, 2)]

    assert [rounded(value, rule) for value in values] == numbers


def test_a_fifth_of_2730_is_546() -> None:
    (cell,) = draw(frame({"全部": 2730}), Parameters("0.2"), KEY)

    assert (len(cell.drawn), cell.population) == (546, 2730)


@given(SIZES, st.integers(0, 30), st.integers(0, 40))
def test_reserves_are_what_a_larger_sample_would_have_drawn_next(
    sizes: dict[str, int], minimum: int, more: int
) -> None:
    few = Parameters("0.2", minimum=minimum, reserves=f"{more / 10}")
    many = Parameters("1", minimum=minimum)
    whole = {cell.stratum: cell.drawn for cell in draw(frame(sizes), many, KEY)}

    for cell in draw(frame(sizes), few, KEY):
        both = cell.drawn + cell.reserves
        assert both == whole[cell.stratum][: len(both)]
        assert len(cell.drawn) >= min(minimum, cell.population)
        assert len(both) == min(cell.population, len(cell.drawn) + -(-len(cell.drawn) * more // 10))


@given(SIZES, SIZES)
def test_a_stratum_does_not_depend_on_the_others(one: dict[str, int], other: dict[str, int]) -> None:
    shared = {"餐饮": 40}
    drawn = [
        next(cell for cell in draw(frame({**sizes, **shared}), Parameters("0.3"), KEY) if cell.stratum == "餐饮")
        for sizes in (one, other)
    ]

    assert drawn[0] == drawn[1]


@given(SIZES, st.randoms())
def test_the_order_in_which_a_frame_comes_changes_nothing(sizes: dict[str, int], order: Random) -> None:
    rows = frame(sizes)
    mixed = list(rows)
    order.shuffle(mixed)

    assert frame_of(mixed) == rows
    assert frame_digest(frame_of(mixed)) == frame_digest(rows)


def test_a_frame_is_hashed_line_by_line() -> None:
    rows = frame_of([FrameRow("b", "餐饮", "A", "131002", "停业"), FrameRow("a", "生产")])
    lines = '["a","生产","","",""]\n["b","餐饮","A","131002","停业"]\n'

    assert frame_digest(rows) == hashlib.sha256(lines.encode()).hexdigest()


@pytest.mark.parametrize("name", ["key", "stratum", "grade", "area", "excluded"])
def test_any_change_of_a_row_changes_the_hash(name: str) -> None:
    values = {"key": "b", "stratum": "餐饮", "grade": "A", "area": "131002", "excluded": ""}
    changed = {**values, name: values[name] + "x"}

    assert frame_digest([FrameRow(**values)]) != frame_digest([FrameRow(**changed)])


def test_a_frame_is_refused_by_the_row_that_is_wrong() -> None:
    with pytest.raises(BadFrame, match=r"^$"):
        frame_of([])
    with pytest.raises(BadFrame, match=r"^twice$"):
        frame_of([FrameRow("twice", "a"), FrameRow("twice", "b"), FrameRow("once", "a")])
    with pytest.raises(BadFrame, match=r"^torn$"):
        frame_of([FrameRow("torn", "a\nb")])


def test_excluded_rows_count_but_are_never_drawn() -> None:
    rows = [FrameRow(f"{n:02}", "餐饮", excluded="样板" if n % 2 else "") for n in range(20)]
    (cell,) = draw(frame_of(rows), Parameters("0.4", reserves="1"), KEY)

    assert (cell.population, cell.eligible, cell.wanted, len(cell.drawn)) == (20, 10, 8, 8)
    assert all(int(key) % 2 == 0 for key in cell.drawn + cell.reserves)
    assert not cell.is_short
    (short,) = draw(frame_of(rows), Parameters("0.9"), KEY)
    assert (short.wanted, len(short.drawn), short.is_short) == (18, 10, True)


def test_shares_follow_the_weights_of_grades() -> None:
    weights = {"A": "0.1", "B": "0.5", "C": "1", "D": "9"}
    cells = draw(frame({"餐饮": 400}, "ABCD"), Parameters("0.3", weights=weights), KEY)

    assert {cell.grade: (len(cell.drawn), cell.population) for cell in cells} == {
        "A": (3, 100), "B": (15, 100), "C": (30, 100), "D": (100, 100),
    }  # fmt: skip


def test_a_grade_without_weight_is_named() -> None:
    with pytest.raises(MissingWeight, match="D"):
        draw(frame({"餐饮": 40}, "ABCD"), Parameters("0.3", weights={"A": "1", "B": "1", "C": "1"}), KEY)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"ratio": "0"}, "ratio"),
        ({"ratio": "1.01"}, "ratio"),
        ({"ratio": "1/5"}, "ratio"),
        ({"ratio": "1e-1"}, "ratio"),
        ({"ratio": "nan"}, "ratio"),
        ({"ratio": "0.2", "minimum": -1}, "minimum"),
        ({"ratio": "0.2", "reserves": "-1"}, "reserves"),
        ({"ratio": "0.2", "weights": {"A": "x"}}, "weights"),
    ],
)
def test_a_parameter_that_cannot_be_followed_is_named(values: dict[str, object], name: str) -> None:
    with pytest.raises(BadParameter, match=name):
        Parameters(**values)  # type: ignore[arg-type]


CELLS = [Cell("餐饮", "", 9, 9, 2, ("a", "b"), ("c", "d", "e")), Cell("生产", "", 2, 2, 1, ("x",), ("y",))]


def test_reserves_step_in_by_their_order_and_can_be_replaced_themselves() -> None:
    first = Replacement("b", next_reserve(CELLS, [], "b"), "停业")
    second = Replacement("c", next_reserve(CELLS, [first], "c"), "搬走")
    third = Replacement("a", next_reserve(CELLS, [first, second], "a"), "停业")

    assert [each.by for each in (first, second, third)] == ["c", "d", "e"]
    assert final_sample(CELLS, [first, second, third]) == ["e", "d", "x"]


def test_reserves_come_from_the_same_cell_and_run_out() -> None:
    gone = Replacement("x", next_reserve(CELLS, [], "x"), "停业")

    assert gone.by == "y"
    with pytest.raises(NoReserve, match="生产"):
        next_reserve(CELLS, [gone], "y")


@pytest.mark.parametrize("key", ["c", "nobody", "b"])
def test_only_who_is_in_the_sample_can_be_replaced(key: str) -> None:
    before = [Replacement("b", "d", "停业")] if key == "b" else []

    with pytest.raises(NotDrawn, match=key):
        next_reserve(CELLS, before, key)
