"""Pages of snapshots: the nights, and one figure day by day."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.measures.filters import FigureQuery
from shian.engine.snapshots.permissions import SNAPSHOT_READ
from shian.engine.snapshots.queries import Compared, DayValue, compared, days, history
from shian.engine.snapshots.tables import DAYS, HISTORY, day_row, history_rows
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.charts import Chart, Series
from shian.kernel.ui.figures import figure_text
from shian.kernel.ui.pages import FigurePage, ListPage
from shian.kernel.ui.pieces import Callout, Crumb, Fact, Filter, FilterBar, Option, Section
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_picker, without_area

SPANS = {
    "31": gettext_lazy("近 31 天"),
    "92": gettext_lazy("近 92 天"),
    "366": gettext_lazy("近一年"),
    "": gettext_lazy("全部"),
}
USUAL_SPAN = "92"


@requires(SNAPSHOT_READ)
def day_list(request: HttpRequest) -> HttpResponse:
    rows = [day_row(each) for each in days()]
    empty = Empty(_("还没有快照"), _("后台任务每天夜里冻结前一天的全部对外公布指标。"))
    page = ListPage(
        _("每日快照"),
        Table(DAYS, rows, empty=empty),
        unit=_("天"),
        summary=_("对外公布的指标每晚冻结，冻结后任何人都不能改动；在指标页的“每日快照”里逐日查看。"),
    )
    return render(request, "ui/page_list.html", {"list": page})


@requires(SNAPSHOT_READ)
def figure_history(request: HttpRequest, key: str) -> HttpResponse:
    """A figure as it was frozen each day, and one of these days counted again."""
    query = FigureQuery.read(request, key)
    if not query.area:
        return render(request, "ui/page_list.html", {"list": without_area(query.measure.title)})
    today, names = timezone.localdate(), area_names(query.as_of)
    span = request.GET.get("span", USUAL_SPAN)
    since = today - timedelta(days=int(span)) if span in SPANS and span else None
    found = history(key, query.area, since=since)
    chosen = _chosen(found, request.GET.get("day", ""))
    page = FigurePage(
        _("%(area)s · %(measure)s · 每日快照")
        % {"area": names.get(query.area, query.area), "measure": query.measure.title},
        chosen.shown if chosen else None,
        unit=query.measure.unit,
        decimals=query.measure.decimals,
        crumbs=[Crumb(_("统计口径"), reverse("figures:measure_list")), Crumb(query.measure.title, query.url())],
        filters=_filters(request, query, span, chosen),
        trend=_chart(query, found),
        ranking=_table(query, found),
        facts=[_comparison(query, compared(key, query.area, chosen, today), today)] if chosen else [],
        notes=[] if found else [_nothing()],
    )
    return render(request, "ui/page_figure.html", {"figure": page})


def _nothing() -> Callout:
    body = _("只冻结市和县（市、区）的对外公布指标；后台任务每天夜里冻结前一天的数。")
    return Callout(_("这项指标在这里还没有快照"), body, state="waiting")


def _chosen(found: list[DayValue], day: str) -> DayValue | None:
    """The frozen day asked for, else the newest."""
    return next((each for each in found if each.day.isoformat() == day), found[-1] if found else None)


def _filters(request: HttpRequest, query: FigureQuery, span: str, chosen: DayValue | None) -> FilterBar:
    spans = [Option(value, label) for value, label in SPANS.items() if value]
    filters = [Filter("span", _("范围"), options=spans, value=span, default=USUAL_SPAN)]
    if chosen:
        filters.append(Filter("day", _("核对日期"), "date", value=chosen.day.isoformat()))
    return FilterBar(filters, area=area_picker(request.user, query.area, query.as_of))


def _chart(query: FigureQuery, found: list[DayValue]) -> Chart | None:
    if len(found) < 2:
        return None
    values = [None if each.shown is None else float(each.shown) for each in found]
    days_shown: list[Any] = [each.day.isoformat() for each in found]
    return Chart(
        "history",
        _("逐日冻结值"),
        days_shown,
        [Series(query.measure.title, values)],
        kind="line",
        unit=query.measure.unit,
        x_title=_("数据时点"),
        y_title=query.measure.unit,
    )


def _table(query: FigureQuery, found: list[DayValue]) -> Table | None:
    if not found:
        return None
    area = urlencode({"area": code_of_key(query.area)})
    rows = [row._replace(url=f"?day={row.key}&{area}") for row in history_rows(found, query.measure)]
    return Table(HISTORY, rows, caption=_("逐日冻结值"), id="days")


def _comparison(query: FigureQuery, found: Compared, today: date) -> Section:
    frozen = found.frozen
    same = _("一致") if not found.is_changed else _("登记数据已变")
    state = "due" if found.is_changed or found.is_redefined else "done"
    facts = [
        Fact(_("%(day)s 的冻结值") % {"day": frozen.day}, _shown(query, frozen.shown), note=frozen.reason),
        Fact(_("现在按 %(day)s 重新统计") % {"day": frozen.day}, _shown(query, found.again),
             url=query.url(as_of=frozen.day.isoformat())),
        Fact(_("今天（%(day)s）") % {"day": today}, _shown(query, found.today), url=query.url(as_of=today.isoformat())),
        Fact(_("核对"), _("口径已变") if found.is_redefined else same, state=state),
        Fact(_("冻结时间"), frozen.taken_at, kind="moment"),
    ]  # fmt: skip
    return Section(_("冻结值与现在的统计"), facts, note=_("冻结值不随登记数据改动；差异来自其后补录或更正的记录。"))


def _shown(query: FigureQuery, value: Any) -> str:
    return figure_text(value, str(query.measure.unit), query.measure.decimals)
