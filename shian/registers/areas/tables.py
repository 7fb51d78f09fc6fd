"""Areas in filters and tables: the cascade of selects, columns and rows."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import KEY_WIDTH, Level, code_of_key, key_of_code, level_of_key
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import AreaLevel, AreaPicker, Option
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Cell, Column, Empty, Row, Table
from shian.registers.areas.models import Area
from shian.registers.areas.queries import areas_valid_at

COUNTY_WIDTH = KEY_WIDTH[Level.COUNTY]
PICKED = (
    (Level.CITY, _("市")),
    (Level.COUNTY, _("县（市、区）")),
    (Level.TOWNSHIP, _("乡镇（街道）")),
)
COLUMNS = (
    Column("name", _("名称"), is_fixed=True),
    Column("code", _("区划代码"), kind="code"),
    Column("kind", _("类型")),
    Column("residents", _("常住人口"), kind="number", unit=_("人")),
    Column("km2", _("面积"), kind="number", unit=_("平方公里"), decimals=2),
    Column("children", _("下级区划"), kind="number", unit=_("个")),
    Column("valid_from", _("启用日期"), kind="date", is_default=False),
    Column("state", _("说明")),
)


def area_url(key: str) -> str:
    """The page of the division with this key."""
    return reverse("areas:area_detail", args=[code_of_key(key)])


def area_picker(user: Any, chosen: str, as_of: date, names: Mapping[str, str] | None = None) -> AreaPicker:
    """The cascade of city, county and township inside the user's reach, with `chosen` (an area key) picked.

    One statement; none for a page that has `names` of all areas (queries.area_names). A level with a single choice
    above the reach's own is left out.
    """
    reach = reach_of(user)
    parents = {chosen[:COUNTY_WIDTH], *(key[:COUNTY_WIDTH] for key in reach.keys if len(key) > COUNTY_WIDTH)} - {""}
    known = _names_near(parents, as_of) if names is None else names
    offered = {
        key: name
        for key, name in sorted(known.items())
        if (len(key) <= COUNTY_WIDTH or key[:COUNTY_WIDTH] in parents) and reach.touches(key)
    }
    levels = [_level(level, label, offered, chosen) for level, label in PICKED]
    return AreaPicker([level for level in levels if level is not None], label=_("区划"), names=offered)


def _names_near(parents: Collection[str], as_of: date) -> dict[str, str]:
    """Cities, counties, and the townships of the counties with these keys."""
    rows = areas_valid_at(as_of).filter(level__in=[level.value for level, _label in PICKED])
    shown = rows.exclude(level=Level.TOWNSHIP.value)
    if parents:
        shown = shown | rows.filter(level=Level.TOWNSHIP.value, county__in=parents)
    return dict(shown.values_list("key", "name"))


def area_choices(user: Any, levels: Collection[str], day: date) -> list[tuple[str, str]]:
    """(code, name with code) of the divisions of these levels on the day that lie wholly inside the user's reach."""
    reach = reach_of(user)
    rows = areas_valid_at(day).filter(level__in=levels).order_by("key")
    return [(row.code, f"{row.name}（{row.code}）") for row in rows if reach.covers(row.key)]


def _level(level: Level, label: Any, names: Mapping[str, str], chosen: str) -> AreaLevel | None:
    parent = chosen[:COUNTY_WIDTH] if level is Level.TOWNSHIP else ""
    width = KEY_WIDTH[level]
    options = [Option(key, name) for key, name in names.items() if len(key) == width and key.startswith(parent)]
    if not options or (level is Level.CITY and len(options) == 1):
        return None
    value = next((option.value for option in options if chosen.startswith(option.value)), "")
    return AreaLevel(label, options, value)


def in_reach(user: Any, chosen: str) -> str:
    """The picked key (or six-digit code), "" when it is neither. Raises OutOfReach, which is logged."""
    try:
        level_of_key(chosen)
        chosen = key_of_code(chosen) if len(chosen) == COUNTY_WIDTH else chosen
    except ValueError:
        return ""
    if not reach_of(user).touches(chosen):
        raise OutOfReach(f"areas.area:{chosen}")
    return chosen


def without_area(title: Text) -> ListPage:
    """What a page that counts by area shows to a reader without any: before the first import, or without a post."""
    empty = Empty(_("还没有可以统计的区划"), _("导入行政区划和名录、登记本人任职后，这里按辖区给出数字。"))
    return ListPage(title, Table(COLUMNS[:1], [], empty=empty))


def area_row(area: Area, *, residents: int | None, km2: Any, children: int | None) -> Row:
    """A division in the list."""
    note = _("虚拟区划，无国家代码") if area.is_pseudo else ""
    cells = {
        "name": Cell(area.name, url=area_url(area.key)),
        "code": area.code,
        "kind": area.kind,
        "residents": residents,
        "km2": km2,
        "children": children,
        "valid_from": area.valid_from,
        "state": note,
    }
    return Row(cells, url=area_url(area.key), key=area.code)
