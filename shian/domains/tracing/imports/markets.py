"""Markets and their merchants as files."""

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.imports.orders import ROLES, area_of, in_reach
from shian.domains.tracing.imports.parties import (
    CONTACT,
    CONTACT_COLUMNS,
    OF_OPERATOR,
    as_operator,
    key_and_name,
    operator_field,
    party_statements,
)
from shian.domains.tracing.models import MarketKind
from shian.domains.tracing.rules.naming import MERCHANT, WALK_IN
from shian.kernel.imports.specs import (
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Target,
    area_columns_sql,
    register_importer,
    text,
)
from shian.registers.areas.imports import area_checks, dates_in_order

KINDS = {"农批市场": MarketKind.WHOLESALE.value, "零售市场": MarketKind.RETAIL.value}
_PILOT = ("chosen_on", "equipped_on", "running_on", "evaluated_on")
MARKETS = ImportSpec(
    key="markets",
    title=_("追溯市场"),
    description=_("纳入追溯的农批市场和零售市场（试点）"),
    order=260,
    natural_key=("code",),
    area_field="area_code",
    roles=ROLES,
    fields=(
        *key_and_name("code", _("市场编号"), _("市场名称"), (30, 80)),
        ImportField("kind", _("市场类型"), required=True, choices=KINDS),
        operator_field(_("开办者主体编号")),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("address", _("地址"), max_length=200),
        ImportField("booths", _("摊位数"), "integer", minimum=0, maximum=100_000, default="0"),
        ImportField("opened_on", _("开办日期"), "date", required=True),
        ImportField("closed_on", _("停办日期"), "date"),
        ImportField("chosen_on", _("试点确定"), "date"),
        ImportField("equipped_on", _("设备到位"), "date"),
        ImportField("running_on", _("试点运行"), "date"),
        ImportField("evaluated_on", _("试点评估"), "date"),
    ),
    checks=(
        *area_checks("area_code", "s.opened_on", "%(today)s::date"),
        dates_in_order("opened_on", "closed_on", strictly=False),
        SetCheck("chosen_on", "s.chosen_on IS NOT NULL AND s.kind <> 'retail'", _("试点只在零售市场"), ""),
    ),
    target=Target(
        table="tracing_market",
        key=("code",),
        joins=OF_OPERATOR,
        columns={
            "code": "s.code", "name": "s.name", "kind": "s.kind", "operator_id": "o.id", "area_code": "s.area_code",
            "address": text("address"), "booths": "s.booths", "opened_on": "s.opened_on", "closed_on": "s.closed_on",
            **{each: f"s.{each}" for each in _PILOT}, **area_columns_sql("s.area_code"),
        },
        after=party_statements("tracing_market", f"'{WALK_IN}' || t.code", "walk_in", "NULL::bigint"),
        dependants=lambda: {"tracing_outorder": "d.market_id = t.id"},
    ),
)  # fmt: skip
_MARKET = "JOIN tracing_market m ON m.code = s.market_code"
MERCHANTS = ImportSpec(
    key="merchants",
    title=_("市场入场商户"),
    description=_("各市场的入场商户档案；入网日期留空的是尚未纳入追溯的"),
    order=261,
    natural_key=("market_code", "number"),
    roles=ROLES,
    fields=(
        ImportField("market_code", _("市场编号"), required=True, references=Reference("tracing_market", "code")),
        *key_and_name("number", _("商户编号"), _("商户名称"), (30, 120)),
        ImportField("booth", _("摊位号"), max_length=30),
        operator_field(_("主体编号")),
        *CONTACT,
        ImportField("connected_on", _("入网日期"), "date"),
        ImportField("left_on", _("退场日期"), "date"),
    ),
    checks=(
        SetCheck("market_code", f"NOT {in_reach('m')}", _("该市场不在您的管辖范围内"), _("请删除该行，由所属地区导入"),
                 joins=_MARKET),
        dates_in_order("connected_on", "left_on", strictly=False),
    ),
    target=Target(
        table="tracing_merchant",
        key=("market_id", "number"),
        joins=f"{_MARKET} {OF_OPERATOR}",
        columns={
            "market_id": "m.id", "number": "s.number", "name": "s.name", "booth": text("booth"), "operator_id": "o.id",
            **CONTACT_COLUMNS, "connected_on": "s.connected_on", "left_on": "s.left_on", **area_of("m"),
        },
        after=party_statements(
            "tracing_merchant",
            as_operator(f"'{MERCHANT}' || k.code || ':' || t.number"),
            "party",
            more="JOIN tracing_market k ON k.id = t.market_id",
        ),
        dependants=lambda: {"tracing_outorder": "d.merchant_id = t.id"},
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importers of markets and merchants."""
    register_importer(MARKETS)
    register_importer(MERCHANTS)
