"""Figures of markets (R33) and of certificates of origin (R34)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shian.domains.tracing.models import Certificate, CertificateKind, InOrder, Market, MarketDay, Merchant, Producer
from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.measures.declarations import Measure, Part, Source, SourceField, register_measure, register_source
from shian.kernel.scope.rules import LEVELS
from shian.kernel.ui.tables import Column, Row

SHOWN = LEVELS[:4]
DAY = "{as_of}"
OF_KIND = "(SELECT m.kind FROM tracing_market m WHERE m.id = t.market_id)"
WHOLESALE = {"kind": "wholesale"}
NAMED = (
    Column("name", _("名称"), is_fixed=True, is_wide=True),
    Column("code", _("编号"), kind="code"),
    Column("day", _("日期"), kind="date"),
)
TRADED = (
    Column("name", _("市场"), is_fixed=True, is_wide=True),
    Column("day", _("日期"), kind="date"),
    Column("ins", _("入库单"), kind="number"),
    Column("outs", _("出库单"), kind="number"),
)


def _named(name: Any, code: str, day: Any) -> Row:
    return Row({"name": name, "code": code, "day": day}, key=code)


def _traded(each: MarketDay) -> Row:
    return Row({"name": each.market.name, "day": each.day, "ins": each.ins, "outs": each.outs}, key=str(each.pk))


def _source(key: str, title: Any, register: str, model: type[Model], fields: Mapping[str, str], **more: Any) -> Source:
    named = {name: SourceField(name, sql) for name, sql in fields.items()}
    told: dict[str, Any] = {"columns": NAMED} | more
    return Source(key=key, title=title, register=register, model=model, fields=named, **told)


SOURCES = (
    _source(
        "trace_markets", _("追溯市场"), "R33", Market, {"kind": "t.kind"}, valid_from="opened_on",
        valid_to="closed_on", row_of=lambda each: _named(each.name, each.code, each.opened_on),
    ),
    _source(
        "merchants", _("入场商户"), "R33", Merchant,
        {"kind": OF_KIND, "connected": f"(t.connected_on IS NOT NULL AND t.connected_on <= {DAY})"},
        condition=f"(t.left_on IS NULL OR t.left_on > {DAY})", related=("market",),
        row_of=lambda each: _named(each.name, f"{each.market.code}-{each.number}", each.connected_on),
    ),
    _source(
        "market_days", _("市场日交易"), "R33", MarketDay,
        {"kind": OF_KIND, "ins": "t.ins + t.refused", "outs": "t.outs", "in_kg": "t.in_kg", "out_kg": "t.out_kg"},
        columns=TRADED, row_of=_traded, condition=f"t.day <= {DAY}", related=("market",),
    ),
    _source(
        "in_orders", _("市场入库单"), "R33", InOrder, {"kind": OF_KIND, "variety": "t.variety_id"},
        condition=f"(t.received_at AT TIME ZONE 'Asia/Shanghai')::date <= {DAY}", related=("variety",),
        row_of=lambda each: _named(each.variety.name, each.number, timezone.localdate(each.received_at)),
    ),
    _source(
        "producers", _("农产品生产主体"), "R34", Producer,
        {
            "scale": "t.is_scale", "connected": f"(t.connected_on IS NOT NULL AND t.connected_on <= {DAY})",
            "certified": "EXISTS (SELECT 1 FROM tracing_certificate c WHERE c.producer_id = t.id "
                         f"AND c.issued_on <= {DAY})",
        },
        condition=f"t.listed_on <= {DAY}", row_of=lambda each: _named(each.name, each.code, each.connected_on),
    ),
    _source(
        "certificates", _("产地凭证"), "R34", Certificate, {"kind": "t.kind"}, condition=f"t.issued_on <= {DAY}",
        row_of=lambda each: _named(each.variety.name, each.number, each.issued_on), related=("variety",),
        words=dict(CertificateKind.choices),
    ),
)  # fmt: skip


def _part(source: str, where: Mapping[str, Any], aggregate: str = "count", column: str = "") -> Part:
    return Part(source, aggregate, column, parse_conditions(where))


def _measure(key: str, title: Any, title_en: str, unit: Any, part: Part, **more: Any) -> Measure:
    register = "R33" if key.startswith("market") else "R34"
    return Measure(key, title, unit, SHOWN, part, title_en=title_en, register=register, **more)


RATE: dict[str, Any] = {"scale": Decimal(100), "decimals": 1}
OF_MARKETS = "食用农产品市场销售质量安全监督管理办法"
OF_FARMS = "农产品质量安全法 第三十九条"
MEASURES = (
    _measure("market.wholesale", _("在营农批市场"), "Wholesale markets", _("个"), _part("trace_markets", WHOLESALE)),
    _measure(
        "market.merchants", _("纳入追溯的入场商户"), "Merchants connected", _("家"),
        _part("merchants", WHOLESALE | {"connected": True}),
    ),
    _measure(
        "market.connected", _("农批市场商户入网率"), "Share of merchants connected", "%",
        _part("merchants", WHOLESALE | {"connected": True}), whole=_part("merchants", WHOLESALE), **RATE,
    ),
    _measure("market.ins", _("市场追溯入库单"), "In-orders", _("个"), _part("market_days", WHOLESALE, "sum", "ins"),
             legal_basis=OF_MARKETS),
    _measure("market.outs", _("市场追溯出库单"), "Out-orders", _("个"), _part("market_days", WHOLESALE, "sum", "outs"),
             legal_basis=OF_MARKETS),
    _measure(
        "market.varieties", _("市场追溯品种数"), "Varieties traded", _("个"),
        _part("in_orders", WHOLESALE, "distinct", "variety"),
    ),
    _measure(
        "producer.connected", _("电子合格证试点接入主体"), "Producers connected", _("家"),
        _part("producers", {"connected": True}),
    ),
    _measure(
        "producer.certified", _("规模以上种养主体参与追溯比例"), "Large producers with certificates", "%",
        _part("producers", {"scale": True, "certified": True}), whole=_part("producers", {"scale": True}), **RATE,
    ),
    _measure(
        "certificate.electronic", _("开具电子追溯合格证"), "Electronic certificates", pgettext_lazy("lot", "批次"),
        _part("certificates", {"kind": "electronic"}), legal_basis=OF_FARMS,
    ),
    _measure(
        "certificate.kinds", _("产地凭证种类"), "Kinds of certificates", _("种"),
        _part("certificates", {}, "distinct", "kind"),
    ),
)  # fmt: skip


def register() -> None:
    """Hand sources and measures to the engine."""
    for source in SOURCES:
        register_source(source)
    for measure in MEASURES:
        register_measure(measure)
