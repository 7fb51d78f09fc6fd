"""Taking a step: who may, what it needs, what it changes; many cases at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.cases.actions.clocks import due_of, run_clocks, running
from shian.engine.cases.actions.opening import turn_of
from shian.engine.cases.actions.sealing import CaseRefused, Deed, Evidence, check_seen, record, show, write
from shian.engine.cases.checks import (
    Brought,
    after_its_day,
    closes,
    lacking,
    needs_evidence,
    waits_for_parts,
    wrong_state,
)
from shian.engine.cases.declarations import CaseType, Need, Transition
from shian.engine.cases.events import CaseMoved
from shian.engine.cases.models import Case, CaseEvent, CaseFile, CaseRequest
from shian.engine.cases.permissions import acting_unit, may_take
from shian.kernel.events.bus import publish
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.languages import language_of_record
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
    check_seen(case, seen)
    name, unit = _taker(declared, case, step, by)
    if case.state not in step.sources:
        raise CaseRefused(wrong_state())
    _check_given(declared, case, step, given, timezone.localdate(at))
    before, was_asked = case.is_open, bool(case.asked_unit)
    put(declared, case, step, given, at)
    with system_scope():  # a step may hand the case on, beyond the reach of who takes it
        write(case, seen, columns_of(case), at)
        if run_clocks(declared, case, step.key, at=at, due_on=given.due_on) and case.is_open:
            show(case, due_of(case, running(case)))
        if was_asked and not case.is_open:
            drop_request(case, name, at)
        event = record(declared, case, Deed(step.key, name, at, unit, given.note.strip(), told_of(given), given.files))
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
    if reason := after_its_day(step, case.opened_on, today):
        raise CaseRefused(reason)
    if missing := lacking(declared, step, brought_of(given, today, _kinds_held(case) if step.proofs else ())):
        raise CaseRefused("", **missing)
    if Need.HELD in step.needs and not given.files and not _holds_evidence(case):
        raise CaseRefused(needs_evidence())
    if declared.waits_for_children and closes(declared, step) and has_open_parts(case):
        raise CaseRefused(waits_for_parts())


def brought_of(given: Given, day: date, held: Iterable[str] = ()) -> Brought:
    """What is brought, as the checks read it; `held`: kinds of evidence that the present round has already."""
    kinds = frozenset(held) | {each.kind for each in given.files}
    return Brought(
        day, given.note, len(given.files), kinds, given.unit is not None, given.owner is not None, given.due_on,
        given.data,
    )  # fmt: skip


def _kinds_held(case: Case) -> list[str]:
    return list(CaseFile.objects.filter(case=case, round=case.round).values_list("kind", flat=True))


def _holds_evidence(case: Case) -> bool:
    return CaseFile.objects.filter(case=case, round=case.round).exists()


def drop_request(case: Case, by: str, at: datetime) -> None:
    """A case that closes answers what was asked of it."""
    with language_of_record():
        answer = _("事项已办结。")
    rows = CaseRequest.objects.filter(case=case, decided_at__isnull=True)
    rows.update(decided_at=at, decided_by=by, is_granted=False, answer=answer)


def has_open_parts(case: Case) -> bool:
    """Is a part of it still open, whoever sees that part?"""
    with system_scope():
        return Case.objects.filter(parent=case, is_open=True).exists()


def put(declared: CaseType, case: Case, step: Transition, given: Given, at: datetime) -> None:
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
    if not case.is_open:
        case.next_rung_on, case.asked_unit = None, ""


COLUMNS = (
    "state", "is_open", "closed_at", "unit_id", "owner_id", "owner_name", "data", "round", "reopened", "turn",
    "asked_unit",
)  # fmt: skip


def columns_of(case: Case) -> dict[str, Any]:
    """The columns that `put` may have changed, with their values; a rung is only ever taken away here."""
    changed = {name: getattr(case, name) for name in COLUMNS}
    return changed if case.is_open else {**changed, "next_rung_on": None}


def told_of(given: Given) -> dict[str, Any]:
    """What the event keeps of what was brought, beside words and files."""
    told = {f"field_{key}": value for key, value in given.data.items() if value not in (None, "")}
    told |= {"unit_asked": given.unit.code} if given.unit else {}
    told |= {"owner": given.owner.name} if given.owner else {}
    told |= {"due_on": given.due_on.isoformat()} if given.due_on else {}
    return told
