"""The census of operators as a file: verified with its numbers, or excluded with its reason."""

from django.utils.translation import gettext_lazy as _

from shian.domains.duties.imports.dated import AREA_COLUMNS, DAYS, OPERATOR, OPERATOR_FIELDS, ROLES, dated_checks
from shian.domains.duties.models import Exclusion
from shian.kernel.imports.specs import ImportField, ImportSpec, SetCheck, Target, register_importer, text

EXCLUSIONS = {**{str(each.label): each.value for each in Exclusion}, **{each.value: each.value for each in Exclusion}}
_STATE = (
    "CASE WHEN s.exclusion IS NOT NULL THEN 'excluded' WHEN s.verified_on IS NOT NULL THEN 'verified' "
    "WHEN s.visited_on IS NOT NULL THEN 'visited' ELSE 'listed' END"
)

CENSUS = ImportSpec(
    key="duty_census",
    title=_("包保摸底排查"),
    description=_("每户的走访、核实结果和规模，或不纳入包保的原因；不纳入的每户都须有原因"),
    order=232,
    natural_key=("operator_code", "valid_from"),
    area_field="area_code",
    roles=ROLES,
    fields=(
        *OPERATOR_FIELDS,
        *DAYS,
        ImportField("employees", _("从业人数"), "integer", minimum=0),
        ImportField("output", _("年产值"), "number", unit=_("万元"), minimum=0, aliases=("年营业收入",)),
        ImportField("diners", _("就餐人数"), "integer", minimum=0),
        ImportField("visited_on", _("走访日期"), "date"),
        ImportField("verified_on", _("核实日期"), "date"),
        ImportField("verifier", _("核实单位"), max_length=80),
        ImportField("exclusion", _("不纳入原因"), choices=EXCLUSIONS),
        ImportField("note", _("说明"), max_length=200),
    ),
    checks=(
        *dated_checks("duties_censusentry"),
        SetCheck("verified_on", "s.verified_on < s.visited_on", _("核实日期早于走访日期"), _("请核对两个日期")),
    ),
    target=Target(
        table="duties_censusentry",
        key=("operator_id", "valid_from"),
        joins=OPERATOR,
        columns={
            "operator_id": "o.id",
            "valid_from": "s.valid_from",
            "valid_to": "s.valid_to",
            "state": _STATE,
            "employees": "s.employees",
            "output": "s.output",
            "diners": "s.diners",
            "visited_on": "s.visited_on",
            "verified_on": "s.verified_on",
            "verifier": text("verifier"),
            "exclusion": text("exclusion"),
            "note": text("note"),
        },
        stamps=AREA_COLUMNS,
    ),
)


def register() -> None:
    """Registers the importer."""
    register_importer(CENSUS)
