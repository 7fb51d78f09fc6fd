"""Cases as the interface tells them."""

from collections.abc import Mapping
from typing import Any

from shian.engine.cases.actions.sealing import VEIL
from shian.engine.cases.declarations import CaseType, case_type
from shian.engine.cases.models import Case, CaseClock, CaseEvent
from shian.engine.cases.permissions import may_take
from shian.engine.cases.queries import clocks_of, events_of
from shian.kernel.ui.masking import masked

COPIED = (
    "type", "number", "title", "state", "is_open", "area", "owner_name", "source", "item_code", "operator_code",
    "level", "is_urgent", "opened_on", "due_on", "closed_at", "reopened", "version", "updated_at",
)  # fmt: skip


def case_told(found: Case) -> dict[str, Any]:
    """A case as lists answer it."""
    state = case_type(found.type).by_state[found.state]
    units = {"issuer": found.issuer_id, "unit": found.unit_id or "", "verifier": found.verifier_id or ""}
    turn = state.turn.value if found.is_open and state.turn else ""
    return {"id": found.pk, "turn": turn, **units, **{name: getattr(found, name) for name in COPIED}}


def case_in_full(user: Any, found: Case) -> dict[str, Any]:
    """A case with its clocks, timeline and the steps that the user may take."""
    declared = case_type(found.type)
    offered = [] if found.merged_into_id else declared.steps_from(found.state)
    return {
        **case_told(found),
        "body": found.body,
        "subject": found.subject,
        "parent": found.parent_id,
        "merged_into": found.merged_into_id,
        "values": _values_out(declared, found.data),
        "clocks": [_clock_told(each) for each in clocks_of(found)],
        "events": [event_told(declared, each) for each in reversed(events_of(found))],
        "steps": [each.key for each in offered if may_take(user, declared, found, each).allowed],
    }


def _values_out(declared: CaseType, data: Mapping[str, Any]) -> dict[str, Any]:
    """The type's own fields; personal ones are masked for everybody, as in exports."""
    personal = {each.name: each.personal for each in declared.fields if each.personal}
    return {name: masked(personal[name], value) if name in personal else value for name, value in data.items()}


def _clock_told(clock: CaseClock) -> dict[str, Any]:
    names = ("key", "started_at", "due_on", "due_at", "stopped_at", "paused_on")
    return {name: getattr(clock, name) for name in names}


def event_told(declared: CaseType, event: CaseEvent) -> dict[str, Any]:
    """An event as the timeline answers it; personal values are masked."""
    files = [{"name": f.name, "kind": f.kind, "sha256": f.stored.sha256} for f in event.files.all()]
    personal = {f"field_{each.name}": each.personal for each in declared.fields if each.personal}
    shown = {key: told for key, told in event.data.items() if not key.startswith(VEIL)}
    values = {key: masked(personal[key], told) if key in personal else told for key, told in shown.items()}
    names = ("number", "step", "state", "at", "by", "unit", "note")
    return {**{name: getattr(event, name) for name in names}, "values": values, "files": files,
            "seal": str(event.seal or "")}  # fmt: skip


def type_told(declared: CaseType) -> dict[str, Any]:
    """A type as programs read it."""
    return {
        "key": declared.key,
        "title": str(declared.title),
        "states": {each.key: str(each.title) for each in declared.states},
        "sources": {key: str(title) for key, title in declared.sources},
        "evidence_kinds": {key: str(title) for key, title in declared.evidence_kinds},
        "fields": {each.name: str(each.title) for each in declared.fields},
        "steps": [
            {
                "key": each.key, "title": str(each.title), "sources": list(each.sources), "target": each.target,
                "by": each.by.value if each.by else "", "needs": sorted(need.value for need in each.needs),
                "demands": list(each.demands),
            }
            for each in declared.transitions
        ],
    }  # fmt: skip
