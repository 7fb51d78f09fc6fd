"""Daily records from other systems or paper as a file. What is recorded already stays."""

from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.imports.records import CHECKS, JOIN, OPERATOR, PLACE, ROLES, added, not_ahead
from shian.kernel.imports.specs import Counts, ImportField, ImportSpec, SetCheck, Staged, register_importer

COLUMNS = {
    "operator_id": "o.id",
    "day": "s.day",
    **PLACE,
    "result": "CASE WHEN COALESCE(s.problems, 0) > 0 THEN 'problem' ELSE 'clear' END",
    "problems": "COALESCE(s.problems, 0)",
    "list_version": "0",
    "answers": "'{}'::jsonb",
    "is_late": "s.recorded_on > s.day",
    "is_backfilled": "s.recorded_on > s.day + 1",
    "is_reported": "COALESCE(s.problems, 0) > 0",
    "recorded_at": "(s.recorded_on::timestamp AT TIME ZONE 'Asia/Shanghai')",
    "recorded_by": "%(by)s",
}


def _apply(staged: Staged) -> Counts:
    """The months' partitions first."""
    staged.rows("SELECT selfcontrol_keep_month(d.m) FROM (SELECT DISTINCT date_trunc('month', day)::date m "
                "FROM {staging} WHERE is_good) d")  # fmt: skip
    return added(staged, "selfcontrol_dailycontrol", COLUMNS, JOIN, has_id=False)


CONTROLS = ImportSpec(
    key="daily_controls",
    title=_("每日食品安全检查记录"),
    description=_("从其他系统或纸质记录补录的日管控：每个主体每天一行，没有问题的填 0"),
    order=310,
    natural_key=("operator_code", "day"),
    area_field="area_code",
    roles=ROLES,
    fields=(
        *OPERATOR,
        ImportField("day", _("日期"), "date", required=True),
        ImportField("problems", _("问题数"), "integer", minimum=0, maximum=999, default="0"),
        ImportField("recorded_on", _("记录日期"), "date", required=True),
    ),
    checks=(
        *CHECKS,
        not_ahead("recorded_on"),
        SetCheck("recorded_on", "s.recorded_on < s.day", _("记录日期早于当日"), _("请核对两个日期")),
    ),
    apply=_apply,
)


def register() -> None:
    """Registers the importer of daily records."""
    register_importer(CONTROLS)
