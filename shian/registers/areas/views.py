"""Pages of divisions: the list, one division with its parts, outlines for maps."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.kernel.accounts.permissions import any_user, requires
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import LEVELS, Level, key_of_code, level_of_key
from shian.kernel.ui.charts import Map, MapArea
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.panels import panel_body, tabs_for
from shian.kernel.ui.pieces import Crumb, Fact, Filter, FilterBar, Section, TimelineEntry
from shian.kernel.ui.tables import Empty, ListQuery, Row, Table, sorted_rows
from shian.registers.areas.models import Area
from shian.registers.areas.queries import (
    area_at,
    area_names,
    areas_valid_at,
    child_areas,
    home_key,
    outlines_of,
    residents_by,
    versions_of,
)
from shian.registers.areas.tables import COLUMNS, area_row, area_url


def _as_of(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return timezone.localdate()


@requires(any_user)
def area_list(request: HttpRequest) -> HttpResponse:
    """County-level divisions inside the reach; each opens its townships and villages."""
    as_of = _as_of(request)
    home = home_key(request.user, as_of)
    level = Level.COUNTY if len(home) <= 6 else Level.TOWNSHIP
    found = areas_valid_at(as_of).visible_to(request.user).filter(level=level.value)
    if level is Level.COUNTY and len(home) == 6:
        found = areas_valid_at(as_of).filter(key=home)
    areas = list(found.order_by("code"))
    query = ListQuery.read(request.GET, COLUMNS)
    table = Table(COLUMNS, sorted_rows(_rows(areas, as_of, home), query), query=query, empty=_empty())
    page = ListPage(
        pgettext("list", "区划"),
        table,
        unit=_("个"),
        summary=_("%(day)s 有效的区划；点击名称逐级查看。") % {"day": as_of.isoformat()},
        filters=FilterBar([Filter("as_of", _("数据时点"), "date", value=as_of.isoformat())]),
    )
    context = {"list": page, "map": _map(home, areas, as_of) if len(areas) > 1 else None}
    return render(request, "areas/area_list.html", context)


def _empty() -> Empty:
    return Empty(_("没有下级区划"), _("可能是所选日期早于区划启用日期。"))


def _rows(areas: list[Area], as_of: date, inside: str) -> list[Row]:
    if not areas:
        return []
    level = Level(areas[0].level)
    residents = residents_by(level, as_of, inside) if level is not Level.VILLAGE else {}
    parents = [area.key for area in areas]
    counted = areas_valid_at(as_of).filter(parent_key__in=parents).order_by().values_list("parent_key")
    children = dict(counted.annotate(n=Count("pk", filter=~Q(key__in=parents))))
    return [
        area_row(each, residents=residents.get(each.key), km2=each.area_km2, children=children.get(each.key))
        for each in areas
    ]


def _map(parent: str, areas: list[Area], as_of: date) -> Map:
    """Divisions coloured by their residents."""
    residents = residents_by(Level(areas[0].level), as_of, parent)
    return Map(
        "areas-map",
        _("常住人口"),
        f"{reverse('areas:area_outlines')}?parent={parent}&as_of={as_of.isoformat()}",
        [MapArea(area.key, area.name, residents.get(area.key), url=area_url(area.key)) for area in areas],
        unit=_("人"),
        note="" if len(parent) <= 4 else _("乡镇界线为示意，不是法定界线。"),
    )


@requires(any_user)
def area_outlines(request: HttpRequest) -> HttpResponse:
    """Outlines of the divisions one level below `parent` as GeoJSON; outlines are public."""
    parent = request.GET.get("parent", "")
    as_of = _as_of(request)
    try:
        below = LEVELS.index(level_of_key(parent)) + 1 if parent else 0
    except ValueError:
        raise Http404(parent) from None
    if below >= len(LEVELS):
        raise Http404(parent)
    level = LEVELS[below].value
    names = dict(areas_valid_at(as_of).filter(level=level, key__startswith=parent).values_list("key", "name"))
    features = [
        {
            "type": "Feature",
            "properties": {"key": each.key, "name": names[each.key], "synthetic": each.is_synthetic},
            "geometry": each.geometry,
        }
        for each in outlines_of(list(names))
    ]
    answer = JsonResponse({"type": "FeatureCollection", "features": features})
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@requires(any_user)
def area_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One division: facts, parts, map, history, and the tabs that other apps add."""
    as_of = _as_of(request)
    try:
        key = key_of_code(code)
    except ValueError:
        raise Http404(code) from None
    area = area_at(code, as_of) or versions_of(key).first()
    if area is None:
        raise Http404(code)
    if not reach_of(request.user).touches(key):
        raise OutOfReach(f"areas.area:{code}")
    children = list(child_areas(key, as_of, request.user))
    record = RecordPage(
        area.name,
        code=area.code,
        badges=[area.kind, *([_("虚拟区划")] if area.is_pseudo else [])],
        crumbs=_crumbs(area, as_of),
        sections=[_facts(area, as_of)],
        timeline=_timeline(area),
        tabs=tabs_for("area", area, request),
        body=panel_body("area", area, request),
    )
    table = Table(COLUMNS, _rows(children, as_of, key), empty=_empty())
    has_map = len(children) > 1 and children[0].level != Level.VILLAGE
    context = {"record": record, "children": table, "map": _map(key, children, as_of) if has_map else None}
    return render(request, "areas/area_detail.html", context)


def _crumbs(area: Area, as_of: date) -> list[Crumb]:
    names = area_names(as_of)
    above = [key for key in (area.city, area.county, area.township) if key and key != area.key and key in names]
    return [
        Crumb(pgettext("list", "区划"), reverse("areas:area_list")),
        *(Crumb(names[key], area_url(key)) for key in above),
    ]


def _facts(area: Area, as_of: date) -> Section:
    level = Level(area.level)
    residents = residents_by(level, as_of, area.key).get(area.key) if level is not Level.VILLAGE else None
    facts: list[Any] = [
        Fact(_("区划代码"), area.code, kind="code", is_copied=True),
        Fact(_("级别"), area.get_level_display()),
        Fact(_("类型"), area.kind),
        Fact(_("常住人口"), residents, kind="number", unit=_("人"), note=_("所选日期前最近一次统计")),
        Fact(_("面积"), area.area_km2, kind="number", unit=_("平方公里")),
        Fact(_("创建批次"), area.campaign_batch),
        Fact(_("启用日期"), area.valid_from, kind="date"),
        Fact(_("停用日期"), area.valid_to, kind="date"),
    ]
    if area.successor_code:
        facts.append(
            Fact(_("继任区划"), area.successor_code, kind="code", url=area_url(key_of_code(area.successor_code)))
        )
    return Section(_("基本情况"), facts)


def _timeline(area: Area) -> list[TimelineEntry]:
    entries = []
    for version in versions_of(area.key):
        if version.valid_to:
            body = _("由 %(code)s 承接") % {"code": version.successor_code} if version.successor_code else ""
            entries.append(TimelineEntry(_("停用"), version.valid_to, body=body, icon="archive"))
        entries.append(
            TimelineEntry(_("启用"), version.valid_from, body=f"{version.name}（{version.kind}）", icon="flag")
        )
    return entries
