"""Every ledger is imported by the ordinary importer: its specification is made from the declaration."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from shian.engine.ledgers.calculated import formula_sql
from shian.engine.ledgers.conditions import Condition, condition_sql, fields_of
from shian.engine.ledgers.declarations import Ledger, RowCheck, all_ledgers
from shian.engine.ledgers.fields import LedgerField
from shian.engine.ledgers.permissions import ENTERING_ROLES
from shian.engine.ledgers.redactions import redaction_checks
from shian.kernel.imports.specs import (
    SQL_TYPES,
    WARNING,
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Target,
    area_columns_sql,
    register_importer,
    text,
)
from shian.kernel.scope.rules import LEVELS

ORDER = 500
HINTS = {
    "uri": _("请填写以 http:// 或 https:// 开头的完整网址"),
    "geopoint": _("请填写“经度,纬度”，如 116.70,39.52"),
    "image": _("图片请在台账页面上传；文件中只写已上传图片的校验值"),
    "file": _("文件请在台账页面上传；表格中只写已上传文件的校验值"),
}


def register() -> None:
    """Offer one importer per declared ledger, as `ledger.<key>`."""
    for ledger in all_ledgers().values():
        register_importer(spec_of(ledger))


def spec_of(ledger: Ledger) -> ImportSpec:
    """The importer of a ledger."""
    literals: dict[str, Any] = {}
    checks = (*(_set_check(check, literals) for check in ledger.checks), *redaction_checks(ledger))
    return ImportSpec(
        key=f"ledger.{ledger.key}",
        title=ledger.title,
        fields=tuple(_field(ledger, each) for each in ledger.given),
        natural_key=ledger.key_fields,
        target=_target(ledger),
        checks=checks,
        area_field=ledger.area,
        roles=ENTERING_ROLES,
        parameters=_constant(literals),
        description=ledger.description,
        order=ORDER,
    )


def _constant(values: Mapping[str, Any]) -> Callable[[], Mapping[str, Any]]:
    return lambda: values


def _field(ledger: Ledger, each: LedgerField) -> ImportField:
    return ImportField(
        name=each.name,
        title=each.title,
        type=each.type if each.type in SQL_TYPES else "string",
        aliases=each.aliases,
        required=each.is_required or each.name in ledger.key_fields,
        choices=each.enum,
        pattern=each.pattern,
        pattern_hint=HINTS.get(each.type, ""),
        max_length=each.max_length or 0,
        minimum=each.minimum,
        maximum=each.maximum,
        references=Reference("files_storedfile", "sha256") if each.is_file else _reference(ledger, each.name),
        unit=each.unit,
        hint=each.description,
        personal=each.personal,
    )


def _reference(ledger: Ledger, name: str) -> Reference | None:
    """The area must exist. An operator or unit that is not registered yet is only remarked on: the row still counts."""
    if name == ledger.area:
        return Reference("areas_area", "code")
    if name == ledger.operator:
        return Reference("operators_operator", "code", severity=WARNING)
    if name == ledger.organisation:
        return Reference("people_organisation", "code", severity=WARNING)
    return None


def _target(ledger: Ledger) -> Target:
    types = {each.name: each.type for each in ledger.given}
    pairs = ", ".join(f"'{each.name}', {_value_sql(each, types)}" for each in ledger.fields)
    keys = ", ".join(f"COALESCE(s.{name}::text, '')" for name in ledger.key_fields)
    areas = area_columns_sql(f"s.{ledger.area}") if ledger.area else {level.value: "''" for level in LEVELS}
    columns = {
        "ledger": f"'{ledger.key}'",
        "key": f"jsonb_build_array({keys})::text",
        **areas,
        "operator_code": text(ledger.operator) if ledger.operator else "''",
        "organisation_code": text(ledger.organisation) if ledger.organisation else "''",
        "occurs_on": f"s.{ledger.occurs_on}" if ledger.occurs_on else "NULL::date",
        "valid_from": f"s.{ledger.valid_from}" if ledger.valid_from else "NULL::date",
        "valid_to": f"s.{ledger.valid_to}" if ledger.valid_to else "NULL::date",
        "data": f"jsonb_strip_nulls(jsonb_build_object({pairs}))",
    }
    return Target(
        table="ledgers_ledgerrow",
        key=("ledger", "key"),
        columns=columns,
        stamps={"batch": "%(batch)s", "updated_at": "%(at)s", "updated_by": "%(by)s"},
    )


def _value_sql(each: LedgerField, types: Mapping[str, str]) -> str:
    return formula_sql(each.formula, types, each.decimals) if each.formula else f"s.{each.name}"


def _set_check(check: RowCheck, literals: dict[str, Any]) -> SetCheck:
    """A row is bad where the conditions hold and a demand does not; an empty other field demands nothing."""
    conditions = _bound(check.conditions, literals)
    demands = [f"COALESCE({_bound((each,), literals)}, {each.is_field})" for each in check.demands]
    return SetCheck(
        field=check.demands[0].field,
        sql=f"COALESCE({conditions}, FALSE) AND NOT ({' AND '.join(demands)})",
        message=check.message,
        remedy=check.remedy,
    )


def _bound(conditions: tuple[Condition, ...], literals: dict[str, Any]) -> str:
    """Conditions over the staged row, with named instead of positional values."""
    fields = fields_of(conditions)
    sql, values = condition_sql(conditions, {name: f"s.{name}" for name in fields})
    for value in values:
        name = f"literal_{len(literals)}"
        literals[name] = value
        sql = sql.replace("%s", f"%({name})s", 1)
    return sql
