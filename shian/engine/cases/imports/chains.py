"""Chains of steps played in memory, in the order in which they happened, by the rules of the actions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.cases.actions.clocks import due_of, in_order, started_by, stopped_by
from shian.engine.cases.actions.moving import Given, brought_of, put, told_of
from shian.engine.cases.actions.sealing import VEIL
from shian.engine.cases.checks import (
    Taken,
    after_its_day,
    closes,
    kept_apart,
    lacking,
    needs_evidence,
    only_for,
    waits_for_parts,
    wrong_state,
)
from shian.engine.cases.declarations import CaseType, Need, Transition, case_type
from shian.engine.cases.models import Case, CaseClock, CaseEvent, CaseFile
from shian.engine.cases.permissions import unit_of_side

NOTE = "note"


class Refused(ValueError):
    """The step was not possible: the culprit field of the row, and why."""

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field_name


@dataclass(frozen=True)
class Told:
    """A step as a file tells it; `step` is a key of the declaration, or NOTE."""

    step: str
    at: datetime
    by: str
    unit: str = ""
    given: Given = field(default_factory=Given)


@dataclass
class Standing:
    """A case on its way through the file: `steps` so far (without the engine's own), its running clocks, who took
    which step last and as which event, whether evidence of the present round is held, of which kinds, and its open
    parts."""

    case: Case
    steps: list[CaseEvent] = field(default_factory=list)
    clocks: list[CaseClock] = field(default_factory=list)
    last: dict[str, tuple[int, Taken]] = field(default_factory=dict)
    newest: datetime | None = None
    holds: bool = False
    kinds: set[str] = field(default_factory=set)
    open_parts: set[int] = field(default_factory=set)
    is_broken: bool = False


@dataclass
class Written:
    """What the steps leave to be written."""

    events: list[CaseEvent] = field(default_factory=list)
    files: list[CaseFile] = field(default_factory=list)
    clocks: list[CaseClock] = field(default_factory=list)
    stopped: dict[int, datetime] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)


FIELDS = {"files": "evidence", "unit": "to_unit_code", "owner": "owner_no"}  # as the file calls what is lacking


def take(standing: Standing, told: Told, written: Written, batch: int) -> None:
    """Take the step in memory. Raises Refused; nothing has changed then."""
    case, declared = standing.case, case_type(standing.case.type)
    if standing.newest is not None and told.at < standing.newest:
        raise Refused("at", _("早于前一步的时间 %(at)s") % {"at": _shown(standing.newest)})
    if told.at > timezone.now():
        raise Refused("at", _("办理时间在现在以后"))
    if told.step == NOTE:
        unit = told.unit
        if not told.given.note.strip():
            raise Refused("note", _("请写明情况。"))
    else:
        unit = _checked(declared, standing, declared.by_step[told.step], told)
        _move(declared, standing, declared.by_step[told.step], told, written)
    case.version, case.updated_at = case.version + 1, told.at
    event = CaseEvent(
        case=case, number=case.version, step=told.step, state=case.state, at=told.at, by=told.by, unit=unit,
        note=told.given.note.strip(), data=told_of(told.given), batch=batch,
    )  # fmt: skip
    written.events.append(event)
    written.files += [
        CaseFile(case=case, event=event, stored=each.stored, name=each.name, kind=each.kind, round=case.round)
        for each in told.given.files
    ]
    written.cases[case.pk] = case
    standing.last[told.step], standing.newest = (case.version, Taken(told.by, unit)), told.at
    standing.holds = standing.holds or bool(told.given.files)
    standing.kinds |= {each.kind for each in told.given.files}


def _checked(declared: CaseType, standing: Standing, step: Transition, told: Told) -> str:
    """The unit in whose name the step is taken. Raises Refused for whatever an action would refuse."""
    case = standing.case
    if case.merged_into_id or case.state not in step.sources:
        raise Refused("step", wrong_state())
    unit = told.unit or (unit_of_side(case, step.by) if step.by else "")
    if step.by and unit != unit_of_side(case, step.by):
        raise Refused("unit_code", only_for(step.by))
    earlier = [standing.last[key] for key in step.apart_from if key in standing.last]
    before = max(earlier, key=lambda each: each[0])[1] if earlier else None
    if reason := kept_apart(step, before, Taken(told.by, unit)):
        raise Refused("by", reason)
    day = timezone.localdate(told.at)
    if reason := after_its_day(step, case.opened_on, day):
        raise Refused("at", reason)
    for name, reason in lacking(declared, step, brought_of(told.given, day, standing.kinds)).items():
        raise Refused(FIELDS.get(name, name if name in {"note", "due_on"} else "data"), reason)
    if Need.HELD in step.needs and not told.given.files and not standing.holds:
        raise Refused("evidence", needs_evidence())
    if closes(declared, step) and case.asked_unit:
        raise Refused("step", _("有一件申请等待答复，请先在页面上答复"))
    if declared.waits_for_children and closes(declared, step) and standing.open_parts:
        raise Refused("step", waits_for_parts())
    return unit


def _move(declared: CaseType, standing: Standing, step: Transition, told: Told, written: Written) -> None:
    case = standing.case
    put(declared, case, step, told.given, told.at)
    if step.begins_round:
        standing.holds = False
        standing.kinds.clear()
    ended = stopped_by(declared, step.key)
    for clock in [each for each in standing.clocks if each.key in ended]:
        clock.stopped_at = told.at
        standing.clocks.remove(clock)
        if clock.pk:
            written.stopped[clock.pk] = told.at
    started = started_by(declared, case, step.key, at=told.at, due_on=told.given.due_on)
    standing.clocks += started
    written.clocks += started
    if case.is_open and (ended or started):
        for name, value in due_of(case, in_order(standing.clocks)).items():
            setattr(case, name, value)


def _shown(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def says_the_same(event: CaseEvent, told: Told) -> bool:
    """Is this what the event keeps already?"""
    kept: tuple[Any, ...] = (event.step, event.at, event.by, event.note, _without_empty(event.data))
    return kept == (told.step, told.at, told.by, told.given.note.strip(), _without_empty(told_of(told.given)))


def _without_empty(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in (None, "") and not key.startswith(VEIL)}
