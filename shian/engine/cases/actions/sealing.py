"""What every verb of a case ends with: the version rises by one, or somebody else was first; event, evidence, seal."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shian.engine.cases.declarations import CaseType
from shian.engine.cases.models import Case, CaseEvent, CaseFile
from shian.kernel.files.models import StoredFile
from shian.kernel.notary.actions import seal
from shian.kernel.notary.rules import veiled
from shian.kernel.ui.masking import masked

REMIND, ESCALATE = "remind", "escalate"
LADDER_STEPS = frozenset({REMIND, ESCALATE})
VEIL = "veil_"  # before the name of a personal field: its key in an event, its digest in the seal
KEY_BYTES = 16


class CaseRefused(ValueError):
    """The step cannot be taken; the text says why, for the user. `fields` names what to mend."""

    def __init__(self, text: str, **fields: str) -> None:
        super().__init__(text or "；".join(fields.values()))
        self.fields = fields


class CaseChanged(CaseRefused):
    """Somebody else was first: `events` are what they did since the page was read. Nothing was written."""

    def __init__(self, events: Iterable[CaseEvent]) -> None:
        super().__init__(_("此事项刚刚被他人办理，您的操作没有保存。"))
        self.events = list(events)


@dataclass(frozen=True)
class Evidence:
    """A stored file as the case keeps it."""

    stored: StoredFile
    name: str
    kind: str = ""


@dataclass
class Deed:
    """One event in the making: who did what in whose name, and what it changes."""

    step: str
    by: str
    at: datetime
    unit: str = ""
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    files: Sequence[Evidence] = ()


def subject_of(case: Case) -> str:
    """The case as the notary names it."""
    return f"cases.case:{case.pk}"


def check_seen(case: Case, seen: int) -> None:
    """Raise CaseChanged when somebody has acted since that version; what the ladder did is no reason."""
    if case.version != seen:
        events = _since(case, seen)
        if not _only_the_ladder(events):
            raise CaseChanged(events)


def write(case: Case, seen: int, changes: Mapping[str, Any], at: datetime) -> None:
    """Change the row if nobody has acted since the version that was seen. Raises CaseChanged.

    A second writer waits here for the first one's commit and then finds the version gone.
    """
    while not _written(case, seen, changes, at):
        events = _since(case, seen)
        if not _only_the_ladder(events):
            raise CaseChanged(events)
        seen = events[-1].number  # the next rung may come before the next attempt, and so on to the top
        case.refresh_from_db(fields=["climbed", "level"])


def _written(case: Case, seen: int, changes: Mapping[str, Any], at: datetime) -> bool:
    values = {**changes, "version": seen + 1, "updated_at": at}
    if not Case.objects.filter(pk=case.pk, version=seen).update(**values):
        return False
    for name, value in values.items():
        setattr(case, name, value)
    return True


def _since(case: Case, seen: int) -> list[CaseEvent]:
    return list(CaseEvent.objects.filter(case=case.pk, number__gt=seen).order_by("number"))


def _only_the_ladder(events: Sequence[CaseEvent]) -> bool:
    return bool(events) and all(each.step in LADDER_STEPS for each in events)


def show(case: Case, values: Mapping[str, Any]) -> None:
    """Repeat on the case what its clocks say; the row is already ours."""
    Case.objects.filter(pk=case.pk).update(**values)
    for name, value in values.items():
        setattr(case, name, value)


def record(declared: CaseType, case: Case, deed: Deed) -> CaseEvent:
    """The event with its evidence and its seal, numbered by the version that it made.

    Of personal fields the seal holds the mask and a digest whose key stays with the event (notary.rules.veiled).
    """
    veils = {
        each.name: secrets.token_hex(KEY_BYTES)
        for each in declared.fields
        if each.personal and deed.data.get(f"field_{each.name}")
    }
    told = {
        "type": declared.key,
        "number": case.number,
        "state": case.state,
        "version": case.version,
        **({"unit": deed.unit} if deed.unit else {}),
        **({"note": deed.note} if deed.note else {}),
        **({"files": [_told(each) for each in deed.files]} if deed.files else {}),
        **deed.data,
        **_behind(declared, deed.data, veils),
    }
    kept = {**deed.data, **{f"{VEIL}{name}": key for name, key in veils.items()}}
    sealed = seal(action=f"cases.{deed.step}", by=deed.by, subject=subject_of(case), data=told, at=deed.at)
    event = CaseEvent.objects.create(
        case=case, number=case.version, step=deed.step, state=case.state, at=deed.at, by=deed.by, unit=deed.unit,
        note=deed.note, data=kept, seal=sealed.uid,
    )  # fmt: skip
    _keep(event, case, deed.files)
    return event


def _behind(declared: CaseType, data: Mapping[str, Any], veils: Mapping[str, str]) -> dict[str, str]:
    """What the seal says of personal fields."""
    found = {}
    for name, key in veils.items():
        value = str(data[f"field_{name}"])
        found[f"field_{name}"] = masked(declared.by_field[name].personal, value)
        found[f"{VEIL}{name}"] = veiled(value, key)
    return found


def _told(each: Evidence) -> dict[str, str]:
    return {"sha256": each.stored.sha256, "name": each.name, "kind": each.kind}


def _keep(event: CaseEvent, case: Case, files: Iterable[Evidence]) -> None:
    rows = [
        CaseFile(case=case, event=event, stored=each.stored, name=each.name, kind=each.kind, round=case.round)
        for each in files
    ]
    if rows:
        CaseFile.objects.bulk_create(rows)
