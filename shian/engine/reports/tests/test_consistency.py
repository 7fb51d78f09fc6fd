"""Checks between figures: exact arithmetic, violated ones shown, missing ones said."""

from datetime import date
from decimal import Decimal

import pytest

from shian.engine.reports import consistency
from shian.engine.reports.binding import Reading
from shian.engine.reports.consistency import (
    SATISFIED,
    UNKNOWN,
    VIOLATED,
    ExpressionInvalid,
    consistency_tables,
    evaluate,
    outcome,
)

VALUES = {"A": Decimal(2300), "B": Decimal(2075), "CUT": Decimal(225)}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("A - B", "225"),
        ("round((A - B) / A * 100, 2)", "9.78"),
        ("abs(B - A) + 0.5", "225.5"),
        ("38", "38"),
    ],
)
def test_expressions_are_exact(expression, value):
    assert evaluate(expression, VALUES) == Decimal(value)


@pytest.mark.parametrize("expression", ["A ** 2", "__import__('os')", "A.real", "pow(A, 2)", "'A'"])
def test_expressions_are_arithmetic_only(expression):
    with pytest.raises(ExpressionInvalid):
        evaluate(expression, VALUES)


@pytest.mark.parametrize(
    ("check", "word"),
    [
        ({"expr": "A - B", "op": "==", "rhs": "CUT"}, SATISFIED),
        ({"expr": "A - B", "op": "==", "rhs": 226}, VIOLATED),
        ({"expr": "A - B", "op": "==", "rhs": 226, "tolerance": 1}, SATISFIED),
        ({"expr": "A", "op": ">=", "rhs": "B"}, SATISFIED),
        ({"expr": "A", "op": "<=", "rhs": "B"}, VIOLATED),
        ({"expr": "A - UNKNOWN", "op": "==", "rhs": 0}, UNKNOWN),
        ({"expr": "A / (A - A)", "op": "==", "rhs": 0}, UNKNOWN),
    ],
)
def test_a_violated_check_is_called_violated_and_a_missing_figure_missing(check, word):
    assert outcome(check, VALUES)[2] == word


def test_the_annexes_of_the_city_name_checks_and_contradictions_up_to_the_date(settings, monkeypatch):
    settings.SHIAN_CITY = "langfang"

    def wrong_by_one(asked, as_of):
        value = {"operators.total": 64099, "operators.producers": 474}
        untiered = [each for each in asked if each.measure.startswith("duty_tiers.")]  # no rows yet
        return {each: Reading(each.measure, "", Decimal(value.get(each.measure, 0))) for each in asked} | {
            each: Reading(each.measure, "", None) for each in untiered
        }

    monkeypatch.setattr(consistency, "read_figures", wrong_by_one)

    checks, contradictions = consistency_tables("131000", date(2022, 11, 24))

    by_id = {row[0]: row for row in checks.rows}
    assert by_id["K01"][2:] == ["474", "=", "64,099", VIOLATED]
    assert by_id["K03"][-1] == UNKNOWN
    assert "K09" not in by_id
    assert "X05" in {row[0] for row in contradictions.rows}
    assert "X01" not in {row[0] for row in contradictions.rows}


def test_another_area_has_no_such_annexes(settings):
    settings.SHIAN_CITY = "langfang"

    assert consistency_tables("131002", date(2022, 11, 24)) == []
