"""How a quarter moves: visits by day, completion by quarter, as charts."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from shian.domains.duties.queries.coverage import Coverage, closed_quarters, visits_by_day
from shian.domains.duties.rules.visits import Quarter
from shian.kernel.ui.charts import Chart, Series

DAYS, QUARTERS = 14, 5


def charts_of(area: str, quarter: Quarter, day: date, whole: Coverage) -> list[Chart]:
    """The last days up to the day; the quarter, which came to `whole`, beside those that were closed before it. Without
    anything to show: none.

    For whoever reaches the area: the caller has looked."""
    return [chart for chart in (_by_day(area, quarter, day), _by_quarter(area, quarter, whole)) if chart]


def _by_day(area: str, quarter: Quarter, day: date) -> Chart | None:
    first = max(quarter.first, day - timedelta(days=DAYS - 1))
    made = visits_by_day(area, first, day)
    if not any(made.values()):
        return None
    days, counts = [f"{each:%m-%d}" for each in made], list(made.values())
    return Chart(
        "visits-by-day", _("每天督导"), days, [Series(_("督导次数"), counts)],
        unit=_("次"), x_title=_("日期"), y_title=_("督导次数"),
    )  # fmt: skip


def _by_quarter(area: str, quarter: Quarter, whole: Coverage) -> Chart | None:
    told = [*closed_quarters(area, quarter.first, QUARTERS), (quarter.key, whole)]
    if len(told) < 2:
        return None
    rates = [round(100 * each.visited / each.in_force, 1) if each.in_force else None for _key, each in told]
    return Chart(
        "quarters", _("各季度督导完成率"), [key for key, _found in told], [Series(_("督导完成率"), rates)], unit="%",
        x_title=_("季度"), y_title=_("督导完成率"),
    )  # fmt: skip
