"""Tiers as a file: as another system or the office set them, each with its reason."""

from django.utils.translation import gettext_lazy as _

from shian.domains.duties.imports.dated import AREA_COLUMNS, DAYS, OPERATOR, OPERATOR_FIELDS, ROLES, dated_checks
from shian.domains.duties.models import TierLetter
from shian.kernel.imports.specs import ImportField, ImportSpec, SetCheck, Target, register_importer, text

_MATCHED = (
    f"{OPERATOR} JOIN duties_tier t ON t.operator_id = o.id AND t.valid_from = s.valid_from AND t.state = 'confirmed' "
    "JOIN duties_match m ON m.tier_row_id = t.id"
)

TIERS = ImportSpec(
    key="duty_tiers",
    title=_("包保层级"),
    description=_("每户的 A、B、C、D 级，分级时的从业人数、产值和依据；调整的另起一行，原行填截止日期"),
    order=233,
    natural_key=("operator_code", "valid_from"),
    area_field="area_code",
    roles=ROLES,
    fields=(
        *OPERATOR_FIELDS,
        *DAYS,
        ImportField("tier", _("包保层级"), required=True, choices={**{x: x for x in TierLetter.values},
                                                               **{f"{x}级": x for x in TierLetter.values}}),
        ImportField("employees", _("从业人数"), "integer", minimum=0),
        ImportField("output", _("年产值"), "number", unit=_("万元"), minimum=0),
        ImportField("rule_version", _("规则版本"), max_length=20),
        ImportField("reason", _("分级依据"), required=True, max_length=200),
    ),
    checks=(
        *dated_checks("duties_tier", "t.state = 'confirmed'"),
        SetCheck(
            "tier", "t.tier <> s.tier", _("已按 {detail}级对接干部，不能在原行改级"),
            _("请填写原行的截止日期，另起一行"),
            detail="t.tier", joins=_MATCHED,
        ),
        SetCheck(
            "valid_to", "s.valid_to IS NOT NULL AND m.valid_to IS NULL", _("仍有现行对接"), _("请先终止该户的对接"),
            joins=_MATCHED,
        ),
    ),
    target=Target(
        table="duties_tier",
        key=("operator_id", "valid_from", "state"),
        joins=OPERATOR,
        columns={
            "operator_id": "o.id",
            "valid_from": "s.valid_from",
            "valid_to": "s.valid_to",
            "state": "'confirmed'",
            "tier": "s.tier",
            "employees": "s.employees",
            "output": "s.output",
            "rule_version": text("rule_version"),
            "reason": "s.reason",
        },
        stamps={
            "origin": "'file'", "industry": "''", "ended_because": "''", "set_by": "%(by)s", "set_at": "%(at)s",
            "decided_by": "''", **AREA_COLUMNS,
        },
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importer."""
    register_importer(TIERS)
