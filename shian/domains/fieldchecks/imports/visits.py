"""Field visits of earlier times as a file: records on paper, the covert ones published. One statement per question."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.queries.standards import FIELD_RULES
from shian.kernel.accounts.models import Role
from shian.kernel.imports.specs import (
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Target,
    area_key_sql,
    register_importer,
    text,
)

_POINT = "JOIN fieldchecks_fieldpoint fp ON fp.code = s.point_code"
_MARKS = (
    " LEFT JOIN LATERAL (SELECT passed, excellent FROM unnest(%(mark_days)s::date[], %(passed)s::numeric[],"
    " %(excellent)s::numeric[]) AS dated (day, passed, excellent) WHERE day <= s.visited_on"
    " ORDER BY day DESC LIMIT 1) m ON TRUE"
)
_VERDICT = (
    "CASE WHEN s.verdict IS NOT NULL THEN s.verdict WHEN s.percent >= m.excellent THEN 'excellent' "
    "WHEN s.percent >= m.passed THEN 'passed' ELSE 'failed' END"
)
_AT = "(s.visited_on::timestamp AT TIME ZONE 'Asia/Shanghai')"
_COVERT = "fp.mode = 'covert'"
CHECKS = (
    SetCheck(
        "area_code", f"left({area_key_sql('s.area_code')}, 6) <> fp.county", _("点位在另一个县（市、区）：{detail}"),
        _("请核对点位编号和区划代码"), detail="fp.area_code", joins=_POINT,
    ),
    SetCheck("visited_on", "s.visited_on > %(today)s::date", _("日期在今天以后"), _("请核对日期")),
    SetCheck(
        "visited_on", "s.visited_on < fp.listed_on", _("早于点位的列入日期 {detail}"), _("请核对日期或点位"),
        detail="fp.listed_on", joins=_POINT,
    ),
    SetCheck(
        "second_name", "fp.mode = 'overt' AND (s.second_name IS NULL OR s.second_name = s.lead_name)",
        _("明查须两人以上"), _("请填写另一名检查人员"), joins=_POINT,
    ),
    SetCheck("verdict", "s.verdict IN ('passed', 'excellent') AND s.percent < m.passed",
             _("得分不到合格分 {detail}，结论不能是合格"), _("请核对得分和结论"),
             detail="trim_scale(m.passed)::text", joins=_MARKS),
    SetCheck("verdict", "s.verdict IS NULL AND m.passed IS NULL", _("检查日期没有合格分标准，不能按得分判定"),
             _("请填写结论"), joins=_MARKS),
    SetCheck(
        "number", "v.batch IS NULL", _("系统中已有这个编号的检查，不是文件补录的"), _("请改用别的编号"),
        joins="JOIN fieldchecks_fieldvisit v ON v.number = s.number",
    ),
)  # fmt: skip


def _marks() -> Mapping[str, Any]:
    """The marks of every version, by their first days."""
    found = FIELD_RULES.versions()
    return {
        "mark_days": [each.valid_from for each in found],
        "passed": [each.pass_mark for each in found],
        "excellent": [each.excellent_mark for each in found],
    }


VISITS = ImportSpec(
    key="field_visits",
    title=_("明查暗访记录"),
    description=_("以前的明查暗访，原始记录在纸上；没有公布的暗访不在这里补录"),
    order=240,
    natural_key=("number",),
    area_field="area_code",
    roles=(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY),
    fields=(
        ImportField("number", _("检查编号"), required=True, max_length=40),
        ImportField(
            "point_code", _("点位编号"), required=True, max_length=40,
            references=Reference("fieldchecks_fieldpoint", "code"),
        ),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("round_no", _("轮次"), max_length=40),
        ImportField(
            "issuer_code", _("组织单位编码"), required=True, max_length=40,
            references=Reference("people_organisation", "code"),
        ),
        ImportField("visited_on", _("检查日期"), "date", required=True),
        ImportField("lead_name", _("检查人员"), required=True, max_length=60),
        ImportField("second_name", _("同行人员"), max_length=60),
        ImportField("percent", _("得分"), "number", required=True, minimum=0, maximum=100),
        ImportField("verdict", _("结论"), choices={"优秀": "excellent", "合格": "passed", "不合格": "failed"},
                    hint=_("关键项不合格的填不合格；留空时按得分")),
        ImportField("opinion", _("指导意见"), max_length=2000),
    ),
    parameters=_marks,
    checks=CHECKS,
    target=Target(
        table="fieldchecks_fieldvisit",
        key=("number",),
        joins=_POINT + _MARKS,
        columns={
            "number": "s.number",
            "point_id": "fp.id",
            "round_no": text("round_no"),
            "mode": "fp.mode",
            "format": "fp.format",
            "form": "''",
            "state": f"CASE WHEN {_COVERT} THEN 'released' ELSE 'uploaded' END",
            "issuer_id": "s.issuer_code",
            "lead_name": "s.lead_name",
            "second_name": text("second_name"),
            "visited_on": "s.visited_on",
            "assigned_at": _AT,
            "percent": "s.percent",
            "verdict": _VERDICT,
            "opinion": text("opinion"),
            "uploaded_at": f"CASE WHEN {_COVERT} THEN NULL ELSE {_AT} END",
            "released_at": f"CASE WHEN {_COVERT} THEN {_AT} END",
            "released_by": f"CASE WHEN {_COVERT} THEN %(by)s ELSE '' END",
            "reason": "''",
            **{level: f"fp.{level}" for level in ("province", "city", "county", "township", "village")},
        },
        stamps={"batch": "%(batch)s"},
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importer of visits."""
    register_importer(VISITS)
