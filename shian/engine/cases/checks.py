"""What a step needs, asked of plain facts: the same for a page, a program and a file. Pure but for the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shian.engine.cases.declarations import CaseType, Need, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.forms import field_of

TEN_YEARS = timedelta(days=3653)


@dataclass(frozen=True)
class Brought:
    """What the taker of a step brings, on which day. `files`: how many; `kinds`: theirs and those of the round."""

    day: date
    note: str = ""
    files: int = 0
    kinds: frozenset[str] = frozenset()
    has_unit: bool = False
    has_owner: bool = False
    due_on: date | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """Who took an earlier step, in whose name."""

    by: str
    unit: str = ""


def lacking(declared: CaseType, step: Transition, brought: Brought) -> dict[str, str]:
    """Field → what is missing or wrong, everything at once."""
    found: dict[str, str] = {}
    if Need.NOTE in step.needs and not brought.note.strip():
        found["note"] = _("请写明情况。")
    if Need.EVIDENCE in step.needs and not brought.files:
        found["files"] = _("请附上佐证材料。")
    if unseen := [
        str(title) for key, title in declared.evidence_kinds if key in step.proofs and key not in brought.kinds
    ]:
        found["files"] = _("还缺少：%(kinds)s。") % {"kinds": "、".join(unseen)}
    if Need.UNIT in step.needs and not brought.has_unit:
        found["unit"] = _("请选择承办单位。")
    if Need.OWNER in step.needs and not brought.has_owner:
        found["owner"] = _("请选择责任人。")
    if Need.DUE in step.needs and brought.due_on is None:
        found["due_on"] = _("请填写期限。")
    if brought.due_on and brought.due_on < brought.day:
        found["due_on"] = _("期限不能早于办理当天。")
    elif too_far(brought.day, brought.due_on):
        found["due_on"] = _("期限在十年以后，请核对年份。")
    for name in step.demands:
        if brought.data.get(name) in (None, ""):
            found[name] = lack_of(declared, step, name)
    for name in brought.data.keys() & declared.by_field.keys() - set(step.asks):
        found[name] = _("“%(step)s”不填写%(field)s。") % {"field": declared.by_field[name].title, "step": step.title}
    return {**wrong_values(declared, brought.data), **found}


def wrong_values(declared: CaseType, data: Mapping[str, Any]) -> dict[str, str]:
    """Field of the type → why its value is none: the rules of the form, for programs and files too."""
    found: dict[str, str] = {}
    for name, value in data.items():
        if name in declared.by_field and value not in (None, ""):
            try:
                field_of(declared.by_field[name], is_required=False).clean(str(value))
            except ValidationError as error:
                found[name] = f"{declared.by_field[name].title}：{error.messages[0]}"
    return found


def lack_of(declared: CaseType, step: Transition, name: str) -> str:
    """Why a step waits for a field of the type that it demands."""
    return _("没有填写%(field)s，不能%(step)s。") % {"field": declared.by_field[name].title, "step": step.title}


def too_far(day: date, due_on: date | None) -> bool:
    """Is the last day so far away that its year must be mistyped?"""
    return due_on is not None and due_on > day + TEN_YEARS


def kept_apart(step: Transition, before: Taken | None, now: Taken) -> str:
    """Why who took one of the steps of `apart_from` last may not take this one; "" where they may."""
    if before is None or not step.apart_from:
        return ""
    if before.by == now.by:
        return _("前一环节由同一人办理，这一步须由另一人办理。")
    if step.apart_units and before.unit and before.unit == now.unit:
        return _("前一环节由同一单位办理，这一步须由另一个单位办理。")
    return ""


def after_its_day(step: Transition, opened_on: date, day: date) -> str:
    """Why a step of the opening day comes too late; "" where it does not."""
    if not step.same_day or day == opened_on:
        return ""
    return _("“%(step)s”只能在登记当天（%(day)s）办理。") % {"step": step.title, "day": opened_on}


def only_for(side: Side) -> str:
    """Why somebody else may not take a step of that side."""
    who = {Side.UNIT: _("承办单位"), Side.ISSUER: _("交办单位"), Side.VERIFIER: _("核实单位")}[side]
    return _("这一步由%(side)s办理。") % {"side": who}


def wrong_state() -> str:
    """Why a step that does not leave the present state cannot be taken."""
    return _("此事项现在的状态不能办理这一步。")


def needs_evidence() -> str:
    """Why a case without evidence of its present round stays open."""
    return _("还没有佐证材料，不能办结：请先附上材料。")


def waits_for_parts() -> str:
    """Why a case with open parts stays open."""
    return _("还有未办结的下级事项，不能办结。")


def closes(declared: CaseType, step: Transition) -> bool:
    """Does the step end the case?"""
    target = declared.by_state.get(step.target)
    return target is not None and not target.is_open
