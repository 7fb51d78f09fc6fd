"""The weekly ledger as a file: what units reported on paper or elsewhere, week by week."""

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.actions.weeks import open_week
from shian.kernel.accounts.models import Role
from shian.kernel.imports.specs import (
    Counts,
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Staged,
    register_importer,
    text,
)
from shian.kernel.scope.rules import key_of_code
from shian.registers.areas.imports import area_checks

REPORTS = (
    "{staging} s JOIN campaign_week w ON w.monday = s.monday JOIN campaign_weekreport r "
    "ON r.week_id = w.id AND r.unit_id = s.unit_code"
)
LINES = f"{REPORTS} LEFT JOIN campaign_weekline t ON t.report_id = r.id AND t.number = s.number"
DIFFERS = (
    "(t.item_code, t.done, t.planned, t.problem, t.help_needed) IS DISTINCT FROM "
    f"({text('item_code')}, s.done, {text('planned')}, {text('problem')}, {text('help_needed')})"
)
_COUNT = (
    f"SELECT count(*) FILTER (WHERE t.id IS NULL), count(*) FILTER (WHERE t.id IS NOT NULL AND {DIFFERS}), "
    f"count(*) FILTER (WHERE t.id IS NOT NULL AND NOT {DIFFERS}) FROM {LINES} WHERE s.is_good"
)
_CHANGED = f"SELECT t.id FROM {LINES} WHERE s.is_good AND t.id IS NOT NULL AND {DIFFERS}"
_FILING = f"SELECT r.id FROM {REPORTS} WHERE s.is_good AND r.state = 'open'"
_UPDATE = (
    f"UPDATE campaign_weekline l SET item_code = {text('item_code')}, done = s.done, planned = {text('planned')}, "
    f"problem = {text('problem')}, help_needed = {text('help_needed')} FROM {LINES} "
    f"WHERE s.is_good AND l.id = t.id AND {DIFFERS}"
)
_INSERT = (
    "INSERT INTO campaign_weekline (report_id, number, item_code, done, planned, problem, help_needed) "
    f"SELECT r.id, s.number, {text('item_code')}, s.done, {text('planned')}, {text('problem')}, "
    f"{text('help_needed')} FROM {LINES} WHERE s.is_good AND t.id IS NULL ORDER BY s.row_no"
)
_FILED = (
    "UPDATE campaign_weekreport u SET state = 'filed', filed_by = %(by)s, filed_at = f.at FROM (SELECT r.id, "
    "min((s.filed_on + TIME '10:00') AT TIME ZONE 'Asia/Shanghai') AS at "
    f"FROM {REPORTS} WHERE s.is_good GROUP BY r.id) f WHERE u.id = f.id AND u.state = 'open'"
)
_WRITTEN = f"SELECT t.id FROM {LINES} WHERE s.is_good"


def _apply(staged: Staged) -> Counts:
    """Open the weeks of the file, write its lines, and count a unit with lines as having filed."""
    weeks = "SELECT DISTINCT s.monday, s.area_code FROM {staging} s WHERE s.is_good ORDER BY 1"
    for monday, area in staged.rows(weeks):
        opened = timezone.make_aware(datetime.combine(monday, time(8)))
        open_week(area_key=key_of_code(area), monday=monday, by=str(staged.parameters["by"]), at=opened)
    counts = Counts(*map(int, staged.rows(_COUNT)[0]))
    last = staged.rows("SELECT COALESCE(max(id), 0) FROM campaign_weekline")[0][0]
    staged.remember("campaign_weekline", _CHANGED)
    staged.remember("campaign_weekreport", _FILING)
    staged.execute(_UPDATE)
    staged.execute(_INSERT)
    staged.execute(_FILED)
    replaced = "SELECT x.row_id FROM imports_replacedrow x WHERE x.batch_id = %(batch)s AND x.\"table\" = '{table}'"
    staged.note_written(
        "campaign_weekline", f"{_WRITTEN} AND t.id > {int(last)}", replaced.replace("{table}", "campaign_weekline")
    )
    staged.note_written(
        "campaign_weekreport", "SELECT 0 WHERE FALSE", replaced.replace("{table}", "campaign_weekreport")
    )
    return counts


WEEKS = ImportSpec(
    key="weekly_ledger",
    title=_("周台账"),
    description=_("各单位每周的工作、计划、问题和需协调事项；一行一条"),
    order=210,
    natural_key=("monday", "unit_code", "number"),
    area_field="area_code",
    roles=(Role.OFFICE,),
    fields=(
        ImportField("area_code", _("创建区划"), required=True, aliases=("区划代码",)),
        ImportField("monday", _("周一日期"), "date", required=True),
        ImportField(
            "unit_code", _("单位编码"), required=True, references=Reference("people_organisation", "code"),
        ),
        ImportField("number", _("序号"), "integer", required=True, minimum=1, maximum=40),
        ImportField("item_code", _("评价内容编号"), max_length=12),
        ImportField("done", _("本周完成"), required=True, max_length=1000),
        ImportField("planned", _("下周计划"), max_length=1000),
        ImportField("problem", _("存在问题"), max_length=1000),
        ImportField("help_needed", _("需协调事项"), max_length=1000),
        ImportField("filed_on", _("填报日期"), "date", required=True),
    ),
    checks=(
        *area_checks("area_code", "s.monday"),
        SetCheck("monday", "extract(isodow FROM s.monday) <> 1", _("不是周一"), _("请填写该周周一的日期")),
        SetCheck("monday", "s.monday > %(today)s", _("周一在今天以后"), _("请核对日期")),
        SetCheck(
            "filed_on", "s.filed_on < s.monday OR s.filed_on > %(today)s", _("填报日期不在该周开始以后、今天以前"),
            _("请核对日期"),
        ),
        SetCheck(
            "monday",
            "EXISTS (SELECT 1 FROM campaign_week w WHERE w.monday = s.monday AND w.locked_at IS NOT NULL)",
            _("该周已锁定"), _("请由创建办在台账上更正"),
        ),
        SetCheck(
            "unit_code",
            "NOT EXISTS (SELECT 1 FROM people_organisation o WHERE o.code = s.unit_code AND (o.is_campaign_department "
            "OR o.department_code = 'CAMPO'))",
            _("不是填报周台账的单位"), _("请填写创建部门或县级创建办的单位编码"),
        ),
    ),
    apply=_apply,
)  # fmt: skip


def register() -> None:
    """Registers the importer of weekly ledgers."""
    register_importer(WEEKS)
