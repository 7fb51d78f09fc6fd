"""The one rule of figures."""

from decimal import Decimal

import pytest

from shian.kernel.ui.figures import figure_number, figure_text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Decimal(64098), None, "64,098"),
        (Decimal("9.7826"), 2, "9.78"),
        (Decimal("9.785"), 2, "9.79"),
        (Decimal("553.8200"), None, "553.82"),
        (Decimal("80.0000"), None, "80"),
        (Decimal("85.04"), 1, "85"),
        (Decimal("97.58064516"), 1, "97.6"),
        (Decimal("97.58064516"), 2, "97.58"),
        (Decimal("100.00"), 2, "100"),
        (Decimal("1E+2"), None, "100"),
        (Decimal("12.5"), 0, "13"),
        (Decimal("-0.004"), 2, "0"),
        (Decimal("-1600.50"), 1, "-1,600.5"),
        (0, None, "0"),
        (None, None, ""),
    ],
)
def test_a_figure_groups_thousands_and_rounds_half_up(value, decimals, text):
    assert figure_number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (Decimal("97.58064516"), "%", 1, "97.6%"),
        (Decimal("100.0"), "%", 1, "100%"),
        (64098, "家", 0, "64,098家"),
        (Decimal("12.42"), "个百分点", 2, "12.42个百分点"),
        (Decimal("553.82"), "10 000 persons", 2, "553.82 10 000 persons"),
        (Decimal("2.5"), "points", 1, "2.5 points"),
        (3, "", None, "3"),
        (None, "家", 0, ""),
    ],
)
def test_the_unit_follows_at_once_but_for_latin_words(value, unit, decimals, text):
    assert figure_text(value, unit, decimals) == text
