"""`case_steps`: what happened to cases, step after step; a chain that breaks is refused from the broken step on."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shian.engine.cases.actions.moving import Given
from shian.engine.cases.actions.sealing import Evidence
from shian.engine.cases.checks import Taken
from shian.engine.cases.declarations import CaseType, case_types
from shian.engine.cases.imports.chains import NOTE, Refused, Standing, Told, Written, says_the_same, take
from shian.engine.cases.imports.rows import (
    good_rows,
    ids_sql,
    known_cases,
    moment_of,
    plain_value,
    write_cases,
    write_stops,
)
from shian.engine.cases.models import Case, CaseClock, CaseEvent, CaseFile
from shian.kernel.files.models import StoredFile
from shian.kernel.imports.specs import Counts, RowFault, Staged
from shian.registers.people.models import Organisation, Person

NAMES = (
    "case_type", "case_number", "step_no", "step", "at", "by", "unit_code", "note", "evidence", "evidence_kind",
    "to_unit_code", "owner_no", "due_on", "data",
)  # fmt: skip
SEPARATORS = re.compile(r"[;；、\n]")
NOWHERE = "SELECT NULL::bigint WHERE FALSE"
Row = dict[str, Any]


@dataclass
class Played:
    """What playing a file came to."""

    written: Written
    faults: list[RowFault]
    same: int = 0


class _File:
    """The good rows of a file with everything that they name, read in a handful of queries."""

    def __init__(self, staged: Staged) -> None:
        self.staged = staged
        self.rows = good_rows(staged, NAMES)
        self.types = {word: each for each in case_types() for word in (str(each.title), each.key)}
        keys = {key for row in self.rows if (key := self.key(row))}
        self.standings = _standings(known_cases(keys))
        self.files = self._stored()
        self.units = Organisation.objects.in_bulk(_named(self.rows, "to_unit_code"), field_name="code")
        self.owners = Person.objects.in_bulk(_named(self.rows, "owner_no"), field_name="person_no")

    def key(self, row: Row) -> tuple[str, str] | None:
        declared = self.types.get(row["case_type"])
        return (declared.key, row["case_number"]) if declared else None

    def standing(self, row: Row) -> Standing:
        """The case of the row. Raises Refused."""
        key = self.key(row)
        if key is None:
            raise Refused("case_type", _("没有这类事项，可选：%(types)s") % {"types": "、".join(self.types)})
        found = self.standings.get(key)
        if found is None or not self._is_in_reach(found.case):
            raise Refused("case_number", _("系统中没有这件事项"))
        return found

    def _is_in_reach(self, case: Case) -> bool:
        told = self.staged.parameters
        return told["is_unlimited"] or any(case.area.startswith(key) for key in told["reach"])

    def told(self, row: Row, declared: CaseType) -> Told:
        """The row as a step. Raises Refused for what cannot be read."""
        at = moment_of(row["at"])
        if at is None:
            raise Refused("at", _("不是日期时间，应如 2026-03-06 10:00"))
        return Told(_step_of(declared, row["step"]), at, row["by"], row["unit_code"] or "", self._given(row, declared))

    def _given(self, row: Row, declared: CaseType) -> Given:
        return Given(
            note=row["note"] or "", files=self._evidence(row, declared), data=_own_values(declared, row["data"]),
            unit=self.units.get(row["to_unit_code"]), owner=self.owners.get(row["owner_no"]), due_on=row["due_on"],
        )  # fmt: skip

    def _evidence(self, row: Row, declared: CaseType) -> list[Evidence]:
        kinds = {word: key for key, title in declared.evidence_kinds for word in (key, str(title))}
        kind = row["evidence_kind"] or ""
        if kind and kind not in kinds:
            raise Refused("evidence_kind", _("没有这种材料，可选：%(kinds)s") % {"kinds": "、".join(kinds)})
        found = []
        for name in _names_in(row["evidence"]):
            stored = self.files.get(self.attached.get(name, name))
            if stored is None:
                raise Refused("evidence", _("数据包中没有这个文件：%(name)s") % {"name": name})
            found.append(Evidence(stored, name if name in self.attached else stored.name, kinds.get(kind, "")))
        return found

    @property
    def attached(self) -> dict[str, str]:
        found: dict[str, str] = self.staged.parameters["attachments"]
        return found

    def _stored(self) -> dict[str, StoredFile]:
        names = {name for row in self.rows for name in _names_in(row["evidence"])}
        wanted = {self.attached.get(name, name) for name in names}
        return {each.sha256: each for each in StoredFile.objects.filter(sha256__in=wanted)}


def _named(rows: Sequence[Row], name: str) -> list[str]:
    return sorted({row[name] for row in rows if row[name]})


def _names_in(text: str | None) -> list[str]:
    return [name for part in SEPARATORS.split(text or "") if (name := part.strip())]


def _step_of(declared: CaseType, word: str) -> str:
    words = {name: each.key for each in declared.transitions for name in (str(each.title), each.key)}
    if word == NOTE or word in words:
        return words.get(word, NOTE)
    raise Refused("step", _("没有这个环节，可选：%(steps)s") % {"steps": "、".join(words)})


def _own_values(declared: CaseType, text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
        names = {name: declared.by_field[name] for name in found}
    except ValueError:
        raise Refused("data", _("不是 JSON 对象")) from None
    except KeyError as error:
        raise Refused("data", _("这类事项没有字段 %(name)s") % {"name": error.args[0]}) from None
    return {name: plain_value(found[name]) for name in names}


def _standings(cases: dict[tuple[str, str], Case]) -> dict[tuple[str, str], Standing]:
    """Each case as it stands, with its chain so far."""
    standings = {case.pk: Standing(case) for case in cases.values()}
    for event in CaseEvent.objects.filter(case__in=standings).order_by("case", "number"):
        _pass(standings[event.case_id], event)
    for clock in CaseClock.objects.filter(case__in=standings, stopped_at__isnull=True):
        standings[clock.case_id].clocks.append(clock)
    for case, held, kind in CaseFile.objects.filter(case__in=standings).values_list("case", "round", "kind"):
        if held == standings[case].case.round:
            standings[case].holds = True
            standings[case].kinds.add(kind)
    for part in Case.objects.filter(parent__in=standings, is_open=True).only("parent"):
        standings[part.parent_id or 0].open_parts.add(part.pk)
    return {key: standings[case.pk] for key, case in cases.items()}


def _pass(standing: Standing, event: CaseEvent) -> None:
    """An event that is here already: of the engine's own, only notes belong to the chain that files tell."""
    standing.newest = event.at
    standing.last[event.step] = (event.number, Taken(event.by, event.unit))
    if event.step == NOTE or event.step in _steps_of(standing.case.type):
        standing.steps.append(event)


def _steps_of(kind: str) -> frozenset[str]:
    return frozenset(next((each.by_step for each in case_types() if each.key == kind), ()))


def play(staged: Staged) -> Played:
    """Every row in the order in which it happened, those of one case in the order of their numbers."""
    file = _File(staged)
    played, batch = Played(Written(), []), staged.parameters["batch"]
    readable = list(_readable(file, played))
    next_order: dict[int, int] = defaultdict(int)
    for row, standing, told in sorted(readable, key=lambda each: (each[2].at, each[0]["step_no"])):
        case = standing.case
        try:
            next_order[case.pk] = next_order[case.pk] or len(standing.steps) + 1
            if _is_here(row, standing, told):
                played.same += 1
                continue
            if standing.is_broken:
                raise Refused("step_no", _("前一步未被接受"))
            if row["step_no"] != next_order[case.pk]:
                raise Refused("step_no", _("应为第 %(order)s 步") % {"order": next_order[case.pk]})
            was_open = case.is_open
            take(standing, told, played.written, batch)
        except Refused as refused:
            standing.is_broken = True
            played.faults.append(_fault(row, refused))
        else:
            next_order[case.pk] += 1
            _tell_parent(file, case, was_open)
    return played


def _readable(file: _File, played: Played) -> Iterator[tuple[Row, Standing, Told]]:
    for row in file.rows:
        standing = None
        try:
            standing = file.standing(row)
            yield row, standing, file.told(row, file.types[row["case_type"]])
        except Refused as refused:
            if standing is not None:
                standing.is_broken = True
            played.faults.append(_fault(row, refused))


def _is_here(row: Row, standing: Standing, told: Told) -> bool:
    """Is this step on the timeline already? Raises Refused where another one stands in its place."""
    if row["step_no"] > len(standing.steps):
        return False
    if not says_the_same(standing.steps[row["step_no"] - 1], told):
        raise Refused("step_no", _("系统中第 %(order)s 步已有不同的记录") % {"order": row["step_no"]})
    return True


def _tell_parent(file: _File, case: Case, was_open: bool) -> None:
    if case.parent_id is None or case.is_open == was_open:
        return
    for standing in file.standings.values():
        if standing.case.pk == case.parent_id:
            (standing.open_parts.add if case.is_open else standing.open_parts.discard)(case.pk)


def _fault(row: Row, refused: Refused) -> RowFault:
    value = row[refused.field]
    return RowFault(row["row_no"], refused.field, str(refused), _("请改正后连同其后各步重新上传"),
                    "" if value is None else str(value))  # fmt: skip


def examine_steps(staged: Staged) -> list[RowFault]:
    """What an action would refuse, and everything that builds on it."""
    played = staged.worked_out = play(staged)
    return played.faults


def apply_steps(staged: Staged) -> Counts:
    """Write what the good rows leave: events, evidence, clocks, and the cases as they stand after their last step."""
    played: Played = staged.worked_out
    written = played.written
    cases = list(written.cases.values())
    stopped = CaseClock.objects.filter(pk__in=written.stopped)
    staged.remember("cases_case", ids_sql(cases))
    staged.remember("cases_caseclock", ids_sql(stopped))
    CaseEvent.objects.bulk_create(written.events)
    CaseFile.objects.bulk_create(written.files)
    write_stops(written.stopped)
    CaseClock.objects.bulk_create(written.clocks)
    write_cases(cases)
    staged.note_written("cases_case", NOWHERE, ids_sql(cases))
    staged.note_written("cases_caseclock", ids_sql(written.clocks), ids_sql(stopped))
    staged.note_written("cases_caseevent", ids_sql(written.events), NOWHERE)
    staged.note_written("cases_casefile", ids_sql(written.files), NOWHERE)
    return Counts(new=len(written.events), same=played.same)
