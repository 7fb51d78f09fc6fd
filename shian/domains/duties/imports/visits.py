"""Visits of earlier quarters as a file: records of the national platform, or of paper. One statement per question."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shian.domains.duties.imports.dated import OPERATOR, OPERATOR_FIELDS, ROLES
from shian.kernel.imports.specs import ImportField, ImportSpec, Reference, SetCheck, Target, register_importer, text

_ON_THE_DAY = (
    "duties_match m ON m.operator_id = o.id AND m.valid_from <= s.visited_on "
    "AND (m.valid_to IS NULL OR m.valid_to > s.visited_on)"
)
_QUARTER = "to_char(s.visited_on, 'YYYY\"Q\"Q')"
_CLOSED = (
    f"EXISTS (SELECT 1 FROM duties_quarterfigure q WHERE q.quarter = {_QUARTER} "
    "AND q.area_key IN (m.city, m.county) AND q.tier = '')"
)


def import_parameters() -> Mapping[str, Any]:
    return {"zone": settings.TIME_ZONE, "now": timezone.now()}


VISITS = ImportSpec(
    key="duty_visits",
    title=_("包保督导记录"),
    description=_("以前季度的督导记录，或者从国家平台导出的记录；现场督导请用手机填报"),
    order=236,
    natural_key=("number",),
    area_field="area_code",
    roles=ROLES,
    fields=(
        ImportField("number", _("督导编号"), required=True, max_length=40),
        *OPERATOR_FIELDS,
        ImportField("visited_on", _("督导日期"), "date", required=True),
        ImportField("official_code", _("干部编号"), max_length=40, references=Reference("duties_official", "code"),
                    hint=_("留空时取当日的包保干部")),
        ImportField("way", _("督导方式"), choices={"现场督导": "onsite", "线上督导": "remote"}, default="onsite"),
        ImportField("companion", _("同行人员"), max_length=60),
        ImportField("faults", _("问题数"), "integer", minimum=0, maximum=10, default="0"),
        ImportField("opinion", _("督导意见"), max_length=2000),
    ),
    checks=(
        SetCheck("visited_on", "s.visited_on > %(today)s::date", _("日期在今天以后"), _("请核对日期")),
        SetCheck(
            "area_code", "o.area_code <> s.area_code", _("与主体登记的区划不符：{detail}"),
            _("请填写主体登记的区划代码"), detail="o.area_code", joins=OPERATOR,
        ),
        SetCheck(
            "operator_code", "m.id IS NULL", _("当日没有包保干部"), _("请先导入包保对接，或者核对日期"),
            joins=f"{OPERATOR} LEFT JOIN {_ON_THE_DAY}",
        ),
        SetCheck(
            "official_code", "s.official_code IS NOT NULL AND f.code <> s.official_code",
            _("当日的包保干部是 {detail}"), _("请核对干部编号，或者留空"), detail="f.code",
            joins=f"{OPERATOR} JOIN {_ON_THE_DAY} JOIN duties_official f ON f.id = m.official_id",
        ),
        SetCheck(
            "number", "v.batch IS NULL", _("系统中已有这个编号的督导，不是文件补录的"), _("请改用别的编号"),
            joins="JOIN duties_dutyvisit v ON v.number = s.number",
        ),
    ),
    parameters=import_parameters,
    target=Target(
        table="duties_dutyvisit",
        key=("number",),
        joins=f"{OPERATOR} JOIN {_ON_THE_DAY}",
        columns={
            "number": "s.number",
            "operator_id": "o.id",
            "official_id": "m.official_id",
            "match_id": "m.id",
            "tier": "m.tier",
            "quarter": _QUARTER,
            "visited_on": "s.visited_on",
            "way": "s.way",
            "nearness": "'unknown'",
            "companion": text("companion"),
            "is_trained": "TRUE",
            "form": "''",
            "faults": "s.faults",
            "opinion": text("opinion"),
            **{level: f"o.{level}" for level in ("province", "city", "county", "township", "village")},
        },
        stamps={"batch": "%(batch)s", "recorded_at": "%(now)s", "is_late": _CLOSED},
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importer of visits."""
    register_importer(VISITS)
