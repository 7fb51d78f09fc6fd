"""Operators on the map: counts by division, and a grid of clusters that the server makes for what is in view."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shian.domains.census.definitions.rows import operator_url
from shian.domains.census.filters import filter_bar, read_choice
from shian.domains.census.permissions import OPERATOR_READ
from shian.domains.census.queries.operators import OperatorChoice, clusters, counted_by
from shian.domains.census.rules.maps import view_of
from shian.domains.census.tables import DIVISIONS, division_row
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import KEY_WIDTH, LEVELS, Level, level_of_key
from shian.kernel.ui.charts import Map, MapArea
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Crumb
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.models import Area
from shian.registers.areas.queries import areas_valid_at, home_key


@requires(OPERATOR_READ)
def operator_map(request: HttpRequest) -> HttpResponse:
    """The operators of the list's filters on a map, beside their number in each division."""
    choice = read_choice(request.GET, request.user)
    inside = choice.area or home_key(request.user, choice.as_of)
    areas = _areas(inside, choice, request.user)
    counts = counted_by(areas[0].level, choice, request.user) if areas else {}
    where = request.GET.copy()
    where.pop("area", None)
    urls = {area.key: f"{reverse('census:operator_list')}?{_with(where, area)}" for area in areas}
    rows = [division_row(area.key, area.name, counts.get(area.key, 0), urls[area.key]) for area in areas]
    page = ListPage(
        _("主体分布"),
        Table(DIVISIONS, rows, empty=Empty(_("没有下级区划"), _("可能是所选日期早于区划启用日期。"))),
        count=sum(counts.values()),
        unit=_("家"),
        crumbs=[Crumb(_("经营主体"), reverse("census:operator_list"))],
        filters=filter_bar(choice, request.user),
    )
    drawn = _map(request, inside, areas, counts, urls, choice)
    return render(request, "census/operator_map.html", {"list": page, "map": drawn})


def _areas(inside: str, choice: OperatorChoice, user: Any) -> list[Area]:
    """The divisions one level below; a township or village stands for itself, because villages have no outlines."""
    rows = areas_valid_at(choice.as_of).visible_to(user).order_by("code")
    if not inside:
        return list(rows.filter(level=Level.CITY.value))
    level = level_of_key(inside)
    if level in {Level.TOWNSHIP, Level.VILLAGE}:
        return list(rows.filter(key=inside))
    return list(rows.filter(level=LEVELS[LEVELS.index(level) + 1].value, **{level.value: inside}))


def _with(where: Any, area: Area) -> str:
    filters = where.copy()
    filters["area"] = area.key
    return str(filters.urlencode())


def _map(
    request: HttpRequest, inside: str, areas: list[Area], counts: dict[str, int], urls: dict[str, str],
    choice: OperatorChoice,
) -> Map:  # fmt: skip
    parent = inside[: KEY_WIDTH[Level.COUNTY]]
    outlines = f"{reverse('areas:area_outlines')}?parent={parent}&as_of={choice.as_of.isoformat()}"
    return Map(
        "operators-map",
        _("经营主体"),
        outlines,
        [MapArea(area.key, area.name, counts.get(area.key, 0), url=urls[area.key]) for area in areas],
        unit=_("家"),
        points_url=f"{reverse('census:operator_points')}?{request.GET.urlencode()}",
        note=_("圆点是所示范围内主体的数量，放大后逐家显示；没有经纬度的主体只计入区划数量。"),
    )


@requires(OPERATOR_READ)
def operator_points(request: HttpRequest) -> HttpResponse:
    """Clusters for ?bbox=w,s,e,n&zoom=z as GeoJSON, cut to the reach and to the filters of the list."""
    try:
        view = view_of(request.GET.get("bbox", ""), request.GET.get("zoom", ""))
    except ValueError:
        raise Http404("bbox=w,s,e,n and zoom are wanted.") from None
    choice = read_choice(request.GET, request.user)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(each.lon, 5), round(each.lat, 5)]},
            "properties": {"count": each.count, "name": each.name, "url": operator_url(each.code)}
            if each.count == 1
            else {"count": each.count},
        }
        for each in clusters(choice, view, request.user)
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})
