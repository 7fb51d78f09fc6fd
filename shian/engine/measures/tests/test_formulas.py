"""Formulas over measures."""

from decimal import Decimal

import pytest

from shian.engine.measures.formulas import FormulaInvalid, Operand, compute, operands, parse_formula

VALUES = {"a.x": Decimal(10), "a.y": Decimal(4), "a.zero": Decimal(0), "a.none": None}


def value(text):
    return compute(parse_formula(text), lambda operand: VALUES[operand.key])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.x + a.y * 2", 18),
        ("(a.x + a.y) * 2", 28),
        ("a.x - a.y - 1", 5),
        ("a.x / a.y", Decimal("2.5")),
        ("-a.y + a.x", 6),
        ("a.x * 0.5", 5),
    ],
)
def test_signs_bind_as_in_arithmetic(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize("text", ["a.x + a.none", "a.x / a.zero", "a.none * a.zero"])
def test_nothing_and_division_by_zero_give_nothing(text):
    assert value(text) is None


def test_operands_carry_their_shift_or_fixed_period():
    found = list(operands(parse_formula("a.x@-2y - a.y@2019 + a.y@2022Q3 / a.x@+1y")))

    assert found == [Operand("a.x", -2), Operand("a.y", 0, "2019"), Operand("a.y", 0, "2022Q3"), Operand("a.x", 1)]


@pytest.mark.parametrize("text", ["", "a.x +", "(a.x", "a.x a.y", "a.x & a.y", "2 **", "x"])
def test_a_broken_formula_is_refused(text):
    with pytest.raises(FormulaInvalid):
        parse_formula(text)
