"""What the reader of a figure asked for through the URL."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.measures.declarations import Measure, measure
from shian.engine.measures.queries import DayToCome, refuse_days_to_come, refuse_out_of_reach
from shian.engine.measures.rules import PeriodInvalid
from shian.kernel.scope.rules import code_of_key, key_of_code
from shian.kernel.ui.pieces import Filter, FilterBar, picked_area
from shian.registers.areas.queries import home_key
from shian.registers.areas.tables import area_picker


@dataclass(frozen=True)
class FigureQuery:
    """Measure, area key, date and period, all checked; `problem` says why a period or a date is not usable."""

    measure: Measure
    area: str
    as_of: date
    period: str = ""
    problem: str = ""

    @classmethod
    def read(cls, request: HttpRequest, key: str) -> "FigureQuery":
        """Raises Http404 for an unknown measure or area, OutOfReach for an area beyond the user's reach."""
        try:
            found = measure(key)
        except LookupError:
            raise Http404(key) from None
        asked = _day(request.GET.get("as_of", ""))
        as_of = min(asked, timezone.localdate())
        area = _area(request, as_of)
        refuse_out_of_reach(key, area, request.user)
        period, problem = request.GET.get("period", "").strip(), ""
        if period and found.period == "none":
            period = ""
        try:
            refuse_days_to_come(asked, period)
        except PeriodInvalid:
            wanted = _("“%(period)s”不是期间：请写 2022、2022S1、2022Q3、202211 或 2022-01-01/2022-06-30。")
            period, problem = "", wanted % {"period": period}
        except DayToCome as error:
            period, problem = "", str(error)
        return cls(found, area, as_of, period, problem)

    def url(self, name: str = "figures:figure_detail", **changes: str) -> str:
        """The same figure elsewhere: `area` (a key), `as_of`, `period`, `side`, `key`."""
        key = changes.pop("key", self.measure.key)
        area = code_of_key(changes.pop("area", self.area))
        values = {"area": area, "as_of": self.as_of.isoformat(), "period": self.period, **changes}
        return f"{reverse(name, args=[key])}?{urlencode({k: v for k, v in values.items() if v})}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


def _area(request: HttpRequest, as_of: date) -> str:
    """The picked area: a code in a link, keys from the cascade; the user's home when nothing is picked."""
    values = [value for value in request.GET.getlist("area") if value]
    if not values:
        return home_key(request.user, as_of)
    try:
        return key_of_code(picked_area([key_of_code(value) for value in values]))
    except ValueError:
        raise Http404(values[0]) from None


def filter_bar(query: FigureQuery, user: Any) -> FilterBar:
    """Area cascade, as-of date and, where the measure has days, the period."""
    filters = [Filter("as_of", _("数据时点"), "date", value=query.as_of.isoformat())]
    if query.measure.period != "none":
        filters.append(Filter("period", _("期间"), "text", value=query.period, placeholder=_("2022、2022Q3、202211")))
    return FilterBar(filters, area=area_picker(user, query.area, query.as_of))
