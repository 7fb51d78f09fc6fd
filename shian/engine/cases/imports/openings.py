"""`cases.<type>`: cases that a file opens. One that is here already must say the same; only steps change a case."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from shian.engine.cases.actions.clocks import due_of, in_order, started_by
from shian.engine.cases.actions.opening import Opening, made, naming, opening_told, turn_of
from shian.engine.cases.actions.sealing import VEIL
from shian.engine.cases.declarations import OPENING, CaseType
from shian.engine.cases.imports.rows import good_rows, ids_sql, known_cases, morning_of, plain_value
from shian.engine.cases.models import Case, CaseClock, CaseEvent
from shian.engine.cases.numbering import place_in, series_of
from shian.kernel.imports.specs import Counts, RowFault, Staged
from shian.kernel.scope.rules import key_of_code
from shian.registers.people.models import Organisation, Person

NAMES = (
    "number", "title", "body", "source", "subject", "item_code", "operator_code", "area_code", "issuer_code",
    "unit_code", "verifier_code", "owner_no", "opened_on", "opened_by", "due_on", "is_urgent", "parent_type",
    "parent_number",
)  # fmt: skip
COMPUTED = frozenset({"due_on"})  # what the first event keeps and no file says
AT_LEAST = """
INSERT INTO cases_casecounter AS c (series, last) SELECT * FROM unnest(%s::text[], %s::int[])
ON CONFLICT (series) DO UPDATE SET last = GREATEST(c.last, EXCLUDED.last)
"""
Key = tuple[str, str]


class _File:
    """The good rows of a file with the cases, units and persons that they name."""

    def __init__(self, declared: CaseType, staged: Staged) -> None:
        self.declared = declared
        self.rows = good_rows(staged, (*NAMES, *declared.by_field))
        keys = {self.key(row) for row in self.rows}
        self.known = known_cases(keys | {self.parent_key(row) for row in self.rows if row["parent_number"]})
        self.first = self._first_events(keys)
        self.units = Organisation.objects.in_bulk(_given(self.rows, "issuer_code", "unit_code", "verifier_code"),
                                                  field_name="code")  # fmt: skip
        self.owners = Person.objects.in_bulk(_given(self.rows, "owner_no"), field_name="person_no")

    def key(self, row: dict[str, Any]) -> Key:
        return self.declared.key, row["number"]

    def parent_key(self, row: dict[str, Any]) -> Key:
        return row["parent_type"] or self.declared.key, row["parent_number"]

    def _first_events(self, keys: Collection[Key]) -> dict[Key, dict[str, Any]]:
        found = {case.pk: key for key, case in self.known.items() if key in keys}
        events = CaseEvent.objects.filter(case__in=found, number=1).values_list("case", "data")
        return {found[case]: data for case, data in events}

    def opening(self, row: dict[str, Any], parent: Case | None) -> Opening:
        """The row as an action takes it."""
        own = {name: plain_value(row[name]) for name in self.declared.by_field if row[name] not in (None, "")}
        return Opening(
            title=row["title"], area_key=key_of_code(row["area_code"]), issuer=self.units[row["issuer_code"]],
            unit=self.units.get(row["unit_code"]), verifier=self.units.get(row["verifier_code"]),
            owner=self.owners.get(row["owner_no"]), body=row["body"] or "", source=row["source"] or "",
            subject=row["subject"] or "", item_code=row["item_code"] or "", operator_code=row["operator_code"] or "",
            due_on=row["due_on"], is_urgent=bool(row["is_urgent"]), parent=parent, data=own,
        )  # fmt: skip

    def case(self, row: dict[str, Any], parent: Case | None) -> tuple[Case, dict[str, Any]]:
        """The case that the row makes, not yet saved, and what its first event keeps."""
        opening = self.opening(row, parent)
        case = made(self.declared, opening, morning_of(row["opened_on"]))
        case.number = row["number"]
        case.turn = turn_of(self.declared, case)
        return case, opening_told(opening, case)


def _given(rows: Sequence[dict[str, Any]], *names: str) -> list[str]:
    return sorted({row[name] for row in rows for name in names if row[name]})


def examine_openings(declared: CaseType, staged: Staged) -> Iterator[RowFault]:
    """A case that is here must say the same; a parent must be here, open, or stand in the file without a fault."""
    file = _File(declared, staged)
    bad = {file.key(row) for row in file.rows if file.key(row) in file.first and _differs(file, row)}
    standing = _standing(file, bad)
    for row in file.rows:
        if file.key(row) in bad:
            yield RowFault(
                row["row_no"], "number", _("系统中已有这个编号，内容不同"),
                _("导入只新增事项；已有事项请在页面上办理，或改用新编号"), row["number"],
            )  # fmt: skip
        elif file.key(row) not in standing:
            yield RowFault(row["row_no"], "parent_number", _("没有这个编号的上级事项，或它已办结、那一行有误"),
                           _("请先导入上级事项，或核对编号"), row["parent_number"])  # fmt: skip


def _standing(file: _File, bad: set[Key]) -> set[Key]:
    """The rows that are here already, have no parent, an open one, or one in the file that stands itself."""
    standing = {key for key, case in file.known.items() if key in file.first or case.is_open}
    left = [row for row in file.rows if file.key(row) not in bad | standing]
    while ready := [row for row in left if not row["parent_number"] or file.parent_key(row) in standing]:
        standing |= {file.key(row) for row in ready}
        left = [row for row in left if file.key(row) not in standing]
    return standing


def _differs(file: _File, row: dict[str, Any]) -> bool:
    parent = file.known.get(file.parent_key(row)) if row["parent_number"] else None
    _case, told = file.case(row, parent)
    before = dict(file.first[file.key(row)])
    if not row["subject"]:  # a page knows what caused a case, a file need not
        before.pop("subject", None)
    told |= {"parent": row["parent_number"]} if row["parent_number"] else {}
    return _comparable(told) != _comparable(before)


def _comparable(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key not in COMPUTED and not key.startswith(VEIL)}


def apply_openings(declared: CaseType, staged: Staged) -> Counts:
    """Make the cases that are not here yet, parents first, with their clocks and first events."""
    file, batch = _File(declared, staged), staged.parameters["batch"]
    new = [row for row in file.rows if file.key(row) not in file.first]
    waiting, events, clocks, cases = new, list[CaseEvent](), list[CaseClock](), list[Case]()
    while waiting:
        ready = [row for row in waiting if not row["parent_number"] or file.parent_key(row) in file.known]
        cases += _make(file, ready, batch, clocks, events)
        waiting = [row for row in waiting if file.key(row) not in file.known]
    CaseClock.objects.bulk_create(clocks)
    CaseEvent.objects.bulk_create(events)
    _move_counters(file, new)
    for table, rows in (("cases_case", cases), ("cases_caseclock", clocks), ("cases_caseevent", events)):
        staged.note_written(table, ids_sql(rows), "SELECT NULL::bigint WHERE FALSE")
    return Counts(new=len(cases), same=len(file.rows) - len(new))


def _make(
    file: _File, rows: Sequence[dict[str, Any]], batch: int, clocks: list[CaseClock], events: list[CaseEvent]
) -> list[Case]:
    """The cases of these rows, saved; their clocks and first events are added to the lists, not yet saved."""
    made_now = []
    for row in rows:
        parent = file.known[file.parent_key(row)] if row["parent_number"] else None
        case, told = file.case(row, parent)
        case.batch = batch
        started = started_by(file.declared, case, OPENING, at=case.created_at, due_on=row["due_on"])
        for name, value in due_of(case, in_order(started)).items():
            setattr(case, name, value)
        clocks += started
        told |= {"due_on": case.due_on.isoformat()} if case.due_on else {}
        events.append(
            CaseEvent(
                case=case,
                number=1,
                step=OPENING,
                state=case.state,
                at=case.created_at,
                unit=case.issuer_id,
                by=row["opened_by"] or case.issuer.name,
                data=told,
                batch=batch,
            )
        )
        made_now.append(case)
    Case.objects.bulk_create(made_now)
    file.known |= {(case.type, case.number): case for case in made_now}
    return made_now


def _move_counters(file: _File, rows: Sequence[dict[str, Any]]) -> None:
    """Numbers that follow the format are taken: the next case of each series gets a later one."""
    form, last = file.declared.numbering, dict[str, int]()
    for row in rows:
        told = naming(file.opening(row, None), row["opened_on"])
        place = place_in(form, told, row["number"])
        if place is not None:
            series = series_of(file.declared.key, form, told)
            last[series] = max(place, last.get(series, 0))
    if last:
        with connection.cursor() as cursor:
            cursor.execute(AT_LEAST, [list(last), list(last.values())])
