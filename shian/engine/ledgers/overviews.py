"""Pages over the rows of one ledger: by month, missing numbers, the map of its points."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.ledgers.counters import Counted, counted, counters_of, months_between, number_runs
from shian.engine.ledgers.declarations import Ledger
from shian.engine.ledgers.filters import LedgerFilter, filter_bar
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.permissions import LEDGER_READ
from shian.engine.ledgers.queries import years_of
from shian.engine.ledgers.selections import state_of_data
from shian.engine.ledgers.sights import chosen_rows, crumbs, declared_or_404
from shian.engine.ledgers.tables import file_url, list_columns, rows_drawn, value_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import KEY_WIDTH, Level
from shian.kernel.ui.charts import Map
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Crumb
from shian.kernel.ui.tables import Cell, Column, Empty, ListQuery, Row, Table
from shian.registers.areas.queries import home_key
from shian.registers.areas.tables import area_picker

MONTHS_SHOWN = 24
NUMBERS_SHOWN = 60
POINTS_SHOWN = 5000
COUNTERS = (
    Column("title", gettext_lazy("计数"), is_fixed=True, is_wide=True),
    Column("total", gettext_lazy("累计"), kind="number"),
    Column("unit", gettext_lazy("单位")),
    Column("last_on", gettext_lazy("最近一次"), kind="date"),
    Column("gap", gettext_lazy("距今"), kind="number", unit=gettext_lazy("天")),
)


def _list_crumbs(declared: Ledger) -> list[Crumb]:
    return crumbs(Crumb(declared.title, reverse("ledgers:row_list", args=[declared.key])))


def _bar(request: HttpRequest, declared: Ledger, chosen: LedgerFilter) -> Any:
    picker = area_picker(request.user, chosen.area, timezone.localdate()) if declared.area else None
    return filter_bar(declared, chosen, picker, years_of(declared, request.user))


@requires(LEDGER_READ)
def month_list(request: HttpRequest, key: str) -> HttpResponse:
    """What the dated rows add up to, month by month; months without rows stand there too."""
    declared = declared_or_404(key)
    if not declared.occurs_on:
        raise Http404(key)
    chosen = LedgerFilter.read(request.GET, declared, request.user)
    rows = chosen_rows(declared, chosen, request.user)
    today = timezone.localdate()
    found = counted(rows, counters_of(declared, rows))
    table = Table(
        COUNTERS,
        [_counter_row(each, today) for each in found],
        empty=Empty(_("没有可累计的内容"), _("本台账没有按日期累计的指标，或没有符合条件的记录。")),
    )
    page = ListPage(
        _("%(ledger)s：按月统计") % {"ledger": declared.title},
        table,
        count=len(found),
        unit=_("项"),
        summary=_("每个数都由带日期的记录累加；没有增加的月份照样列出。"),
        crumbs=_list_crumbs(declared),
        filters=_bar(request, declared, chosen),
    )
    return render(request, "ledgers/month_list.html", {"list": page, "months": _months(found)})


def _counter_row(found: Counted, today: date) -> Row:
    gap = (today - found.last_on).days if found.last_on else None
    cells = {
        "title": Cell(found.counter.title, url=_figure_url(found.counter.measure)),
        "total": found.total,
        "unit": found.counter.unit,
        "last_on": found.last_on,
        "gap": gap,
    }
    return Row(cells)


def _figure_url(measure: str) -> str:
    """The figure lives above; its address is found by name."""
    try:
        return reverse("figures:figure_detail", args=[measure]) if measure else ""
    except NoReverseMatch:
        return ""


def _months(found: list[Counted]) -> Table | None:
    """One row per month, newest first, with the growth and, beneath it, the sum up to that month."""
    dated = [month for each in found for month, value in each.months.items() if value]
    if not dated:
        return None
    columns = [Column("month", _("月份"), is_fixed=True)]
    columns += [Column(f"c{n}", each.counter.title, kind="number") for n, each in enumerate(found)]
    rows = []
    for month in months_between(min(dated), max(dated))[:MONTHS_SHOWN]:
        cells: dict[str, Any] = {"month": f"{month:%Y-%m}"}
        for n, each in enumerate(found):
            upto = sum(value for other, value in each.months.items() if other <= month)
            note = "" if each.counter.aggregate == "distinct" else _("累计 %(sum)s") % {"sum": f"{upto:,}"}
            cells[f"c{n}"] = Cell(each.months.get(month, 0), note=note)
        rows.append(Row(cells))
    return Table(columns, rows, id="months")


@requires(LEDGER_READ)
def gap_list(request: HttpRequest, key: str) -> HttpResponse:
    """Every series of numbers with the numbers that are missing and those that stand twice."""
    declared = declared_or_404(key)
    numbering = declared.aspects.numbering
    if numbering is None:
        raise Http404(key)
    chosen = LedgerFilter.read(request.GET, declared, request.user)
    runs = number_runs(declared, chosen_rows(declared, chosen, request.user))
    columns = [Column(name, declared.titles[name], is_fixed=not place) for place, name in enumerate(numbering.within)]
    columns += [
        Column("last", _("最大编号"), kind="number"),
        Column("state", _("连续性")),
        Column("missing", _("缺号")),
        Column("twice", _("重号")),
    ]
    rows = [
        Row(
            {
                **dict(zip(numbering.within, run.names, strict=True)),
                "last": run.last,
                "state": _continuity(len(run.missing) + len(run.twice)),
                "missing": _numbers(run.missing),
                "twice": _numbers(run.twice),
            }
        )
        for run in runs
    ]
    page = ListPage(
        _("%(ledger)s：编号连续性") % {"ledger": declared.title},
        Table(columns, rows, empty=Empty(_("没有编号"))),
        unit=_("组"),
        summary=_("%(field)s应从 1 起连续。") % {"field": declared.titles[numbering.field]},
        crumbs=_list_crumbs(declared),
        filters=_bar(request, declared, chosen),
    )
    return render(request, "ui/page_list.html", {"list": page})


def _continuity(faults: int) -> Cell:
    return Cell(_("有缺号或重号"), state="overdue") if faults else Cell(_("连续"), state="done")


def _numbers(numbers: tuple[int, ...]) -> str:
    text = _("、").join(map(str, numbers[:NUMBERS_SHOWN]))
    return text + _("等") if len(numbers) > NUMBERS_SHOWN else text


@requires(LEDGER_READ)
def row_map(request: HttpRequest, key: str) -> HttpResponse:
    """The rows with a point on a map, and the same rows as a table beside it."""
    declared = declared_or_404(key)
    if not declared.point_field:
        raise Http404(key)
    chosen = LedgerFilter.read(request.GET, declared, request.user)
    columns = list_columns(declared)
    query = ListQuery.read(request.GET, columns, default_sort=declared.key_fields[0])
    found = keyset_page(_placed(declared, chosen, request.user), query)
    drawn = rows_drawn(declared)(found.items, request.user)
    page = ListPage(
        _("%(ledger)s：地图") % {"ledger": declared.title},
        Table(columns, drawn, query=query, page=found, empty=Empty(_("没有符合条件的点位"))),
        unit=_("处"),
        crumbs=_list_crumbs(declared),
        filters=_bar(request, declared, chosen),
    )
    today = timezone.localdate()
    parent = (chosen.area or home_key(request.user, today))[: KEY_WIDTH[Level.COUNTY]]
    drawn_map = Map(
        "ledger-map",
        declared.title,
        f"{reverse('areas:area_outlines')}?parent={parent}&as_of={today.isoformat()}",
        points_url=f"{reverse('ledgers:row_points', args=[key])}?{request.GET.urlencode()}",
        note=_("点按圆点看照片和最近一次检查；没有坐标的记录只在台账列表中。"),
        point_states=[(each.tone, each.title) for each in declared.aspects.states],
    )
    return render(request, "ledgers/row_map.html", {"list": page, "map": drawn_map})


def _placed(declared: Ledger, chosen: LedgerFilter, user: Any) -> ScopedQuerySet[LedgerRow]:
    return chosen_rows(declared, chosen, user).filter(**{f"data__{declared.point_field}__isnull": False})


@requires(LEDGER_READ)
def row_points(request: HttpRequest, key: str) -> JsonResponse:
    """The points as GeoJSON, cut to reach and filters: name, lines to read, photo, address of the record."""
    declared = declared_or_404(key)
    if not declared.point_field:
        raise Http404(key)
    chosen = LedgerFilter.read(request.GET, declared, request.user)
    rows = _placed(declared, chosen, request.user).order_by("key")[:POINTS_SHOWN]
    return JsonResponse({"type": "FeatureCollection", "features": [_feature(declared, row) for row in rows]})


def _feature(declared: Ledger, row: LedgerRow) -> dict[str, Any]:
    longitude, latitude = (float(each) for each in row.data[declared.point_field].split(","))
    told = [each for each in declared.fields if each.type in {"date", "integer"} or each.enum]
    lines = [f"{each.title}：{value_of(each, row.data[each.name])}" for each in told if each.name in row.data]
    state = state_of_data(declared.aspects.states, row.data, timezone.localdate())
    image = declared.image_field
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": {
            "count": 1,
            "state": state.tone if state else "",
            "name": " · ".join(str(row.data.get(name, "")) for name in declared.key_fields),
            "lines": "\n".join([*([str(state.title)] if state else []), *lines]),
            "photo": file_url(declared, row, image) if image and row.data.get(image) else "",
            "url": reverse("ledgers:row_detail", args=[declared.key, row.pk]),
        },
    }
