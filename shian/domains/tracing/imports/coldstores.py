"""Stores of imported food and what measures in them, as files."""

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.imports.orders import NUMBER, NUMBER_HINT, ROLES, in_reach
from shian.domains.tracing.models import StoreKind
from shian.kernel.imports.specs import (
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Target,
    area_columns_sql,
    register_importer,
)
from shian.registers.areas.imports import area_checks, dates_in_order

KINDS = {
    "集中监管仓": StoreKind.SUPERVISED.value, "冷库": StoreKind.STORE.value, "冷藏车": StoreKind.VEHICLE.value,
    "冷柜": StoreKind.COUNTER.value,
}  # fmt: skip
STORES = ImportSpec(
    key="cold_stores",
    title=_("冷藏点"),
    description=_("集中监管仓、冷库、冷藏车和冷柜，各有温度限值"),
    order=267,
    natural_key=("code",),
    area_field="area_code",
    roles=ROLES,
    fields=(
        ImportField("code", _("冷藏点编号"), required=True, max_length=40, pattern=NUMBER, pattern_hint=NUMBER_HINT),
        ImportField("name", _("冷藏点名称"), required=True, max_length=80),
        ImportField("kind", _("类型"), required=True, choices=KINDS),
        ImportField("operator_code", _("主体编号"), max_length=40, references=Reference("operators_operator", "code")),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("low", _("下限（℃）"), "number", minimum=-99, maximum=99),
        ImportField("high", _("上限（℃）"), "number", minimum=-99, maximum=99),
        ImportField("opened_on", _("启用日期"), "date", required=True),
        ImportField("closed_on", _("停用日期"), "date"),
    ),
    checks=(
        *area_checks("area_code", "s.opened_on", "%(today)s::date"),
        dates_in_order("opened_on", "closed_on", strictly=False),
        SetCheck("high", "s.low >= s.high", _("上限应高于下限"), _("请核对两个温度")),
    ),
    target=Target(
        table="tracing_coldstore",
        key=("code",),
        joins="LEFT JOIN operators_operator o ON o.code = s.operator_code",
        columns={
            "code": "s.code", "name": "s.name", "kind": "s.kind", "operator_id": "o.id", "area_code": "s.area_code",
            "low": "s.low", "high": "s.high", "opened_on": "s.opened_on", "closed_on": "s.closed_on",
            **area_columns_sql("s.area_code"),
        },
        dependants=lambda: {"tracing_coldalert": "d.store_id = t.id", "tracing_coldstock": "d.store_id = t.id"},
    ),
)  # fmt: skip
_STORE = "JOIN tracing_coldstore m ON m.code = s.store_code"
DEVICES = ImportSpec(
    key="cold_devices",
    title=_("温湿度设备"),
    description=_("冷藏点里的温湿度设备；密钥在冷藏点的页面上逐台发放"),
    order=268,
    natural_key=("number",),
    roles=ROLES,
    fields=(
        ImportField("number", _("设备编号"), required=True, max_length=40, pattern=NUMBER, pattern_hint=NUMBER_HINT),
        ImportField("store_code", _("冷藏点编号"), required=True, references=Reference("tracing_coldstore", "code")),
        ImportField("every_minutes", _("采集间隔（分钟）"), "integer", minimum=1, maximum=1440, default="10"),
        ImportField("connected_on", _("接入日期"), "date", required=True),
        ImportField("retired_on", _("停用日期"), "date"),
    ),
    checks=(
        SetCheck("store_code", f"NOT {in_reach('m')}", _("该冷藏点不在您的管辖范围内"),
                 _("请删除该行，由所属地区导入"), joins=_STORE),
        dates_in_order("connected_on", "retired_on", strictly=False),
    ),
    target=Target(
        table="tracing_colddevice",
        key=("number",),
        joins=_STORE,
        columns={
            "number": "s.number", "store_id": "m.id", "every_minutes": "s.every_minutes",
            "connected_on": "s.connected_on", "retired_on": "s.retired_on",
        },
        stamps={"secret": "''"},
        is_area_scoped=False,
        dependants=lambda: {"tracing_coldreading": "d.device_id = t.id"},
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importers of stores and devices."""
    register_importer(STORES)
    register_importer(DEVICES)
