"""The importer of operators: fields, checks of single cells, checks over rows, dated versions.

Layers, top to bottom: this file, checks, fields, versions, dictionaries.
"""

from django.utils.translation import gettext_lazy as _

from shian.kernel.accounts.models import Role
from shian.kernel.imports.specs import ImportSpec, Target, area_columns_sql, register_importer, text
from shian.registers.operators.imports.checks import CHECKS, parameters
from shian.registers.operators.imports.fields import NAME_COLUMNS, operator_fields
from shian.registers.operators.imports.versions import KEEP_VERSIONS


def operators_spec() -> ImportSpec:
    """Built when the app is ready, because the dictionaries are packs."""
    return ImportSpec(
        key="operators",
        title=_("食品经营主体"),
        description=_("生产、销售、餐饮、农贸市场和三小主体，一户一档"),
        order=70,
        natural_key=("code",),
        area_field="area_code",
        roles=(Role.OFFICE, Role.COUNTY, Role.DEPARTMENT),
        fields=operator_fields(),
        derived=(NAME_COLUMNS,),
        checks=CHECKS,
        parameters=parameters,
        target=TARGET,
    )


TARGET = Target(
    table="operators_operator",
    key=("code",),
    columns={
        "code": "s.code",
        "name": "s.name",
        "uscc": text("uscc"),
        "licence_kind": "s.licence_kind",
        "licence_no": text("licence_no"),
        "kind": "s.kind",
        "small_kind": text("small_kind"),
        "format": "s.format",
        "stage": "s.stage",
        "size": text("size"),
        "employees": "s.employees",
        "area_m2": "s.area_m2::numeric(10, 2)",
        "representative": text("representative"),
        "phone": text("phone"),
        "area_code": "s.area_code",
        "address": "s.address",
        "lon": "s.lon::numeric(9, 6)",
        "lat": "s.lat::numeric(8, 6)",
        "chain_code": text("chain_code"),
        "host_code": text("host_code"),
        "opened_on": "s.opened_on",
        "closed_on": "s.closed_on",
        **area_columns_sql("s.area_code"),
    },
    stamps={
        "name_pinyin": text("name_pinyin"),
        "initials": text("initials"),
        "search": "s.search::tsvector",
        "source_batch": "%(batch)s",
        "updated_at": "%(at)s",
    },
    after=KEEP_VERSIONS,
    satellites={"operators_operatorversion": "operator_id"},
)


def register() -> None:
    """Registers the importers of this app."""
    register_importer(operators_spec())
