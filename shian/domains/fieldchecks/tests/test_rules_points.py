"""How far a point is."""

from datetime import date

import pytest

from shian.domains.fieldchecks.rules.points import Days, earliest, next_steps, state_of

A, B, C, D, E = (date(2022, month, 1) for month in (5, 6, 7, 8, 9))


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (Days(A), "listed"),
        (Days(A, B), "prepared"),
        (Days(A, B, C), "checked"),
        (Days(A, None, C), "checked"),
        (Days(A, B, C, D), "ready"),
        (Days(A, B, C, D, E), "withdrawn"),
    ],
)
def test_the_last_day_decides_the_state(days, state):
    assert state_of(days) == state


def test_a_ready_point_can_only_go_back_to_checked():
    assert next_steps("ready") == ("checked",)
    assert next_steps("withdrawn") == ()


@pytest.mark.parametrize(
    ("step", "days", "first"),
    [("prepared", Days(A), A), ("checked", Days(A, B), B), ("checked", Days(A), A), ("ready", Days(A, B, C), C)],
)
def test_a_step_is_not_dated_before_what_it_follows(step, days, first):
    assert earliest(step, days) == first
