"""Tables of the veto monitor: the five conditions, and when each changed its state."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import VetoCrossing, WatchState
from shian.domains.campaign.queries.declared import decimals_of_measure
from shian.domains.campaign.queries.vetoes import Counted, Watch, WatchLine
from shian.domains.campaign.tables.results import margin_text, points_text, target_text
from shian.engine.measures.declarations import measure
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.languages import ChineseText
from shian.kernel.ui.states import DONE, DUE, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

STATES: dict[str, str] = {
    WatchState.CLEAR: DONE,
    WatchState.NEAR: DUE,
    WatchState.TRIGGERED: OVERDUE,
    WatchState.UNKNOWN: WAITING,
}
VETOES = (
    Column("title", gettext_lazy("否决情形"), is_fixed=True, is_wide=True),
    Column("state", gettext_lazy("状态"), is_fixed=True),
    Column("value", gettext_lazy("当前值"), align="end"),
    Column("threshold", gettext_lazy("标准"), align="end"),
    Column("margin", gettext_lazy("余量"), align="end"),
    Column("near", gettext_lazy("预警线"), is_wide=True),
    Column("window", gettext_lazy("回看期")),
    Column("reason", gettext_lazy("说明"), is_wide=True),
)
CROSSINGS = (
    Column("at", gettext_lazy("时间"), kind="moment", is_fixed=True),
    Column("title", gettext_lazy("否决情形"), is_wide=True),
    Column("before", gettext_lazy("原状态")),
    Column("after", gettext_lazy("现状态")),
    Column("value", gettext_lazy("当时数值"), align="end"),
    Column("counted_on", gettext_lazy("截至"), kind="date"),
)


def state_cell(line: WatchLine) -> Cell:
    """Near is clear still, with the early warning beside it: at 80 the state is clear, margin 0."""
    if line.is_near:
        return Cell(_("%(state)s · 临近") % {"state": WatchState.CLEAR.label}, state=DUE)
    return Cell(str(line.state.label), state=STATES[line.state])


def rows_url(counted: Counted, watch: Watch) -> str:
    """The rows behind a count."""
    asked = {"area": code_of_key(watch.area_key), "as_of": watch.day.isoformat()}
    if counted.months and counted.window:
        asked["period"] = counted.window.text
    return f"{reverse('figures:figure_rows', args=[counted.measure])}?{urlencode(asked)}"


def veto_row(line: WatchLine, watch: Watch) -> Row:
    """One condition: green, amber before the line, red beyond it; each number opens the rows that it counts."""
    decimals = decimals_of_measure(line.main.measure if line.main else "")
    value = points_text(line.value, line.unit, decimals)
    cells = {
        "title": Cell(ChineseText(line.indicator.title), note=ChineseText(line.indicator.veto.get("rule", ""))),
        "state": state_cell(line),
        "value": Cell(value, url=rows_url(line.main, watch)) if line.main and value else value,
        "threshold": target_text(line.operator, line.threshold, line.unit),
        "margin": margin_text(line.margin, line.unit, decimals),
        "near": _near(line, watch),
        "window": _window(line, watch),
        "reason": line.reason,
    }
    asked = urlencode({"area": watch.area_key})
    url = f"{reverse('campaign:item_detail', args=[line.indicator.code])}?{asked}"
    state = STATES[line.state]
    return Row(cells, url=url, key=line.indicator.code, state=state if state in (OVERDUE, DUE) else "")


def _near(line: WatchLine, watch: Watch) -> Cell | str:
    """From where the early warning is given; what gives it opens to its rows."""
    if line.near_at is not None:
        return target_text("<=", line.near_at, line.unit)
    if line.warning and line.enough is not None:
        told = {"title": measure(line.warning.measure).title, "enough": format(line.enough.normalize(), "f")}
        now = points_text(line.warning.value, str(measure(line.warning.measure).unit), 0) or "—"
        return Cell(_("%(title)s ≥ %(enough)s") % told, url=rows_url(line.warning, watch),
                    note=_("现在 %(now)s") % {"now": now})  # fmt: skip
    return ""


def _window(line: WatchLine, watch: Watch) -> Cell | str:
    """The look-back that decides, and the shorter one beside it with its count."""
    if line.main is None or line.main.window is None:
        return ""
    shown = f"{line.main.window.start} — {line.main.window.end}"
    if line.also is None or line.also.value is None:
        return shown
    told = {"months": line.also.months, "count": points_text(line.also.value, line.unit, 0)}
    return Cell(shown, url=rows_url(line.also, watch), note=_("近 %(months)s 个月 %(count)s") % told)


def crossing_row(crossing: VetoCrossing, titles: dict[str, str]) -> Row:
    """A change of state."""
    return Row(
        {
            "at": crossing.at,
            "title": ChineseText(titles.get(crossing.item_code, crossing.item_code)),
            "before": crossing.get_before_display(),
            "after": Cell(crossing.get_after_display(), state=STATES[crossing.after]),
            "value": points_text(crossing.value),
            "counted_on": crossing.counted_on,
        },
        key=str(crossing.pk),
    )


def day_url(day: date, area_key: str) -> str:
    return f"?{urlencode({'area': area_key, 'as_of': day.isoformat()})}"
