"""Matches as a file: which official answered for which operator, from when to when."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shian.domains.duties.imports.dated import AREA_COLUMNS, DAYS, OPERATOR, OPERATOR_FIELDS, ROLES, dated_checks
from shian.domains.duties.rules.matching import LEVEL_OF
from shian.kernel.imports.specs import ImportField, ImportSpec, Reference, SetCheck, Target, register_importer

_OFFICIAL = "JOIN duties_official f ON f.code = s.official_code"
_TIER = (
    "duties_tier k ON k.operator_id = o.id AND k.state = 'confirmed' AND k.valid_from <= s.valid_from "
    "AND (k.valid_to IS NULL OR k.valid_to > s.valid_from)"
)
_LEVEL = "CASE k.tier {} END".format(" ".join(f"WHEN '{tier}' THEN '{level}'" for tier, level in LEVEL_OF.items()))
FIRST, ENDED = "首次对接", "随导入的文件终止"


def zone_parameters() -> Mapping[str, Any]:
    return {"zone": settings.TIME_ZONE}


def moment(column: str) -> str:
    """The beginning of a day where the program runs."""
    return f"({column}::timestamp AT TIME ZONE %(zone)s)"


MATCHES = ImportSpec(
    key="duty_matches",
    title=_("包保对接"),
    description=_("每户由哪名干部包保、起止日期；同一天只有一名，层级须与主体的包保层级对应"),
    order=234,
    natural_key=("operator_code", "valid_from"),
    area_field="area_code",
    roles=ROLES,
    fields=(
        *OPERATOR_FIELDS,
        *DAYS,
        ImportField("official_code", _("干部编号"), required=True, references=Reference("duties_official", "code")),
        ImportField("reason", _("对接原因"), max_length=200, default=FIRST),
    ),
    checks=(
        *dated_checks("duties_match"),
        SetCheck(
            "operator_code", "k.id IS NULL", _("当日没有包保层级"), _("请先导入该户的包保层级"),
            joins=f"{OPERATOR} LEFT JOIN {_TIER}",
        ),
        SetCheck(
            "official_code", f"f.level <> {_LEVEL}", _("干部层级与主体的 {detail}级不对应"),
            _("A 级由市级、B 级由县级、C 级由乡级、D 级由村级干部包保"), detail="k.tier",
            joins=f"{OPERATOR} JOIN {_TIER} {_OFFICIAL}",
        ),
        SetCheck(
            "official_code", "s.valid_from < f.valid_from OR (f.valid_to IS NOT NULL AND "
            "COALESCE(s.valid_to, 'infinity'::date) > f.valid_to)",
            _("干部的任期不覆盖对接日期：{detail}"), _("请核对任期和对接日期"),
            detail="f.valid_from || '—' || COALESCE(f.valid_to::text, '')", joins=_OFFICIAL,
        ),
    ),
    parameters=zone_parameters,
    target=Target(
        table="duties_match",
        key=("operator_id", "valid_from"),
        joins=f"{OPERATOR} {_OFFICIAL} JOIN {_TIER}",
        columns={
            "operator_id": "o.id",
            "valid_from": "s.valid_from",
            "valid_to": "s.valid_to",
            "official_id": "f.id",
            "tier_row_id": "k.id",
            "tier": "k.tier",
            "level": "f.level",
            "reason": "s.reason",
            "begun_at": moment("s.valid_from"),
            "ended_at": moment("s.valid_to"),
            "ended_because": f"CASE WHEN s.valid_to IS NULL THEN '' ELSE '{ENDED}' END",
        },
        stamps=AREA_COLUMNS,
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importer."""
    register_importer(MATCHES)
