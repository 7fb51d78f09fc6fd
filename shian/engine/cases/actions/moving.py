"""Taking a step: who may, what it needs, what it changes; many cases at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.cases.actions.clocks import due_of, run_clocks, running
from shian.engine.cases.actions.opening import turn_of
from shian.engine.cases.actions.sealing import CaseChanged, CaseRefused, Deed, Evidence, record, show, write
from shian.engine.cases.declarations import CaseType, Need, Transition
from shian.engine.cases.events import CaseMoved
from shian.engine.cases.models import Case, CaseEvent, CaseFile
from shian.engine.cases.permissions import acting_unit, may_take
from shian.kernel.events.bus import publish
from shian.registers.people.models import Organisation, Person


@dataclass(frozen=True)
class Given:
    """What the taker of a step brings. `unit`, `owner`, `due_on` only where the step asks for them."""

    note: str = ""
    files: Sequence[Evidence] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    unit: Organisation | None = None
    owner: Person | None = None
    due_on: date | None = None


@dataclass
class Outcome:
    """What became of many: the cases that moved, and why the others did not, by number."""

    moved: list[Case] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def move_case(
    *, declared: CaseType, case: Case, step: Transition, seen: int, given: Given, by: Any, at: datetime
) -> CaseEvent:
    """Take the step if the case is still as it was seen, and seal it.

    A user is held to `may_take`; a text names a program that answers to nobody here. Raises CaseChanged, CaseRefused.
    """
    name, unit = _taker(declared, case, step, by)
    if case.version != seen:
        raise CaseChanged(CaseEvent.objects.filter(case=case, number__gt=seen).order_by("number"))
    if case.state not in step.sources:
        raise CaseRefused(_("此事项现在的状态不能办理这一步。"))
    _check_given(declared, case, step, given, timezone.localdate(at))
    before = case.is_open
    _put(declared, case, step, given, at)
    write(case, seen, _columns(case), at)
    if run_clocks(declared, case, step.key, at=at, due_on=given.due_on) and case.is_open:
        show(case, due_of(case, running(case)))
    event = record(declared, case, Deed(step.key, name, at, unit, given.note.strip(), _told(given), given.files))
    publish(CaseMoved(case.pk, case.type, step.key, case.state, case.is_open, before, name, at))
    return event


def move_cases(
    *, declared: CaseType, cases: Sequence[Case], step: Transition, given: Given, by: Any, at: datetime
) -> Outcome:
    """Take the same step in many cases, each in its own transaction: what one refuses keeps no other from moving."""
    outcome = Outcome()
    for case in cases:
        try:
            move_case(declared=declared, case=case, step=step, seen=case.version, given=given, by=by, at=at)
        except CaseRefused as refused:
            outcome.refused[case.number] = str(refused)
        else:
            outcome.moved.append(case)
    return outcome


def _taker(declared: CaseType, case: Case, step: Transition, by: Any) -> tuple[str, str]:
    if isinstance(by, str):
        return by, ""
    verdict = may_take(by, declared, case, step)
    if not verdict.allowed:
        raise CaseRefused(verdict.reason)
    return str(by.get_username()), acting_unit(by, case, step.by)


def _check_given(declared: CaseType, case: Case, step: Transition, given: Given, today: date) -> None:
    """Everything that is missing, at once."""
    missing: dict[str, str] = {}
    if Need.NOTE in step.needs and not given.note.strip():
        missing["note"] = _("请写明情况。")
    if Need.EVIDENCE in step.needs and not given.files:
        missing["files"] = _("请附上佐证材料。")
    if Need.UNIT in step.needs and given.unit is None:
        missing["unit"] = _("请选择承办单位。")
    if Need.OWNER in step.needs and given.owner is None:
        missing["owner"] = _("请选择责任人。")
    if Need.DUE in step.needs and given.due_on is None:
        missing["due_on"] = _("请填写期限。")
    if given.due_on and given.due_on < today:
        missing["due_on"] = _("期限不能早于今天。")
    for name in step.demands:
        if given.data.get(name) in (None, ""):
            missing[name] = _("请填写%(field)s。") % {"field": declared.by_field[name].title}
    if missing:
        raise CaseRefused("", **missing)
    if Need.HELD in step.needs and not given.files and not _holds_evidence(case):
        raise CaseRefused(_("还没有佐证材料，不能办结：请先附上材料。"))
    target = declared.by_state.get(step.target)
    if declared.waits_for_children and target and not target.is_open and _open_children(case):
        raise CaseRefused(_("还有未办结的下级事项，不能办结。"))


def _holds_evidence(case: Case) -> bool:
    return CaseFile.objects.filter(case=case, round=case.round).exists()


def _open_children(case: Case) -> bool:
    return Case.objects.filter(parent=case, is_open=True).exists()


def _put(declared: CaseType, case: Case, step: Transition, given: Given, at: datetime) -> None:
    """Set on the case, not yet in its row, what the step changes."""
    if step.target:
        case.state = step.target
    case.is_open = declared.by_state[case.state].is_open
    case.closed_at = None if case.is_open else case.closed_at or at
    if given.unit is not None and given.unit.code != case.unit_id:
        case.unit, case.owner, case.owner_name = given.unit, None, ""
    if given.owner is not None:
        case.owner, case.owner_name = given.owner, given.owner.name
    case.data = {**case.data, **{key: value for key, value in given.data.items() if value not in (None, "")}}
    case.round += step.begins_round
    case.reopened += step.reopens
    case.turn = turn_of(declared, case)
    case.next_rung_on = case.next_rung_on if case.is_open else None


COLUMNS = (
    "state", "is_open", "closed_at", "unit_id", "owner_id", "owner_name", "data", "round", "reopened", "turn",
    "next_rung_on",
)  # fmt: skip


def _columns(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in COLUMNS}


def _told(given: Given) -> dict[str, Any]:
    told = {f"field_{key}": value for key, value in given.data.items() if value not in (None, "")}
    told |= {"unit_asked": given.unit.code} if given.unit else {}
    told |= {"owner": given.owner.name} if given.owner else {}
    told |= {"due_on": given.due_on.isoformat()} if given.due_on else {}
    return told
