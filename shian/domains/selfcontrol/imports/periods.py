"""Weekly reports and monthly minutes from other systems or paper as a file. What is recorded already stays."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.imports.records import CHECKS, JOIN, OPERATOR, ROLES, added, not_ahead
from shian.domains.selfcontrol.imports.staff import DUTIES
from shian.domains.selfcontrol.queries.numbers import CONTROLS
from shian.kernel.imports.specs import Counts, ImportField, ImportSpec, SetCheck, Staged, register_importer
from shian.kernel.ui.masking import Personal

_SIGNED = "(s.signed_on::timestamp AT TIME ZONE %(zone)s)"
_DAYS = (
    "(SELECT COALESCE(jsonb_object_agg(s.monday + d::int - 1, 'clear'), '{}') "
    "FROM regexp_split_to_table(COALESCE(s.weekdays, ''), '') d WHERE d <> '')"
)
WEEK = {
    "operator_id": "o.id",
    "monday": "s.monday",
    "found": f"jsonb_build_object('days', {_DAYS}, 'problems', '[]'::jsonb)",
    "summary": "s.summary",
    "risks": "''",
    "measures": "''",
    "drafted_by": "%(by)s",
    "signed_by": "%(by)s",
    "signed_duty": "s.signed_duty",
    "signed_at": _SIGNED,
    "is_late": "s.signed_on > s.monday + 6 + %(week_days)s",
}
MONTH = {
    "operator_id": "o.id",
    "month": "s.month",
    "held_on": "s.held_on",
    "participants": "s.participants",
    "heard": "s.heard",
    "plan": "''",
    "written_by": "%(by)s",
    "signed_by": "%(by)s",
    "signed_at": _SIGNED,
    "is_late": "s.signed_on > (s.month + INTERVAL '1 month')::date + %(month_day)s - 1",
}


def _numbers() -> Mapping[str, Any]:
    latest = CONTROLS.versions()[-1]
    return {"zone": settings.TIME_ZONE, "week_days": latest.week_days, "month_day": latest.month_day}


def _apply_weeks(staged: Staged) -> Counts:
    return added(staged, "selfcontrol_weeklycheck", WEEK, JOIN)


def _apply_months(staged: Staged) -> Counts:
    return added(staged, "selfcontrol_dispatchmeeting", MONTH, JOIN)


WEEKS = ImportSpec(
    key="weekly_checks",
    title=_("每周食品安全排查治理报告"),
    description=_("从其他系统或纸质记录补录的、已签字的周排查报告：每个主体每周一行"),
    order=312,
    natural_key=("operator_code", "monday"),
    area_field="area_code",
    roles=ROLES,
    parameters=_numbers,
    fields=(
        *OPERATOR,
        ImportField("monday", _("周一日期"), "date", required=True),
        ImportField(
            "weekdays", _("有记录的星期"), pattern="[1-7]{0,7}", pattern_hint=_("有日管控记录的是星期几，如 12345"),
        ),
        ImportField("summary", _("本周情况"), required=True, max_length=2000),
        ImportField(
            "signed_duty", _("签字人职责"), required=True,
            choices=DUTIES,
        ),
        ImportField("signed_on", _("签字日期"), "date", required=True),
    ),
    checks=(
        *CHECKS,
        not_ahead("signed_on"),
        SetCheck("monday", "EXTRACT(ISODOW FROM s.monday) <> 1", _("不是星期一"), _("请填写那一周星期一的日期")),
        SetCheck("signed_on", "s.signed_on < s.monday", _("签字日期早于那一周"), _("请核对两个日期")),
    ),
    apply=_apply_weeks,
)  # fmt: skip
MONTHS = ImportSpec(
    key="dispatch_meetings",
    title=_("每月食品安全调度会议纪要"),
    description=_("从其他系统或纸质记录补录的、已签字的月调度纪要：每个主体每月一行"),
    order=314,
    natural_key=("operator_code", "month"),
    area_field="area_code",
    roles=ROLES,
    parameters=_numbers,
    fields=(
        *OPERATOR,
        ImportField("month", _("月份"), "date", required=True, hint=_("那个月 1 日的日期")),
        ImportField("held_on", _("召开日期"), "date", required=True),
        ImportField("participants", _("参加人员"), required=True, max_length=300, personal=Personal.NAME),
        ImportField("heard", _("听取汇报"), required=True, max_length=4000),
        ImportField("signed_on", _("签字日期"), "date", required=True),
    ),
    checks=(
        *CHECKS,
        not_ahead("signed_on"),
        SetCheck("month", "EXTRACT(DAY FROM s.month) <> 1", _("不是某月 1 日"), _("请填写那个月 1 日的日期")),
        SetCheck("held_on", "s.held_on < s.month OR s.held_on > s.signed_on", _("召开日期不在月初与签字日期之间"),
                 _("请核对三个日期")),
    ),
    apply=_apply_months,
)  # fmt: skip


def register() -> None:
    """Registers both importers."""
    register_importer(WEEKS)
    register_importer(MONTHS)
