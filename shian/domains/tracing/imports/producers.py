"""Producers as a file."""

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.imports.markets import party_statements
from shian.domains.tracing.imports.orders import NUMBER, NUMBER_HINT, ROLES
from shian.domains.tracing.models import Category
from shian.domains.tracing.rules.naming import OPERATOR, PRODUCER
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
from shian.kernel.ui.masking import Personal
from shian.registers.areas.imports import area_checks, dates_in_order

CATEGORIES = {
    "三品一标": Category.CERTIFIED.value,
    "省级龙头企业": Category.LEADING.value,
    "其他": Category.OTHER.value,
}
PRODUCERS = ImportSpec(
    key="producers",
    title=_("农产品生产主体"),
    description=_("列入、指导、接入农产品质量安全追溯平台的生产主体"),
    order=262,
    natural_key=("code",),
    area_field="area_code",
    roles=ROLES,
    fields=(
        ImportField("code", _("生产主体编号"), required=True, max_length=40, pattern=NUMBER, pattern_hint=NUMBER_HINT),
        ImportField("name", _("生产主体名称"), required=True, max_length=120),
        ImportField("category", _("类别"), choices=CATEGORIES, default=Category.OTHER.value),
        ImportField("operator_code", _("主体编号"), max_length=40, references=Reference("operators_operator", "code")),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("address", _("产地"), max_length=200),
        ImportField("contact", _("联系人"), max_length=30, personal=Personal.NAME),
        ImportField("phone", _("联系电话"), max_length=20, personal=Personal.PHONE),
        ImportField("produce", _("主要产品"), max_length=80),
        ImportField("is_scale", _("规模以上"), "boolean", default="false"),
        ImportField("listed_on", _("列入日期"), "date", required=True),
        ImportField("guided_on", _("指导日期"), "date"),
        ImportField("connected_on", _("接入日期"), "date"),
        ImportField("last_upload_on", _("最近上传"), "date"),
    ),
    checks=(
        *area_checks("area_code", "s.listed_on", "%(today)s::date"),
        SetCheck("listed_on", "s.listed_on > %(today)s::date", _("日期在今天以后"), _("请核对日期")),
        dates_in_order("listed_on", "connected_on", strictly=False),
    ),
    target=Target(
        table="tracing_producer",
        key=("code",),
        joins="LEFT JOIN operators_operator o ON o.code = s.operator_code",
        columns={
            "code": "s.code", "name": "s.name", "category": "s.category", "operator_id": "o.id",
            "area_code": "s.area_code", "address": text("address"), "contact": text("contact"), "phone": text("phone"),
            "produce": text("produce"), "is_scale": "s.is_scale", "listed_on": "s.listed_on",
            "guided_on": "s.guided_on", "connected_on": "s.connected_on",
            "last_upload_on": "GREATEST(s.last_upload_on, (SELECT q.last_upload_on FROM tracing_producer q "
            "WHERE q.code = s.code))", **area_columns_sql("s.area_code"),
        },
        after=party_statements(
            "tracing_producer",
            f"COALESCE((SELECT '{OPERATOR}' || o.code FROM operators_operator o WHERE o.id = t.operator_id), "
            f"'{PRODUCER}' || t.code)",
            "party",
        ),
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importer of producers."""
    register_importer(PRODUCERS)
