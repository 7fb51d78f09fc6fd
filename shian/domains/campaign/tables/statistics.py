"""How the rates of units look; every number opens the list that it is the length of."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import WeekReport
from shian.domains.campaign.queries.statistics import Rate, UnitRates
from shian.kernel.ui.states import OVERDUE
from shian.kernel.ui.tables import Cell, Column, Row

RATES = (
    Column("unit", gettext_lazy("单位"), is_wide=True, is_fixed=True),
    Column("items", gettext_lazy("达标率"), kind="rate"),
    Column("cases", gettext_lazy("办结率"), kind="rate"),
    Column("cases_open", gettext_lazy("未办结"), kind="number", unit=gettext_lazy("件")),
    Column("overdue", gettext_lazy("逾期"), kind="number", unit=gettext_lazy("件")),
    Column("weeks", gettext_lazy("周台账填报率"), kind="rate"),
    Column("closed_now", gettext_lazy("近七日办结"), kind="number", unit=gettext_lazy("件")),
    Column("delta", gettext_lazy("比前七日"), kind="number"),
)
REPORTS = (
    Column("monday", gettext_lazy("周"), kind="week", is_fixed=True),
    Column("state", gettext_lazy("状态")),
    Column("filed_at", gettext_lazy("填报时间"), kind="moment"),
)


def rates_row(rates: UnitRates, seen_at: dict[str, str]) -> Row:
    """A unit; rates open what they are a share of, counts what they count."""
    unit = rates.unit
    items = f"{reverse('campaign:progress_detail', args=[unit.kind, unit.audience])}?{urlencode(seen_at)}"
    cases, weeks = _cases(rates.code), reverse("campaign:filing_list", args=[rates.code]) if rates.code else ""
    return Row(
        {
            "unit": unit.name,
            "items": Cell(_pair(rates.items), url=items),
            "cases": Cell(_pair(rates.cases), url=cases),
            "cases_open": Cell(rates.cases.whole - rates.cases.part, url=_cases(rates.code, "open")),
            "overdue": Cell(rates.overdue, url=_cases(rates.code, "overdue"), state=OVERDUE if rates.overdue else ""),
            "weeks": Cell(_pair(rates.weeks), url=weeks),
            "closed_now": rates.closed_now,
            "delta": f"{rates.delta:+d}" if rates.delta else 0,
        },
        key=rates.code,
        state=OVERDUE if rates.overdue else "",
    )


def _pair(rate: Rate) -> tuple[int, int] | None:
    return (rate.part, rate.whole) if rate.whole else None


def _cases(code: str, standing: str = "") -> str:
    """The list of a unit's cases of every type."""
    if not code:
        return ""
    asked = {"whose": "all", "unit": code, **({"standing": standing} if standing else {})}
    return f"{reverse('cases:case_list')}?{urlencode(asked)}"


def filing_row(report: WeekReport) -> Row:
    """One week of a unit."""
    is_filed = bool(report.filed_at)
    label = report.get_state_display() if is_filed else _("未报")
    return Row(
        {"monday": report.week.monday, "state": Cell(label, state="done" if is_filed else OVERDUE),
         "filed_at": report.filed_at},
        url=reverse("campaign:report_detail", args=[report.pk]), key=str(report.pk),
    )  # fmt: skip
