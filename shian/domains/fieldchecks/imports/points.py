"""The point register as a file: set by set, one statement per question."""

from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.queries.formats import LEDGER
from shian.kernel.accounts.models import Role
from shian.kernel.imports.specs import (
    WARNING,
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Target,
    area_columns_sql,
    area_key_sql,
    register_importer,
    text,
)
from shian.registers.areas.imports import area_checks, dates_in_order

_MODE_WORD = "CASE s.mode WHEN 'overt' THEN '明查' ELSE '暗访' END"
_FORMATS = (
    f"SELECT f.data FROM ledgers_ledgerrow f WHERE f.ledger = '{LEDGER}' AND f.data ->> 'code' = s.format "
    f"AND f.data ->> 'mode' = {_MODE_WORD} "
    f"AND starts_with({area_key_sql('s.area_code')}, CASE WHEN f.county <> '' THEN f.county ELSE f.city END)"
)
_STATE = (
    "CASE WHEN s.withdrawn_on IS NOT NULL THEN 'withdrawn' WHEN s.ready_on IS NOT NULL THEN 'ready' "
    "WHEN s.checked_on IS NOT NULL THEN 'checked' WHEN s.prepared_on IS NOT NULL THEN 'prepared' ELSE 'listed' END"
)
_OPERATOR = "LEFT JOIN operators_operator o ON o.code = s.operator_code"
_TWICE = (
    "JOIN (SELECT operator_code, mode, array_agg(row_no ORDER BY row_no) AS rows FROM {staging} "
    "WHERE operator_code IS NOT NULL AND withdrawn_on IS NULL GROUP BY operator_code, mode HAVING count(*) > 1) d "
    "ON d.operator_code = s.operator_code AND d.mode = s.mode"
)
_ELSEWHERE = (
    "JOIN operators_operator o ON o.code = s.operator_code JOIN fieldchecks_fieldpoint p ON p.operator_id = o.id "
    "AND p.mode = s.mode AND p.code <> s.code AND p.withdrawn_on IS NULL"
)
_SAME_PLACE = (
    "JOIN fieldchecks_fieldpoint p ON p.operator_id IS NULL AND p.area_code = s.area_code AND p.name = s.name "
    "AND p.mode = s.mode AND p.code <> s.code AND p.withdrawn_on IS NULL"
)
_PLACE_TWICE = (
    "JOIN (SELECT area_code, name, mode, array_agg(row_no ORDER BY row_no) AS rows FROM {staging} "
    "WHERE operator_code IS NULL AND withdrawn_on IS NULL GROUP BY area_code, name, mode HAVING count(*) > 1) d "
    "ON d.area_code = s.area_code AND d.name = s.name AND d.mode = s.mode AND s.operator_code IS NULL"
)
_OTHER_ROW = "array_to_string(array_remove(d.rows, s.row_no), '、')"
_DAYS = ("listed_on", "prepared_on", "checked_on", "ready_on", "withdrawn_on")

CHECKS = (
    *area_checks("area_code", "COALESCE(s.withdrawn_on, %(today)s::date)", "s.listed_on"),
    SetCheck("area_code", f"length({area_key_sql('s.area_code')}) < 6", _("区划只到市级或以上"),
             _("请填写县级、乡级或村级代码")),
    SetCheck(
        "format", f"NOT EXISTS ({_FORMATS})", _("迎检业态目录里没有这个业态代码或检查方式不符"),
        _("请填写目录里的代码，如 M18；目录是台账“迎检业态目录”"),
    ),
    SetCheck("name", "s.name IS NULL AND s.operator_code IS NULL", _("主体编号和点位名称都没有填写"),
             _("登记在册的填主体编号，其余填点位名称")),
    SetCheck(
        "operator_code", "s.withdrawn_on IS NULL", _("与第 {detail} 行是同一主体、同一检查方式"),
        _("同一检查方式下一个主体只属于一个业态，请删去一行"), detail=_OTHER_ROW, joins=_TWICE,
    ),
    SetCheck(
        "operator_code", "s.withdrawn_on IS NULL", _("该主体已是同一检查方式的点位：{detail}"),
        _("同一检查方式下一个主体只属于一个业态，请先让原点位退出，再导入"),
        detail="p.code", joins=_ELSEWHERE,
    ),
    SetCheck(
        "name", "s.withdrawn_on IS NULL", _("与第 {detail} 行同名、同区划、同一检查方式"), _("请删去一行或写明名称"),
        detail=_OTHER_ROW, joins=_PLACE_TWICE,
    ),
    SetCheck(
        "name", "s.operator_code IS NULL AND s.withdrawn_on IS NULL",
        _("同名、同区划、同一检查方式的点位已登记：{detail}"), _("请沿用原点位编号"), detail="p.code",
        joins=_SAME_PLACE,
    ),
    SetCheck("lat", "(s.lon IS NULL) <> (s.lat IS NULL)", _("经度和纬度须同时填写"), _("请补齐，或都留空")),
    SetCheck("ready_on", "s.ready_on IS NOT NULL AND s.checked_on IS NULL", _("就绪的点位没有检查日期"),
             _("先检查，后就绪")),
    dates_in_order("listed_on", "prepared_on", strictly=False),
    dates_in_order("listed_on", "checked_on", strictly=False),
    dates_in_order("checked_on", "ready_on", strictly=False),
    dates_in_order("listed_on", "withdrawn_on", strictly=False),
    *(SetCheck(day, f"s.{day} > %(today)s::date", _("日期在今天以后"), _("请核对日期")) for day in _DAYS),
    SetCheck(
        "operator_code", "o.closed_on <= %(today)s::date AND s.withdrawn_on IS NULL", _("主体已于 {detail} 注销"),
        _("请让点位退出，或核对主体编号"), detail="o.closed_on", severity=WARNING,
        joins="JOIN operators_operator o ON o.code = s.operator_code",
    ),
    SetCheck(
        "operator_code", f"left(o.area_code, 6) <> left({area_key_sql('s.area_code')}, 6)",
        _("主体在另一个县（市、区）：{detail}"), _("请核对区划代码"), detail="o.area_code",
        joins="JOIN operators_operator o ON o.code = s.operator_code",
    ),
)  # fmt: skip

POINTS = ImportSpec(
    key="check_points",
    title=_("检查点位"),
    description=_("迎检点位：主体或地点、业态、检查方式，整备、检查和就绪的日期"),
    order=230,
    natural_key=("code",),
    area_field="area_code",
    roles=(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY),
    fields=(
        ImportField("code", _("点位编号"), required=True, max_length=40),
        ImportField("mode", _("检查方式"), required=True, choices={"明查": "overt", "明察": "overt", "暗访": "covert"}),
        ImportField("format", _("业态代码"), required=True, max_length=20),
        ImportField(
            "operator_code", _("主体编号"), max_length=40, references=Reference("operators_operator", "code"),
        ),
        ImportField("name", _("点位名称"), max_length=120, hint=_("有主体编号的可留空，取主体名称")),
        ImportField("area_code", _("区划代码"), required=True, aliases=("所在区划",)),
        ImportField("address", _("地址"), max_length=200),
        ImportField("lon", _("经度"), "number", minimum=-180, maximum=180),
        ImportField("lat", _("纬度"), "number", minimum=-90, maximum=90),
        ImportField("department", _("主管部门"), max_length=40, hint=_("留空时取业态目录里的主管部门")),
        ImportField("listed_on", _("列入日期"), "date", required=True),
        ImportField("prepared_on", _("整备日期"), "date"),
        ImportField("checked_on", _("检查日期"), "date"),
        ImportField("ready_on", _("就绪日期"), "date"),
        ImportField("withdrawn_on", _("退出日期"), "date"),
        ImportField("reason", _("退出原因"), max_length=200),
    ),
    checks=CHECKS,
    target=Target(
        table="fieldchecks_fieldpoint",
        key=("code",),
        joins=_OPERATOR,
        columns={
            "code": "s.code",
            "mode": "s.mode",
            "format": "s.format",
            "operator_id": "o.id",
            "name": "COALESCE(s.name, o.name)",
            "area_code": "s.area_code",
            "address": "COALESCE(s.address, o.address, '')",
            "lon": "COALESCE(s.lon, o.lon)",
            "lat": "COALESCE(s.lat, o.lat)",
            "department": f"COALESCE(s.department, (SELECT x.data ->> 'department' FROM ({_FORMATS}) x LIMIT 1), '')",
            "listed_on": "s.listed_on",
            "prepared_on": "s.prepared_on",
            "checked_on": "s.checked_on",
            "ready_on": "s.ready_on",
            "withdrawn_on": "s.withdrawn_on",
            "state": _STATE,
            "reason": text("reason"),
            **area_columns_sql("s.area_code"),
        },
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importer of points."""
    register_importer(POINTS)
