"""How values read on a page: numbers, rates, dates, weeks. Pure; templates and tables share it."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext

from shian.kernel.ui.figures import figure_text

DASH = "—"
NUMBERS = (int, float, Decimal)


def _decimal(value: object) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        exact = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def spoken(unit: object) -> object:
    """The unit that stands beside a figure; "" for a bare counter (个、条、份) where it is no word: 3, not 3 in all."""
    bare = gettext("个")
    return "" if bare != "个" and str(unit) == bare else unit


def number_text(value: object, decimals: int | None = None) -> str:
    """64,098 or 1,234.50; a dash for nothing. Without `decimals` a value keeps the decimals that it has."""
    if decimals is None and type(value) is int:
        return f"{value:,}"
    exact = _decimal(value)
    if exact is None:
        return DASH if value is None or value == "" else str(value)
    if decimals is None:
        if exact == exact.to_integral_value():
            exact = exact.to_integral_value()
        return f"{exact:,f}"
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{abs(rounded) if rounded.is_zero() else rounded:,f}"


def percent_text(part: object, whole: object, decimals: int = 1) -> str:
    """99.6%, half up; never 100% while something is missing and never 0% while something is there."""
    above, below = _decimal(part), _decimal(whole)
    if above is None or not below:
        return DASH
    step = Decimal(1).scaleb(-decimals)
    ratio = (above * 100 / below).quantize(step, ROUND_HALF_UP)
    if ratio == 100 and above < below:
        ratio = 100 - step
    elif ratio == 0 and above > 0:
        ratio = step
    return figure_text(ratio, "%")


def rate_text(part: object, whole: object, decimals: int = 1) -> str:
    """717 / 720 · 99.6%: a rate always shows what it is made of."""
    if part is None or whole is None:
        return DASH
    return f"{made_of_text(part, whole)} · {percent_text(part, whole, decimals)}"


def made_of_text(part: object, whole: object) -> str:
    """717 / 720, beside a figure that says the rate itself."""
    return DASH if part is None or whole is None else f"{number_text(part)} / {number_text(whole)}"


def difference_unit(unit: str) -> str:
    """The unit of a difference of two values: percentages differ by 个百分点, all others by their own unit."""
    return gettext("个百分点") if unit == "%" else unit


def date_text(value: date | datetime | None) -> str:
    """2026-11-21, in the local time zone."""
    if not value:
        return DASH
    if isinstance(value, datetime):
        value = _local(value)
    return value.strftime("%Y-%m-%d")


def time_text(value: datetime | None) -> str:
    """14:05, in the local time zone."""
    return _local(value).strftime("%H:%M") if value else DASH


def moment_text(value: datetime | None) -> str:
    """2026-11-21 14:05, in the local time zone."""
    return _local(value).strftime("%Y-%m-%d %H:%M") if value else DASH


def week_text(value: date | datetime | None) -> str:
    """2026年第47周 by ISO 8601, so the year is the year of the week."""
    if not value:
        return DASH
    year, week, _day = (_local(value) if isinstance(value, datetime) else value).isocalendar()
    return gettext("%(year)s年第%(week)s周") % {"year": year, "week": week}


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
