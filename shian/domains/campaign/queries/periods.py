"""Periods of the dynamic evaluation in words."""

from django.utils.translation import gettext as _


def period_text(period: str) -> str:
    """A month or quarter in words; anything else as it is written."""
    if "Q" in period:
        return _("%(year)s年第%(quarter)s季度") % {"year": period[:4], "quarter": period[5]}
    if len(period) == 6:
        return _("%(year)s年%(month)s月") % {"year": period[:4], "month": int(period[4:])}
    return period
