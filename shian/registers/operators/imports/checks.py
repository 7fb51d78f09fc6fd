"""Checks over rows of operators: identifiers against each other, dates, divisions, positions."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from shian.kernel.imports.specs import WARNING, SetCheck, area_key_sql
from shian.registers.areas.imports import area_checks, dates_in_order
from shian.registers.areas.models import AreaOutline
from shian.registers.dictionaries.rules import Term, replaced_in
from shian.registers.operators.imports.dictionaries import read_dictionaries

MARGIN_DEGREES = 0.02
LEAST_DIGITS = 9
SMALL_RESTAURANT_M2 = 50
_NAMED = "(SELECT string_agg(n::text, '、' ORDER BY n) FROM (SELECT n FROM unnest(d.rows) n ORDER BY n LIMIT 5) x)"
_LAST_DAY = (
    "(CASE WHEN s.closed_on IS NULL THEN %(effective_on)s::date "
    "ELSE LEAST(GREATEST(s.closed_on - 1, s.opened_on), %(effective_on)s::date) END)"
)
_IN_REACH = (
    "(%(is_unlimited)s OR EXISTS (SELECT 1 FROM unnest(%(reach)s::text[]) k WHERE starts_with("
    + area_key_sql("o.area_code")
    + ", k)))"
)


_TERMS = (
    "unnest(%(term_codes)s::text[], %(term_names)s::text[], %(term_starts)s::date[], %(term_ends)s::date[], "
    "%(term_areas)s::text[], %(term_replaced)s::text[]) AS t (code, name, starts, ends, area, replaced)"
)
_IN_FORCE = (
    f"starts_with(s.area_code, t.area) AND t.starts <= {_LAST_DAY} AND (t.ends IS NULL OR t.ends > {_LAST_DAY}) "
    "AND (t.replaced IS NULL OR s.area_code !~ t.replaced)"
)


def parameters() -> Mapping[str, Any]:
    """What the checks read from packs and outlines."""
    known = read_dictionaries()
    boxes = _boxes()
    return {
        "term_codes": [term.code for term in known.terms],
        "term_names": [term.name for term in known.terms],
        "term_starts": [term.valid_from for term in known.terms],
        "term_ends": [term.valid_to for term in known.terms],
        "term_areas": [term.area for term in known.terms],
        "term_replaced": [_replaced(term, known.terms) for term in known.terms],
        "format_kinds": json.dumps(known.format_kinds),
        "format_stages": json.dumps(known.format_stages),
        "licences": json.dumps(known.licences),
        "box_keys": [box[0] for box in boxes],
        "box_west": [box[1] for box in boxes],
        "box_south": [box[2] for box in boxes],
        "box_east": [box[3] for box in boxes],
        "box_north": [box[4] for box in boxes],
    }


def _replaced(term: Term, terms: Sequence[Term]) -> str | None:
    """A pattern of the codes of areas that have a term of their own in this one's place."""
    areas = replaced_in(term, terms)
    return f"^({'|'.join(areas)})" if areas else None


def _boxes() -> list[tuple[str, float, float, float, float]]:
    """Bounding boxes of cities, and of counties whose city has no outline."""
    outlines = AreaOutline.objects.filter(key__regex=r"^(\d{4}|\d{6})$").values_list("key", "geometry")
    found = {key: _box(geometry) for key, geometry in outlines}
    return [(key, *box) for key, box in found.items() if len(key) == 4 or key[:4] not in found]


def _box(geometry: Mapping[str, Any]) -> tuple[float, float, float, float]:
    points = list(_points(geometry["coordinates"]))
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    wide = MARGIN_DEGREES
    return min(lons) - wide, min(lats) - wide, max(lons) + wide, max(lats) + wide


def _points(nested: Any) -> Iterator[Any]:
    if nested and isinstance(nested[0], (int, float)):
        yield nested
        return
    for each in nested:
        yield from _points(each)


IDENTIFIERS = (
    SetCheck(
        "licence_no",
        "s.licence_no IS NOT NULL AND s.licence_kind = '无'",
        _("填了证照编号，证照类型却为“无”或未填"),
        _("请填写证照类型"),
    ),
    SetCheck(
        "licence_no",
        "s.licence_no IS NULL AND s.licence_kind <> '无'",
        _("填了证照类型，却没有证照编号"),
        _("请填写证照编号，没有证照的证照类型填“无”"),
    ),
    SetCheck(
        "licence_no",
        "s.licence_no IS NOT NULL AND s.licence_kind NOT IN ('无', 'XK') AND left(s.licence_no, 2) <> s.licence_kind",
        _("证照编号与证照类型不符"),
        _("编号应以证照类型的字母开头"),
    ),
    SetCheck(
        "licence_no",
        "s.closed_on IS NULL",
        _("证照编号与第 {detail} 行相同，且均未注销"),
        _("一证一户：请核对编号，或为已注销的一户填写注销日期"),
        detail=_NAMED,
        joins="JOIN (SELECT licence_no, array_agg(row_no) AS rows FROM {staging} WHERE licence_no IS NOT NULL "
        "AND closed_on IS NULL GROUP BY licence_no HAVING count(*) > 1) d ON d.licence_no = s.licence_no",
    ),
    SetCheck(
        "licence_no",
        "s.closed_on IS NULL AND NOT EXISTS (SELECT 1 FROM {staging} f WHERE f.code = o.code)",
        _("证照编号已属于在册主体：{detail}"),
        _("请核对编号；原主体已注销的，请先更新原主体"),
        detail=f"CASE WHEN {_IN_REACH} THEN o.code || ' ' || o.name ELSE '（其他地区）' END",
        joins="JOIN operators_operator o ON o.licence_no = s.licence_no AND o.code <> s.code AND o.closed_on IS NULL",
    ),
    SetCheck(
        "licence_kind",
        "NOT COALESCE((%(licences)s::jsonb -> COALESCE(s.small_kind, s.kind)) ? s.licence_kind, TRUE)"
        " AND s.licence_kind <> '无'",
        _("该类主体一般不持有这类证照"),
        _("请核对主体类别和证照类型"),
        severity=WARNING,
    ),
)

KINDS = (
    SetCheck(
        "small_kind",
        "s.kind = '三小' AND s.small_kind IS NULL",
        _("三小主体须填写三小类别"),
        _("填小作坊、小餐饮或小摊点"),
    ),
    SetCheck(
        "small_kind", "s.kind <> '三小' AND s.small_kind IS NOT NULL", _("非三小主体不应填写三小类别"), _("请清空该格")
    ),
    SetCheck(
        "format",
        "s.format = ANY(%(term_names)s::text[])"
        f" AND NOT EXISTS (SELECT FROM {_TERMS} WHERE t.name = s.format AND {_IN_FORCE})",
        _("该业态名称在生效日期或该地区不适用，应为：{detail}"),
        _("请改用当时有效的业态名称，或核对生效日期"),
        detail=f"COALESCE((SELECT string_agg(t.name, '、') FROM {_TERMS} WHERE {_IN_FORCE} AND t.code IN "
        f"(SELECT t.code FROM {_TERMS} WHERE t.name = s.format)), '（已停用）')",
    ),
    SetCheck(
        "format",
        "%(format_kinds)s::jsonb ->> s.format <> s.kind",
        _("业态通常属于“{detail}”"),
        _("请核对主体类别和业态"),
        detail="%(format_kinds)s::jsonb ->> s.format",
        severity=WARNING,
    ),
    SetCheck(
        "stage",
        "s.kind <> '三小' AND %(format_stages)s::jsonb ->> s.format <> s.stage",
        _("该业态通常属于“{detail}”环节"),
        _("请核对环节和业态"),
        detail="%(format_stages)s::jsonb ->> s.format",
        severity=WARNING,
    ),
    SetCheck(
        "area_m2",
        f"s.small_kind = '小餐饮' AND s.area_m2 > {SMALL_RESTAURANT_M2}",
        _("小餐饮面积超过 50 平方米"),
        _("请核对面积，超过的应办理食品经营许可"),
        severity=WARNING,
    ),
)

DATES = (
    dates_in_order("opened_on", "closed_on", strictly=False),
    SetCheck("opened_on", "s.opened_on > %(today)s::date", _("开业日期在今天之后"), _("请核对日期"), severity=WARNING),
    SetCheck("closed_on", "s.closed_on > %(today)s::date", _("注销日期在今天之后"), _("请核对日期"), severity=WARNING),
)

PLACES = (
    *area_checks("area_code", _LAST_DAY, "%(effective_on)s", remedy=_("请填写现行的 9 位乡级或 12 位村级代码")),
    SetCheck(
        "area_code",
        f"length(s.area_code) < {LEAST_DIGITS} AND EXISTS (SELECT 1 FROM areas_area a WHERE a.code = s.area_code)",
        _("区划只到县级或以上"),
        _("请填写 9 位乡级或 12 位村级代码"),
    ),
    SetCheck("lat", "(s.lon IS NULL) <> (s.lat IS NULL)", _("经度和纬度须同时填写"), _("请补齐，或都留空")),
    SetCheck(
        "lon",
        "NOT (s.lon BETWEEN b.west AND b.east AND s.lat BETWEEN b.south AND b.north)",
        _("坐标不在所属地区范围内：{detail}"),
        _("请核对经纬度是否写反、是否为 WGS-84 坐标"),
        detail="s.lon || ', ' || s.lat",
        joins="JOIN unnest(%(box_keys)s::text[], %(box_west)s::float8[], %(box_south)s::float8[], "
        "%(box_east)s::float8[], %(box_north)s::float8[]) AS b (key, west, south, east, north) "
        "ON starts_with(s.area_code, b.key)",
        severity=WARNING,
    ),
)

CHECKS = (*IDENTIFIERS, *KINDS, *DATES, *PLACES)
