"""Pages of figures: the catalogue, one figure (pattern 4), the rows behind it and their export."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.ledgers.exports import FORMATS, make_export
from shian.engine.measures.declarations import Measure, all_measures, measure, source_of
from shian.engine.measures.filters import FigureQuery, filter_bar
from shian.engine.measures.permissions import FIGURE_READ
from shian.engine.measures.queries import (
    SIDES,
    Ask,
    Figure,
    FigureRows,
    ask_for,
    compare_frozen,
    figure_series,
    figures,
    frozen_figures,
    operand_asks,
    rows_of,
    side_of,
)
from shian.engine.measures.rules import PeriodInvalid, years_later
from shian.engine.measures.tables import (
    CATALOGUE,
    FROZEN,
    catalogue_row,
    frozen_row,
    ranking_columns,
    ranking_rows,
)
from shian.engine.measures.wording import definition_text, levels_text, period_text, period_words
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.scope.rules import LEVELS, Level, code_of_key, level_of_key, parent_key
from shian.kernel.ui.charts import Chart, Map, MapArea, Series
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FigurePage, ListPage
from shian.kernel.ui.panels import tabs_for
from shian.kernel.ui.pieces import Callout, Crumb, Fact, Filter, FilterBar, Section
from shian.kernel.ui.tables import Empty, ListQuery, Table, sorted_rows
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import without_area
from shian.registers.dictionaries.queries import name_of

FROZEN_SHOWN = 10
TREND_YEARS = 4


@requires(FIGURE_READ)
def measure_list(request: HttpRequest) -> HttpResponse:
    """Every measure with its definition; the search looks into title, definition and key."""
    wanted = request.GET.get("q", "").strip()
    query = ListQuery.read(request.GET, CATALOGUE)
    rows = [catalogue_row(each) for each in all_measures().values() if _matches(each, wanted)]
    empty = Empty(_("没有符合条件的指标"), _("请换一个词。"))
    page = ListPage(
        _("统计口径"),
        Table(CATALOGUE, sorted_rows(rows, query), query=query, empty=empty),
        unit=_("项"),
        summary=_("每个数字都由一条口径算出，并能打开构成它的每一行。"),
        filters=FilterBar([Filter("q", _("搜索"), "search", value=wanted, placeholder=_("名称、口径或标识"))]),
    )
    return render(request, "ui/page_list.html", {"list": page})


def _matches(found: Measure, wanted: str) -> bool:
    register = name_of("registers", found.register)
    text = f"{found.title} {found.key} {found.title_en} {register} {definition_text(found)}".lower()
    return wanted.lower() in text


@requires(FIGURE_READ)
def figure_detail(request: HttpRequest, key: str) -> HttpResponse:
    query = FigureQuery.read(request, key)
    if not query.area:
        return render(request, "ui/page_list.html", {"list": without_area(query.measure.title)})
    names = area_names(query.as_of)
    try:
        found, children = _figures(query, names)
    except PeriodInvalid as error:
        query = FigureQuery(query.measure, query.area, query.as_of, problem=str(error))
        found, children = _figures(query, names)
    urls = {area: query.url(area=area) for area in children}
    frozen = [compare_frozen(each) for each in frozen_figures(key, query.area)[:FROZEN_SHOWN]]
    page = FigurePage(
        f"{names.get(query.area, query.area)} · {query.measure.title}",
        found.shown,
        unit=query.measure.unit,
        decimals=query.measure.decimals,
        part=found.part if query.measure.is_ratio else None,
        whole=found.whole if query.measure.is_ratio else None,
        rows_url="" if query.measure.formula else query.url("figures:figure_rows", side="part"),
        crumbs=_crumbs(query, names),
        filters=filter_bar(query, request.user),
        tabs=tabs_for("figure", query, request),
        trend=_trend(query),
        map=_map(query, children, names, urls),
        ranking=_ranking(query, found, children, names, urls),
        facts=[*_parts(query, found), _definition(query, found)],
        notes=_notes(query, found),
    )
    table = Table(FROZEN, [frozen_row(each) for each in frozen], id="frozen") if frozen else None
    return render(request, "measures/figure_detail.html", {"figure": page, "frozen": table})


def _figures(query: FigureQuery, names: dict[str, str]) -> tuple[Figure, dict[str, Figure]]:
    """The figure and those of the areas one level below: one statement."""
    level = level_of_key(query.area)
    below = LEVELS[LEVELS.index(level) + 1 :][:1]
    areas = [query.area, *(key for key in names if parent_key(key) == query.area)]
    found = figures(
        [query.measure.key],
        as_of=query.as_of,
        area_prefix=query.area,
        period=query.period or None,
        levels=[level, *below],
        areas=areas,
    )[query.measure.key]
    own = found.pop(query.area, None)
    return own or Figure(query.measure.key, query.area, query.as_of, "", None, reason=_("本级不统计")), found


def _crumbs(query: FigureQuery, names: dict[str, str]) -> list[Crumb]:
    crumbs = [Crumb(_("统计口径"), reverse("figures:measure_list"))]
    above = [query.area[:width] for width in (4, 6, 9) if width < len(query.area)]
    return crumbs + [Crumb(names[key], query.url(area=key)) for key in above if key in names]


def _notes(query: FigureQuery, found: Figure) -> list[Callout]:
    notes = [Callout(query.problem, state="overdue")] if query.problem else []
    if found.reason:
        notes.append(Callout(_("没有数值：%(reason)s") % {"reason": _(found.reason)}, state="waiting"))
    if query.measure.is_external:
        notes.append(Callout(_("外部产生的结果"), _("由第三方或上级产生，本系统只登记，不能自行改动。")))
    return notes


def _parts(query: FigureQuery, found: Figure) -> list[Section]:
    """The measures that add up to this one; a sum that differs is said, not hidden."""
    keys = query.measure.opens_into
    if not keys:
        return []
    level = level_of_key(query.area)
    listed = figures(keys, as_of=query.as_of, area_prefix=query.area, levels=[level], areas=[query.area])
    own = [listed[key][query.area] for key in keys]
    difference = (found.value or 0) - sum(each.value or 0 for each in own)
    note = _("各项之和与本数相差 %(difference)s。") % {"difference": f"{difference:,}"} if difference else ""
    facts = [
        Fact(
            measure(each.measure).title,
            each.shown,
            "number",
            unit=measure(each.measure).unit,
            url=query.url(key=each.measure),
        )
        for each in own
    ]
    return [Section(_("构成"), facts, note)]


def _definition(query: FigureQuery, found: Figure) -> Section:
    asked = query.measure
    facts: list[Any] = [
        Fact(_("口径"), definition_text(asked)),
        Fact(_("时间"), period_text(asked)),
        Fact(_("本次期间"), period_words(found.period) or _("%(day)s 当日") % {"day": query.as_of.isoformat()}),
        Fact(_("数据时点"), query.as_of, kind="date"),
        Fact(_("适用层级"), levels_text(asked)),
        Fact(_("登记簿"), name_of("registers", asked.register)),
        Fact(_("依据"), asked.legal_basis),
        Fact(_("计算时间"), timezone.now(), kind="moment"),
    ]
    for side, label in zip(SIDES, (_("分子明细"), _("分母明细")), strict=True):
        if asked.is_ratio:
            value = found.part if side == "part" else found.whole
            facts.append(Fact(label, value, kind="number", url=query.url("figures:figure_rows", side=side)))
    facts += [_operand(query, each) for each in operand_asks(ask_for(asked.key, query.as_of, query.period or None))]
    return Section(_("定义"), facts)


def _operand(query: FigureQuery, ask: Ask) -> Fact:
    period = ask.window.text if ask.window else ""
    url = query.url(key=ask.measure.key, period=period, as_of=ask.as_of.isoformat())
    return Fact(_("算式中的指标"), f"{ask.measure.title} {period_words(period)}".strip(), url=url)


def _trend(query: FigureQuery) -> Chart | None:
    """This figure at the same date of the years before; the years of a yearly one."""
    days = [years_later(query.as_of, -back) for back in range(TREND_YEARS, -1, -1)]
    if query.period or level_of_key(query.area) not in query.measure.levels:
        return None
    series = figure_series(query.measure.key, area=query.area, days=days)
    if sum(each.value is not None for each in series) < 2:
        return None
    is_yearly = query.measure.period == "year"
    return Chart(
        "trend",
        _("历年变化"),
        [str(each.as_of.year) if is_yearly else each.as_of.isoformat() for each in series],
        [Series(query.measure.title, [_number(each) for each in series])],
        unit=query.measure.unit,
        x_title=_("年度") if is_yearly else _("数据时点"),
        y_title=query.measure.unit,
    )


def _number(found: Figure) -> float | None:
    return None if found.shown is None else float(found.shown)


def _map(query: FigureQuery, children: dict[str, Figure], names: dict[str, str], urls: dict[str, str]) -> Map | None:
    if len(children) < 2 or len(query.area) > 6:
        return None
    areas = [MapArea(key, names.get(key, key), _number(each), url=urls[key]) for key, each in children.items()]
    outlines = f"{reverse('areas:area_outlines')}?parent={query.area}&as_of={query.as_of.isoformat()}"
    note = _("乡镇界线为示意，不是法定界线。") if level_of_key(query.area) is Level.COUNTY else ""
    return Map("figure-map", query.measure.title, outlines, areas, unit=query.measure.unit, note=note)


def _ranking(
    query: FigureQuery, found: Figure, children: dict[str, Figure], names: dict[str, str], urls: dict[str, str]
) -> Table | None:
    if not children:
        return None
    rows = ranking_rows(children.values(), found.value, names, urls)
    has_reasons = any(each.reason for each in children.values())
    return Table(ranking_columns(query.measure, has_reasons=has_reasons), rows, caption=_("下级区划排列"), id="ranking")


def _opened(request: HttpRequest, key: str) -> tuple[FigureQuery, FigureRows, str]:
    """The rows that the URL asks for. Raises Http404 where a figure has none."""
    query = FigureQuery.read(request, key)
    side = request.GET.get("side", SIDES[0])
    if not query.area or query.problem:
        raise Http404(query.problem or key)
    try:
        period = query.period or None
        opened = rows_of(key, side, area=query.area, as_of=query.as_of, period=period, user=request.user)
    except (LookupError, PeriodInvalid):
        raise Http404(side) from None
    return query, opened, side


@requires(FIGURE_READ)
def figure_rows(request: HttpRequest, key: str) -> HttpResponse:
    """The rows behind one side of a figure; their number, or the sum of the named column, is the figure."""
    query, opened, side = _opened(request, key)
    columns = opened.source.columns
    asked = ListQuery.read(request.GET, columns)
    page = keyset_page(opened.rows, asked)
    names = area_names(query.as_of)
    table = Table(
        columns,
        opened.source.drawn(page.items, request.user),
        query=asked,
        page=page,
        empty=Empty(_("没有符合口径的记录"), _("这个数字是零，或者台账为空。")),
    )
    title = _("%(area)s · %(measure)s · 明细") % {
        "area": names.get(query.area, query.area),
        "measure": query.measure.title,
    }
    shown = ListPage(
        title,
        table,
        unit=_("行"),
        summary=_rows_text(query, opened, side),
        crumbs=[*_crumbs(query, names), Crumb(str(query.measure.title), query.url())],
        export_url=reverse("figures:figure_export", args=[key]),
        export_formats=FORMATS,
    )
    return render(request, "ui/page_list.html", {"list": shown})


def _rows_text(query: FigureQuery, opened: FigureRows, side: str) -> str:
    """How these rows give the number."""
    ask = side_of(ask_for(query.measure.key, query.as_of, query.period or None), side)
    column = source_of(ask.part.source).titles.get(ask.part.column, "")
    ways = {
        "count": _("行数就是这个数字。"),
        "sum": _("“%(column)s”的合计就是这个数字。"),
        "distinct": _("不同“%(column)s”的个数就是这个数字。"),
        "min": _("“%(column)s”的最小值就是这个数字。"),
        "max": _("“%(column)s”的最大值就是这个数字。"),
        "latest": _("这一行的“%(column)s”就是这个数字。"),
        "longest_run": _("这些行的年数就是这个数字。"),
    }
    return ways[opened.part.aggregate] % {"column": column}


@requires(FIGURE_READ)
def figure_export(request: HttpRequest, key: str) -> HttpResponseBase:
    query, opened, side = _opened(request, key)
    file_format = request.GET.get("format", FORMATS[0])
    if file_format not in FORMATS:
        raise Http404(file_format)
    now = timezone.now()
    door = Door.of_page(request)
    made = make_export(
        name=f"{query.measure.title} {code_of_key(query.area)}",
        format=file_format,
        columns=opened.source.columns,
        rows=(opened.source.row_of(row) for row in opened.rows.order_by("pk").iterator(chunk_size=2000)),
        facts=_export_facts(query, side),
        by=request.user.get_username(),
        at=now,
        door=door,
    )
    return made.leave(door, subject=f"measures.figure:{key}/{query.area}", at=now)


def _export_facts(query: FigureQuery, side: str) -> dict[str, str]:
    return {
        _("指标"): f"{query.measure.title} ({query.measure.key}, {side})",
        _("口径"): definition_text(query.measure),
        _("筛选"): _("区划 %(code)s；期间 %(period)s")
        % {"code": code_of_key(query.area), "period": query.period or period_text(query.measure)},
        _("数据时点"): query.as_of.isoformat(),
    }
