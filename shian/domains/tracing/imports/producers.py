"""Producers as a file."""

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.imports.orders import ROLES
from shian.domains.tracing.imports.parties import (
    CONTACT,
    CONTACT_COLUMNS,
    OF_OPERATOR,
    as_operator,
    key_and_name,
    operator_field,
    party_statements,
)
from shian.domains.tracing.models import Category
from shian.domains.tracing.rules.naming import PRODUCER
from shian.kernel.imports.specs import (
    ImportField,
    ImportSpec,
    SetCheck,
    Target,
    area_columns_sql,
    register_importer,
    text,
)
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
        *key_and_name("code", _("生产主体编号"), _("生产主体名称"), (40, 120)),
        ImportField("category", _("类别"), choices=CATEGORIES, default=Category.OTHER.value),
        operator_field(_("主体编号")),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("address", _("产地"), max_length=200),
        *CONTACT,
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
        joins=OF_OPERATOR,
        columns={
            "code": "s.code", "name": "s.name", "category": "s.category", "operator_id": "o.id",
            "area_code": "s.area_code", "address": text("address"), **CONTACT_COLUMNS,
            "produce": text("produce"), "is_scale": "s.is_scale", "listed_on": "s.listed_on",
            "guided_on": "s.guided_on", "connected_on": "s.connected_on",
            "last_upload_on": "GREATEST(s.last_upload_on, (SELECT q.last_upload_on FROM tracing_producer q "
            "WHERE q.code = s.code))", **area_columns_sql("s.area_code"),
        },
        after=party_statements("tracing_producer", as_operator(f"'{PRODUCER}' || t.code"), "party"),
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importer of producers."""
    register_importer(PRODUCERS)
