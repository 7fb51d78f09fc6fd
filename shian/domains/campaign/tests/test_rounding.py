"""Shown parts add up to the shown total."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shian.domains.campaign.queries.evaluations import Score
from shian.domains.campaign.queries.shown import shown_scores
from shian.domains.campaign.rules.rounding import rounded, shown_grid, shown_parts

POINTS = st.integers(0, 400_000).map(lambda units: D(units) / 10_000)


def test_parts_that_halves_up_would_overdraw_add_up():
    parts = [D("4.6250"), D("4.6250"), D("4.6240")]

    assert sum(map(rounded, parts)) == D("13.88")
    assert shown_parts(parts, sum(parts)) == [D("4.63"), D("4.62"), D("4.62")]
    assert sum(shown_parts(parts, sum(parts))) == rounded(sum(parts)) == D("13.87")


def test_thirds_of_an_item_add_up_to_the_item():
    third = D(1) / 3

    assert shown_parts([third, third, third], D(1)) == [D("0.34"), D("0.33"), D("0.33")]


@given(st.lists(POINTS, max_size=40))
def test_parts_add_up_and_none_moves_by_a_cent_or_more(parts):
    shown = shown_parts(parts, sum(parts, D(0)))

    assert sum(shown, D(0)) == rounded(sum(parts, D(0)))
    assert all(abs(mine - exact) < D("0.01") for mine, exact in zip(shown, parts, strict=True))


@given(st.lists(st.tuples(POINTS, POINTS, POINTS), max_size=6))
def test_columns_of_a_grid_add_up(rows):
    shown = shown_grid(rows)

    for mine, exact in zip(zip(*shown, strict=True), zip(*rows, strict=True), strict=True):
        assert sum(mine) == rounded(sum(exact))


def score(number, possible, earned, decided):
    return Score(number, D(earned), D(possible), D(decided), {}, D(120))


def test_sections_add_up_down_and_across():
    sections = [("30", "20.3333", "25.6667"), ("15", "9.1111", "12.2222"), ("75", "60.1150", "70.5515")]
    rows = {number: score(number, *line) for number, line in enumerate(sections, 1)}
    rows[0] = score(0, *(str(sum(D(line[place]) for line in sections)) for place in range(3)))

    shown = shown_scores(rows)

    for name in ("possible", "earned", "lost", "undecided"):
        assert sum(getattr(shown[number], name) for number in (1, 2, 3)) == getattr(shown[0], name)
    for line in shown.values():
        assert line.earned + line.lost + line.undecided == line.possible
    assert shown[1].possible == 30


def test_where_the_totals_miss_by_a_cent_the_columns_still_add_up():
    rows = {1: score(1, "60.0000", "40.0050", "50.0100"), 2: score(2, "60.0000", "40.0000", "50.0000")}
    rows[0] = score(0, "120.0000", "80.0050", "100.0100")

    shown = shown_scores(rows)

    assert shown[0].earned + shown[0].lost + shown[0].undecided == D("120.01")
    for name in ("possible", "earned", "lost", "undecided"):
        assert getattr(shown[1], name) + getattr(shown[2], name) == getattr(shown[0], name)


@pytest.mark.parametrize("rows", [[], [(D(0), D(0), D(0))]])
def test_nothing_stays_nothing(rows):
    assert shown_grid(rows) == [list(row) for row in rows]
