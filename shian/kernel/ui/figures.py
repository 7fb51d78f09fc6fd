"""How a figure is written wherever it stands by itself: pages, reports, command line, exports. Pure.

One rule: thousands separated, at most the decimals that its measure declares, half up, no trailing zeros (100%, not
100.0%), the unit at once behind: 97.6%, 64,098家, 553.82万人. Only a unit in Latin letters or with digits keeps a space
(553.82 10 000 persons). In a column of one measure the decimals are padded instead, so that the points stand beneath
each other (formats.number_text).
"""

from decimal import ROUND_HALF_UP, Decimal


def figure_number(value: Decimal | int | None, decimals: int | None = None) -> str:
    """64,098 or 9.78; "" for nothing. Without `decimals` nothing is rounded."""
    if value is None:
        return ""
    exact = Decimal(value)
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    exact = exact.to_integral_value() if exact == exact.to_integral_value() else exact.normalize()
    return f"{abs(exact) if exact.is_zero() else exact:,f}"


def figure_text(value: Decimal | int | None, unit: str = "", decimals: int | None = None) -> str:
    """The number with its unit; "" for nothing."""
    return "" if value is None else f"{figure_number(value, decimals)}{gap_before(unit)}{unit}"


def gap_before(unit: str) -> str:
    """A space before a Latin word or a digit, nothing before %, ‰ or a Chinese unit."""
    return " " if unit[:1].isascii() and unit[:1].isalnum() else ""
