"""Laying down a plan, recording what a stage leaves behind, opening the next one, and moving the final date."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.models import PlanMove, Schedule, Stage, StageOutput, Standard
from shian.domains.campaign.permissions import STEP_PLAN
from shian.domains.campaign.queries.schedules import (
    FIRST_STATE,
    STEP,
    campaign_office,
    dates_of,
    missing_outputs,
    owners_of_units,
    stages_of,
    steps_of,
)
from shian.domains.campaign.queries.units import Units, department_names, units_for
from shian.domains.campaign.rules.plans import Clause, clauses_in
from shian.domains.campaign.rules.problems import Problem
from shian.domains.campaign.rules.schedule_packs import (
    PlannedSchedule,
    PlannedStep,
    ScheduleInvalid,
    schedule_in,
    steps_with_clauses,
)
from shian.domains.campaign.rules.schedules import (
    DatesClash,
    StageDates,
    counted_back,
    hung_on,
    moved_stages,
)
from shian.engine.cases.actions import NewDate, Opening, open_case, redate_cases
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.kernel.workdays.queries import BeyondCalendar, calendar
from shian.registers.people.models import Organisation, Person

CLOCK = "step"
MOVABLE = (FIRST_STATE, "working")  # done steps stay, and what waits for verification is done by the unit


class ScheduleRefused(ValueError):
    """The plan cannot take this step; the text says why. `missing`: outputs that are not recorded."""

    def __init__(self, text: str, missing: Sequence[StageOutput] = ()) -> None:
        super().__init__(text)
        self.missing = list(missing)


@dataclass(frozen=True)
class LaidPlan:
    """A plan laid down: its steps, and those that no unit could be found for."""

    schedule: Schedule
    steps: int
    without_unit: list[str]


@dataclass(frozen=True)
class Movement:
    """What moving the final date would do: every stage and step before and after, and those that stay."""

    schedule: Schedule
    final_on: date
    stages: list[tuple[Stage, StageDates]]
    steps: list[NewDate]
    stay: list[Case]

    @property
    def digest(self) -> str:
        """Of what was previewed: the same only while no step has moved."""
        told = [(each.case.pk, each.case.version, each.due_on.isoformat()) for each in self.steps]
        return hashlib.sha256(repr((self.final_on.isoformat(), told)).encode()).hexdigest()[:16]


@transaction.atomic
def lay_schedule(
    *, content: bytes, clauses: bytes, standard: Standard, area: str, final_on: date | None, by: Any, at: datetime
) -> LaidPlan:
    """Lay down a plan for an area: stages, outputs, and one case for each step, each with one person.

    `clauses`: a published division of tasks, b"" for none. With another `final_on` everything is counted back from it.
    Raises ScheduleInvalid, PlanInvalid, ScheduleRefused; PermissionDenied, OutOfReach.
    """
    key, today = key_of_code(area), timezone.localdate(at)
    name = acting(STEP_PLAN, by, key)
    items, departments = set(standard.indicators.values_list("code", flat=True)), department_names(standard.pk)
    planned = schedule_in(_yaml(content), items, departments)
    parts = clauses_in(_yaml(clauses), standard.key, items, departments) if clauses else []
    office = campaign_office(key, today)
    if office is None:
        raise ScheduleRefused(_("本地没有创建指挥部办公室，不能交办步骤。"))
    if Schedule.objects.filter(key=planned.key).exists():
        raise ScheduleRefused(_("编号 %(key)s 的工作计划已经有了。") % {"key": planned.key})
    schedule, dates = _schedule(planned, key, final_on or planned.final_on, name, at)
    laid = _lay_steps(schedule, dates, _steps(planned, parts), office, units_for(standard, key, today), at)
    _seal("campaign.plan_laid", schedule, name, at, steps=laid.steps, without_unit=laid.without_unit,
          digest=hashlib.sha256(content + clauses).hexdigest())  # fmt: skip
    return laid


def _yaml(content: bytes) -> Any:
    try:
        return yaml.load(content, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScheduleInvalid([Problem("file.yaml", {"error": str(error).splitlines()[0]})]) from error


def _steps(planned: PlannedSchedule, clauses: Sequence[Clause]) -> list[PlannedStep]:
    return list(steps_with_clauses(planned.steps, clauses))


def _schedule(
    planned: PlannedSchedule, key: str, final_on: date, by: str, at: datetime
) -> tuple[Schedule, dict[int, StageDates]]:
    rows = [StageDates(each.number, each.starts_on, each.ends_on) for each in planned.stages]
    if final_on != planned.final_on:
        rows = _moved(rows, planned.final_on, final_on)
    schedule = Schedule.objects.create(
        key=planned.key, title=planned.title, basis=planned.basis, final_on=final_on, made_at=at, made_by=by,
        **columns_of_key(key),
    )  # fmt: skip
    for told, dates in zip(planned.stages, rows, strict=True):
        first = {"opened_at": at, "opened_by": by} if told.number == 1 else {}
        stage = Stage.objects.create(
            schedule=schedule, number=told.number, title=told.title, starts_on=dates.starts_on, ends_on=dates.ends_on,
            **first,
        )  # fmt: skip
        StageOutput.objects.bulk_create(
            StageOutput(stage=stage, order=order, key=output, title=title)
            for order, (output, title) in enumerate(told.outputs, 1)
        )
    return schedule, {each.number: each for each in rows}


def _lay_steps(
    schedule: Schedule, dates: dict[int, StageDates], steps: Sequence[PlannedStep], office: Organisation,
    units: Units, at: datetime,
) -> LaidPlan:  # fmt: skip
    today, days = timezone.localdate(at), calendar()
    due = [counted_back(days, dates[each.stage].ends_on, each.before) for each in steps]
    if late := [each.title for each, day in zip(steps, due, strict=True) if day < today]:
        raise ScheduleRefused(
            _("按最终期限倒排，%(count)s 个步骤的日期已过（如%(title)s）。请推后最终期限。")
            % {"count": len(late), "title": late[0]}
        )
    codes = [units.of(each.department, each.item).code if each.department else "" for each in steps]
    found = Organisation.objects.in_bulk({code for code in codes if code}, field_name="code")
    owners = owners_of_units(list(found), today)
    without = []
    for step, day, code in zip(steps, due, codes, strict=True):
        if code not in found:
            without.append(step.title)
        _open(schedule, step, day, found.get(code), owners.get(code), office, at)
    return LaidPlan(schedule, len(steps), without)


def _open(
    schedule: Schedule, step: PlannedStep, due_on: date, unit: Organisation | None, owner: Person | None,
    office: Organisation, at: datetime,
) -> Case:  # fmt: skip
    """One step: in the unit's own area, its grid cell. What no unit answers for waits with the office."""
    area = unit.area if unit and unit.area.startswith(schedule.area) else schedule.area
    told = {"plan": schedule.key, "stage": step.stage, "duty": step.duty, "grid": unit.name if unit else ""}
    opening = Opening(
        title=step.title, area_key=area, issuer=office, unit=unit or office, verifier=office, owner=owner,
        due_on=due_on, item_code=step.item, data={name: value for name, value in told.items() if value != ""},
    )  # fmt: skip
    return open_case(declared=case_type(STEP), opening=opening, by=schedule.made_by, at=at)


def movement_of(schedule: Schedule, final_on: date) -> Movement:
    """What moving the final date to `final_on` would do; nothing is written. Raises ScheduleRefused.

    Every step that its unit has not finished moves with its stage, late ones too; past stages stay as they were.
    """
    stages, days = stages_of(schedule), calendar()
    old = dates_of(stages)
    new = _moved(old, schedule.final_on, final_on)
    ends = {each.number: (each.ends_on, now.ends_on) for each, now in zip(old, new, strict=True) if not each.is_past}
    moving, stay = [], []
    for case in steps_of(schedule):
        stage = ends.get(int(case.data.get("stage") or 0))
        if case.state in MOVABLE and case.due_on and stage:
            moving.append(NewDate(case, hung_on(days, case.due_on, *stage)))
        elif case.is_open:
            stay.append(case)
    return Movement(schedule, final_on, list(zip(stages, new, strict=True)), moving, stay)


def _moved(stages: Sequence[StageDates], before: date, after: date) -> list[StageDates]:
    try:
        return moved_stages(calendar(), stages, before, after)
    except BeyondCalendar as beyond:
        raise ScheduleRefused(_("日历没有 %(year)s 年，请选近一些的最终期限。") % {"year": after.year}) from beyond
    except DatesClash as clash:
        raise ScheduleRefused(_("按这个最终期限，第 %(number)s 阶段没有时间了。") % {"number": clash.number}) from clash


@transaction.atomic
def move_final_date(*, schedule: Schedule, final_on: date, reason: str, seen: str, by: Any, at: datetime) -> PlanMove:
    """Move the final date, the stages and every dependent step: one seal, and one statement for the steps.

    `seen`: the digest of the movement that was previewed. Raises ScheduleRefused, CaseChanged, PermissionDenied,
    OutOfReach.
    """
    name = acting(STEP_PLAN, by, schedule.area)
    if not reason.strip():
        raise ScheduleRefused(_("请写明调整的理由。"))
    locked = Schedule.objects.select_for_update().get(pk=schedule.pk)
    if final_on == locked.final_on:
        raise ScheduleRefused(_("最终期限没有变化。"))
    movement = movement_of(locked, final_on)
    if movement.digest != seen:
        raise ScheduleRefused(_("预览以后有步骤发生了变化，请重新核对。"))
    before, dates = locked.final_on, [(each.number, each.starts_on, each.ends_on) for each, _new in movement.stages]
    told = {"before": before.isoformat(), "after": final_on.isoformat(), "reason": reason.strip(), "steps": [
        [each.case.number, *each.told.values()] for each in movement.steps]}  # fmt: skip
    entry = seal(action="campaign.plan_moved", by=name, subject=f"campaign.schedule:{locked.pk}", data=told, at=at)
    _write_dates(locked, movement)
    office = campaign_office(locked.area, timezone.localdate(at))
    count = redate_cases(dates=movement.steps, clock=CLOCK, note=reason.strip(), by=name,
                         unit=office.code if office else "", seal=entry.uid, at=at)  # fmt: skip
    return PlanMove.objects.create(
        schedule=locked, before=before, after=final_on, steps=count, reason=reason.strip(), at=at, by=name,
        stages=[[number, first.isoformat(), last.isoformat()] for number, first, last in dates], seal=entry.uid,
    )  # fmt: skip


def _write_dates(schedule: Schedule, movement: Movement) -> None:
    for stage, dates in movement.stages:
        stage.starts_on, stage.ends_on = dates.starts_on, dates.ends_on
    Stage.objects.bulk_update([stage for stage, _dates in movement.stages], ["starts_on", "ends_on"])
    schedule.final_on = movement.final_on
    schedule.save(update_fields=["final_on"])


@transaction.atomic
def record_output(*, output: StageOutput, reference: str, by: Any, at: datetime) -> StageOutput:
    """Record what the stage has left behind; recorded again, the newer reference stands and both stay sealed.

    Raises ScheduleRefused, PermissionDenied, OutOfReach.
    """
    schedule = output.stage.schedule
    name = acting(STEP_PLAN, by, schedule.area)
    if not reference.strip():
        raise ScheduleRefused(_("请填写文号或存放位置。"))
    output.reference, output.recorded_at, output.recorded_by = reference.strip(), at, name
    output.save(update_fields=["reference", "recorded_at", "recorded_by"])
    _seal("campaign.output_recorded", schedule, name, at, stage=output.stage.number, output=output.key,
          reference=output.reference)  # fmt: skip
    return output


@transaction.atomic
def open_stage(*, stage: Stage, by: Any, at: datetime) -> Stage:
    """Open a stage once every output of the stages before it is recorded.

    Raises ScheduleRefused (`missing` names what is not there), PermissionDenied, OutOfReach.
    """
    name = acting(STEP_PLAN, by, stage.schedule.area)
    if missing := missing_outputs(stage):
        names = "、".join(each.title for each in missing)
        raise ScheduleRefused(_("以前阶段的成果还没有登记：%(names)s。") % {"names": names}, missing)
    opened = Stage.objects.filter(pk=stage.pk, opened_at__isnull=True).update(opened_at=at, opened_by=name)
    if not opened:
        raise ScheduleRefused(_("这个阶段已经启动。"))
    _seal("campaign.stage_opened", stage.schedule, name, at, stage=stage.number, outputs=_recorded(stage))
    stage.refresh_from_db()
    return stage


def _recorded(stage: Stage) -> list[list[Any]]:
    rows: Iterable[StageOutput] = StageOutput.objects.filter(
        stage__schedule=stage.schedule_id, stage__number__lt=stage.number
    ).select_related("stage")
    return [[each.stage.number, each.key, each.reference] for each in rows]


def _seal(action: str, schedule: Schedule, by: str, at: datetime, **told: Any) -> None:
    data = {"key": schedule.key, "final_on": schedule.final_on.isoformat(), **told}
    seal(action=action, by=by, subject=f"campaign.schedule:{schedule.pk}", data=data, at=at)
