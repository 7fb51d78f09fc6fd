"""Plans as a file: a row for each output, with its stage and its plan. Steps come as cases (`cases.step`)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import Schedule, Stage, StageOutput
from shian.engine.cases.imports.rows import good_rows, ids_sql, morning_of
from shian.kernel.accounts.models import Role
from shian.kernel.imports.specs import Counts, ImportField, ImportSpec, RowFault, SetCheck, Staged, register_importer
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.registers.areas.imports import area_checks

NAMES = (
    "plan", "title", "basis", "area_code", "final_on", "stage", "stage_title", "starts_on", "ends_on", "opened_on",
    "output", "output_title", "reference", "recorded_on",
)  # fmt: skip
NOWHERE = "SELECT NULL::bigint WHERE FALSE"


def _examine(staged: Staged) -> Iterator[RowFault]:
    """A plan that is here already must say the same final date and area: a file never moves it."""
    known = {each.key: each for each in Schedule.objects.all()}
    for row in good_rows(staged, NAMES):
        found = known.get(row["plan"])
        if found and (found.final_on, found.area) != (row["final_on"], key_of_code(row["area_code"])):
            yield RowFault(
                row["row_no"], "final_on", _("系统中已有这个计划，最终期限或区划不同"), _("请在页面上调整最终期限"),
                str(row["final_on"]),
            )  # fmt: skip


def _apply(staged: Staged) -> Counts:
    """Plans, stages and outputs that are not here yet; what is here stays as it is."""
    told, rows = staged.parameters, good_rows(staged, NAMES)
    made: dict[str, list[Any]] = {"schedule": [], "stage": [], "stageoutput": []}
    for number, row in enumerate(rows, 1):
        plan, is_new = Schedule.objects.get_or_create(
            key=row["plan"],
            defaults={
                "title": row["title"], "basis": row["basis"] or "", "final_on": row["final_on"], "made_at": told["at"],
                "made_by": told["by"], **columns_of_key(key_of_code(row["area_code"])),
            },
        )  # fmt: skip
        made["schedule"] += [plan] if is_new else []
        dates = {"starts_on": row["starts_on"], "ends_on": row["ends_on"]}
        opened = {"title": row["stage_title"], **dates, **_done("opened", row["opened_on"], told["by"])}
        stage, is_new = Stage.objects.get_or_create(schedule=plan, number=row["stage"], defaults=opened)
        made["stage"] += [stage] if is_new else []
        recorded = {"reference": row["reference"] or "", **_done("recorded", row["recorded_on"], told["by"])}
        output, is_new = StageOutput.objects.get_or_create(
            stage=stage, key=row["output"], defaults={"order": number, "title": row["output_title"], **recorded}
        )
        made["stageoutput"] += [output] if is_new else []
    for name, found in made.items():
        staged.note_written(f"campaign_{name}", ids_sql(found), NOWHERE)
    return Counts(new=len(made["stageoutput"]), same=len(rows) - len(made["stageoutput"]))


def _done(name: str, day: date | None, by: str) -> dict[str, Any]:
    return {f"{name}_at": morning_of(day), f"{name}_by": by} if day else {}


PLANS = ImportSpec(
    key="campaign_plans",
    title=gettext_lazy("工作计划"),
    description=gettext_lazy("创建工作的阶段和阶段成果，每行一项成果；步骤另用“创建步骤”导入"),
    order=590,
    natural_key=("plan", "stage", "output"),
    area_field="area_code",
    roles=(Role.OFFICE,),
    fields=(
        ImportField("plan", gettext_lazy("工作计划编号"), required=True, max_length=40),
        ImportField("title", gettext_lazy("计划名称"), required=True, max_length=80),
        ImportField("basis", gettext_lazy("依据"), max_length=300),
        ImportField("area_code", gettext_lazy("区划代码"), required=True),
        ImportField("final_on", gettext_lazy("最终期限"), "date", required=True),
        ImportField("stage", gettext_lazy("阶段序号"), "integer", required=True, minimum=1, maximum=9),
        ImportField("stage_title", gettext_lazy("阶段名称"), required=True, max_length=40),
        ImportField("starts_on", gettext_lazy("开始日期"), "date", required=True),
        ImportField("ends_on", gettext_lazy("截止日期"), "date", required=True),
        ImportField("opened_on", gettext_lazy("启动日期"), "date"),
        ImportField("output", gettext_lazy("成果代码"), required=True, max_length=20, pattern="[a-z_]+"),
        ImportField("output_title", gettext_lazy("阶段成果"), required=True, max_length=80),
        ImportField("reference", gettext_lazy("文号或存放位置"), max_length=200),
        ImportField("recorded_on", gettext_lazy("登记日期"), "date"),
    ),
    checks=(
        *area_checks("area_code", "%(effective_on)s"),
        SetCheck(
            "ends_on", "s.ends_on < s.starts_on", gettext_lazy("截止日期早于开始日期"), gettext_lazy("请核对日期")
        ),
        SetCheck(
            "recorded_on",
            "(s.recorded_on IS NULL) <> (COALESCE(s.reference, '') = '')",
            gettext_lazy("登记日期和文号要一起填写"),
            gettext_lazy("请补齐，或都留空"),
        ),
    ),
    examine=_examine,
    apply=_apply,
)


def register() -> None:
    """Registers the importer of plans."""
    register_importer(PLANS)
