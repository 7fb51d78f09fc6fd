"""Kilograms in words."""

from decimal import Decimal


def plain(value: Decimal) -> str:
    """For what is kept and read again: Decimal("1040.00") is "1040"."""
    return f"{value.normalize():f}"


def kilos(value: Decimal) -> str:
    """With separators, without zeros that say nothing: Decimal("1040.00") is "1,040"."""
    return f"{value.normalize():,f}"
