"""A joint check's way: planned, held, its problems assigned."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.actions.steps import locked_in
from shian.domains.fieldchecks.events import JointProblemAssigned
from shian.domains.fieldchecks.models import FieldPoint, JointCheck, JointProblem, JointState
from shian.domains.fieldchecks.permissions import JOINT_KEEP
from shian.domains.fieldchecks.queries.joint import works_on
from shian.kernel.accounts.permissions import acting
from shian.kernel.events.bus import publish
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.registers.people.models import Organisation

FEWEST = 2
LONGEST = 300  # characters of a problem


@dataclass(frozen=True)
class JointPlan:
    """What is to be checked together. `area`: a code; `lead` is one of `departments`."""

    title: str
    area: str
    held_on: date
    lead: Organisation
    departments: Sequence[Organisation]
    points: Sequence[FieldPoint] = field(default_factory=list)


class Assignment(NamedTuple):
    """Who puts a problem right until when. `severity`: a word of the campaign's problems."""

    problem: JointProblem
    unit: Organisation
    due_on: date
    severity: str = "一般"


@transaction.atomic
def plan_joint(*, plan: JointPlan, by: Any, at: datetime) -> JointCheck:
    """One record for all departments. Raises PermissionDenied, OutOfReach, CheckRefused."""
    key = key_of_code(plan.area)
    name = acting(JOINT_KEEP, by, key)
    taking_part = {each.code: each for each in [plan.lead, *plan.departments]}
    if len(taking_part) < FEWEST:
        raise CheckRefused(_("联合检查至少要有两个部门。"), "departments")
    made = JointCheck.objects.create(
        title=plan.title, area_code=plan.area, held_on=plan.held_on, lead=plan.lead, planned_at=at, planned_by=name,
        **columns_of_key(key),
    )  # fmt: skip
    made.departments.set(taking_part.values())
    made.points.set(plan.points)
    told = {"title": made.title, "on": plan.held_on.isoformat(), "departments": sorted(taking_part)}
    _seal("fieldchecks.joint_planned", made, name, at, told)
    return made


@transaction.atomic
def hold_joint(*, joint: JointCheck, meeting: str, problems: Sequence[str], by: Any, at: datetime) -> JointCheck:
    """It was held: what the meeting said and what was found. Raises PermissionDenied, OutOfReach, CheckRefused."""
    name = _acting(joint, by)
    locked = locked_in(joint, JointState.PLANNED)
    if locked.held_on > timezone.localdate(at):
        raise CheckRefused(_("还没有到检查日期。"))
    found = [each.strip() for each in problems if each.strip()]
    if any(len(each) > LONGEST for each in found):
        raise CheckRefused(_("每个问题最多 %(most)s 个字。") % {"most": LONGEST}, "problems")
    locked.meeting = meeting.strip()
    locked.state = JointState.HELD if found else JointState.ASSIGNED
    locked.save(update_fields=["meeting", "state"])
    JointProblem.objects.bulk_create(JointProblem(check_record=locked, text=each) for each in found)
    _seal("fieldchecks.joint_held", locked, name, at, {"problems": found, "meeting": locked.meeting})
    return locked


@transaction.atomic
def assign_problems(
    *, joint: JointCheck, given: Sequence[Assignment], by: Any, at: datetime
) -> JointCheck:  # fmt: skip
    """Every problem gets a department of the check and a day. Raises PermissionDenied, OutOfReach, CheckRefused."""
    name = _acting(joint, by)
    locked, today = locked_in(joint, JointState.HELD), timezone.localdate(at)
    if {each.problem.pk for each in given} != set(locked.problems.values_list("pk", flat=True)):
        raise CheckRefused(_("每个问题都要写明整改部门和期限。"))
    taking_part = sorted(locked.departments.values_list("code", flat=True))
    if any(each.unit.code not in taking_part for each in given):
        raise CheckRefused(_("整改部门应是参加检查的部门。"))
    if any(each.due_on < today for each in given):
        raise CheckRefused(_("整改期限不能早于今天。"))
    for each in given:
        each.problem.department, each.problem.due_on = each.unit, each.due_on
    JointProblem.objects.bulk_update([each.problem for each in given], ["department", "due_on"])
    locked.state = JointState.ASSIGNED
    locked.save(update_fields=["state"])
    told = {"assigned": [[each.problem.text, each.unit.code, each.due_on.isoformat(), each.severity] for each in given]}
    _seal("fieldchecks.joint_assigned", locked, name, at, told)
    for each in given:
        publish(JointProblemAssigned(
            locked.subject, locked.title, locked.held_on, each.problem.text, each.severity, locked.area, locked.lead_id,
            tuple(taking_part), each.unit.code, each.due_on, name, at,
        ))  # fmt: skip
    return locked


def _acting(joint: JointCheck, by: Any) -> str:
    if not isinstance(by, str) and not works_on(by, joint):
        raise OutOfReach(joint.subject)
    return acting(JOINT_KEEP, by, joint.area)


def _seal(action: str, joint: JointCheck, by: str, at: datetime, told: dict[str, Any]) -> None:
    seal(action=action, by=by, subject=joint.subject, data=told, at=at)
