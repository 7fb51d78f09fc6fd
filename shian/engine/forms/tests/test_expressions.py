"""The subset of XPath: what is read, what it says, what is refused."""

import contextlib
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shian.engine.forms.expressions import Around, NotUnderstood, evaluate, parse

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ANSWERS: dict[str, Any] = {"a": 5, "b": "pass", "c": ["x", "y"], "d": "2026-11-20", "e": None}


def said(text: str, own: Any = None) -> Any:
    return evaluate(parse(text), Around(ANSWERS.get, NOW, own))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1 + 2 * 3 - 4 div 2", 5.0),
        ("7 mod 4 = 3", True),
        ("-${a} + 6", 1.0),
        ("${a} > 3 and ${b} = 'pass'", True),
        ("${a} > 3 and (${b} = 'fail' or ${a} < 5)", False),
        ("${b} != 'fail'", True),
        ("selected(${c}, 'y') and not(selected(${c}, 'z'))", True),
        ("count-selected(${c})", 2.0),
        ("${e} = ''", True),
        ("${e} > 3", False),
        ("coalesce(${e}, 'none')", "none"),
        ("if(${a} > 3, 'many', 'few')", "many"),
        ("string-length(${b})", 4.0),
        ("${d} <= today()", True),
        ("round(2.345, 2)", 2.35),
        ("concat('a', 1, ${b})", "a1pass"),
        ("max(0, 10 - min(6, 3 * ${a}))", 4.0),
        ("1 div 0 > 1", False),
        ("true() and not(false())", True),
    ],
)
def test_expressions_say_what_xpath_says(text: str, answer: Any) -> None:
    assert said(text) == answer


def test_a_point_is_the_answer_itself() -> None:
    assert said(". >= 0 and . <= 10", 7) is True
    assert said(". >= 0 and . <= 10", 11) is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "${a",
        "pulldata('x')",
        "/data/a",
        "a",
        "'open",
        "(1",
        "selected(${a})",
        "1 2",
        "position(..)",
        "(" * 40,
    ],
)
def test_what_is_outside_the_subset_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(text)


def test_names_of_an_expression() -> None:
    assert set(parse("if(${a} > 1, ${b}, concat(${c}, 'x'))").names()) == {"a", "b", "c"}


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_sums_are_those_of_numbers(one: float, two: float) -> None:
    around = Around({"x": one, "y": two}.get, NOW)

    assert math.isclose(evaluate(parse("${x} + ${y}"), around), one + two, abs_tol=1e-9)
    assert evaluate(parse("${x} < ${y}"), around) is (one < two)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(NotUnderstood):
        parse(text)
