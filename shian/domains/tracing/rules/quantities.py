"""Kilograms in words."""

from decimal import Decimal


def kilos(value: Decimal) -> str:
    """Without zeros that say nothing: Decimal("40.00") is "40"."""
    return f"{value.normalize():f}"
