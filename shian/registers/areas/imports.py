"""Importers of divisions and of their residents, and the checks by which other importers refer to divisions."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from shian.kernel.imports.pinyin import pinyin
from shian.kernel.imports.specs import (
    Derived,
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Target,
    Text,
    area_columns_sql,
    area_key_sql,
    register_importer,
    text,
)
from shian.kernel.scope.models import AreaScoped
from shian.registers.areas.models import AREA_KINDS

CODE = r"\d{6}|\d{9}|\d{12}"
LEVELS = {"省": "province", "市": "city", "县": "county", "乡": "township", "村": "village"}
_WIDTH = (
    "(CASE s.level WHEN 'province' THEN 2 WHEN 'city' THEN 4 WHEN 'county' THEN 6 WHEN 'township' THEN 9 ELSE 12 END)"
)
_KEY = f"left(s.code, {_WIDTH})"
_UPPER = f"left(s.code, CASE {_WIDTH} WHEN 12 THEN 9 WHEN 9 THEN 6 WHEN 6 THEN 4 WHEN 4 THEN 2 ELSE 0 END)"
_SHAPES = (
    "(CASE s.level WHEN 'province' THEN s.code ~ '^\\d{2}0000$' WHEN 'city' THEN s.code ~ '^\\d{4}00$' "
    "AND s.code !~ '0000$' WHEN 'county' THEN s.code ~ '^\\d{6}$' AND s.code !~ '00$' "
    "WHEN 'township' THEN s.code ~ '^\\d{9}$' ELSE s.code ~ '^\\d{12}$' END)"
)
_KIND_LEVEL = (
    "(CASE WHEN s.kind = '省' THEN 'province' WHEN s.kind = '地级市' THEN 'city' "
    "WHEN s.kind IN ('街道', '镇', '乡', '园区') THEN 'township' WHEN s.kind IN ('社区', '行政村') THEN 'village' "
    "ELSE 'county' END)"
)


def area_checks(field: str, *days: str, remedy: Text = "") -> tuple[SetCheck, ...]:
    """The division named by `field` exists, and is in force on one of the days (SQL over the staged row `s`; without
    any: the effective date). What ended is often filed under today's division, so give both days for it. `remedy` says
    which codes are wanted where not every level will do."""
    own = f"a.code = s.{field}"
    in_force = " OR ".join(
        f"(a.valid_from <= ({day})::date AND (a.valid_to IS NULL OR a.valid_to > ({day})::date))"
        for day in days or ("%(effective_on)s",)
    )
    return (
        SetCheck(
            field=field,
            sql=f"s.{field} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM areas_area a WHERE {own})",
            message=_("没有这个区划代码"),
            remedy=remedy or _("请填写 6 位（省市县）、9 位（乡级）或 12 位（村级）的现行区划代码"),
        ),
        SetCheck(
            field=field,
            sql=f"EXISTS (SELECT 1 FROM areas_area a WHERE {own}) "
            f"AND NOT EXISTS (SELECT 1 FROM areas_area a WHERE {own} AND ({in_force}))",
            message=_("该区划在有关日期不存在：{detail}"),
            remedy=_("请改用继任区划的代码，或核对日期"),
            detail="(SELECT string_agg(a.name || ' ' || a.valid_from || '—' || COALESCE(a.valid_to::text, '') || "
            "CASE WHEN a.successor_code <> '' THEN ' → ' || a.successor_code ELSE '' END, '；' ORDER BY a.valid_from) "
            f"FROM areas_area a WHERE {own})",
        ),
    )


def dates_in_order(start: str, end: str, *, strictly: bool) -> SetCheck:
    """The end does not lie before the start (`strictly`: nor on it)."""
    sign = "<=" if strictly else "<"
    return SetCheck(
        field=end,
        sql=f"s.{end} {sign} s.{start}",
        message=_("结束日期早于或等于开始日期") if strictly else _("结束日期早于开始日期"),
        remedy=_("请核对两个日期"),
    )


def _rows_inside() -> dict[str, str]:
    """Every table with area columns may hold rows inside an area; another version of the same area still holds them."""
    inside = "t.key IN (d.province, d.city, d.county, d.township, d.village)"
    alone = "NOT EXISTS (SELECT 1 FROM areas_area o WHERE o.key = t.key AND o.id <> t.id)"
    scoped = [model for model in apps.get_models() if issubclass(model, AreaScoped)]
    return {each._meta.db_table: f"{inside} AND {alone}" for each in scoped if each._meta.app_label != "imports"}


def _area_set_checks() -> tuple[SetCheck, ...]:
    parent = area_key_sql("s.parent_code")
    period = "daterange({0}.valid_from, {0}.valid_to)"
    return (
        SetCheck("code", f"NOT {_SHAPES}", _("区划代码与级别不符"), _("省、市、县 6 位，乡级 9 位，村级 12 位")),
        SetCheck("kind", f"s.level <> {_KIND_LEVEL}", _("类型与级别不符"), _("请核对级别和类型")),
        SetCheck(
            "parent_code",
            f"s.parent_code IS NOT NULL AND {_UPPER} <> {parent}",
            _("上级代码与区划代码不符"),
            _("上级应是区划代码的上一级"),
        ),
        dates_in_order("valid_from", "valid_to", strictly=True),
        SetCheck(
            "valid_from",
            "TRUE",
            _("同一代码的两个版本日期重叠：第 {detail} 行"),
            _("请先给旧版本填写停用日期"),
            detail="o.row_no",
            joins="JOIN {staging} o ON o.code = s.code AND o.row_no <> s.row_no AND o.valid_from <> s.valid_from AND "
            "(o.valid_to IS NULL OR o.valid_to > o.valid_from) AND (s.valid_to IS NULL OR s.valid_to > s.valid_from) "
            f"AND {period.format('o')} && {period.format('s')}",
        ),
        SetCheck(
            "valid_from",
            "s.valid_to IS NULL OR s.valid_to > s.valid_from",
            _("与系统中同一代码的版本日期重叠：{detail}"),
            _("请在文件中一并给旧版本填写停用日期"),
            detail="t.name || ' ' || t.valid_from",
            joins="JOIN areas_area t ON t.code = s.code AND t.valid_from <> s.valid_from "
            f"AND (s.valid_to IS NULL OR s.valid_to > s.valid_from) AND {period.format('t')} && {period.format('s')} "
            "AND NOT EXISTS (SELECT 1 FROM {staging} o WHERE o.code = t.code AND o.valid_from = t.valid_from)",
        ),
    )


AREAS = ImportSpec(
    key="areas",
    title=_("行政区划"),
    description=_("省到村的区划及其启用、停用日期"),
    order=10,
    natural_key=("code", "valid_from"),
    area_field="code",
    fields=(
        ImportField("code", _("区划代码"), required=True, pattern=CODE, pattern_hint=_("6、9 或 12 位数字")),
        ImportField("name", _("名称"), required=True, max_length=60),
        ImportField("level", _("级别"), required=True, choices=LEVELS),
        ImportField("kind", _("类型"), required=True, choices=AREA_KINDS),
        ImportField("parent_code", _("上级代码"), references=Reference("areas_area", "code", "code")),
        ImportField("area_km2", _("面积平方公里"), "number", ("面积",), minimum=0, maximum=10**7),
        ImportField("valid_from", _("启用日期"), "date", required=True),
        ImportField("valid_to", _("停用日期"), "date"),
        ImportField("successor_code", _("继任代码"), pattern=CODE, pattern_hint=_("6、9 或 12 位数字")),
        ImportField("is_pseudo", _("虚拟区划"), "boolean", default="false"),
        ImportField("campaign_batch", _("创建批次"), "integer", minimum=0, maximum=100),
    ),
    derived=(Derived(("name_pinyin",), "name", lambda name: (pinyin(name, 200),)),),
    checks=_area_set_checks(),
    target=Target(
        table="areas_area",
        key=("code", "valid_from"),
        columns={
            "code": "s.code",
            "key": _KEY,
            "level": "s.level",
            "name": "s.name",
            "kind": "s.kind",
            "parent_key": _UPPER,
            "area_km2": "s.area_km2::numeric(10, 2)",
            "valid_from": "s.valid_from",
            "valid_to": "s.valid_to",
            "successor_code": text("successor_code"),
            "is_pseudo": "s.is_pseudo",
            "campaign_batch": "s.campaign_batch",
            **area_columns_sql("s.code"),
        },
        stamps={"name_pinyin": text("name_pinyin")},
        dependants=_rows_inside,
    ),
)

POPULATIONS = ImportSpec(
    key="area_populations",
    title=_("常住人口"),
    description=_("乡级常住人口；县、市由乡级相加得出"),
    order=20,
    natural_key=("area_code", "counted_on"),
    area_field="area_code",
    fields=(
        ImportField("area_code", _("区划代码"), required=True, pattern=CODE, pattern_hint=_("6、9 或 12 位数字")),
        ImportField("counted_on", _("统计日期"), "date", required=True),
        ImportField("residents", _("常住人口"), "integer", required=True, minimum=0, maximum=2 * 10**9, unit=_("人")),
    ),
    checks=area_checks("area_code", "s.counted_on"),
    target=Target(
        table="areas_areapopulation",
        key=("area_code", "counted_on"),
        columns={
            "area_code": "s.area_code",
            "counted_on": "s.counted_on",
            "residents": "s.residents",
            **area_columns_sql("s.area_code"),
        },
    ),
)


def register() -> None:
    """Registers the importers of this app."""
    register_importer(AREAS)
    register_importer(POPULATIONS)
