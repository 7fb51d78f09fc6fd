"""Rows of a file as objects, and objects as rows of tables: what the importers of cases share."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from shian.engine.cases.models import Case
from shian.kernel.imports.specs import Staged

DAY_LENGTH = len("2026-03-06")
MORNING = time(9, 0)  # a file that names no hour tells of the morning
STOP = """
UPDATE cases_caseclock t SET stopped_at = n.stopped_at
FROM jsonb_to_recordset(%s::jsonb) AS n (id bigint, stopped_at timestamptz) WHERE t.id = n.id
"""
CHANGED = {
    "state": "text", "is_open": "boolean", "closed_at": "timestamptz", "unit_id": "text", "owner_id": "bigint",
    "owner_name": "text", "data": "jsonb", "round": "integer", "reopened": "integer", "turn": "text",
    "next_rung_on": "date", "due_on": "date", "due_at": "timestamptz", "climbed": "integer", "level": "integer",
    "version": "integer", "asked_unit": "text", "updated_at": "timestamptz",
}  # fmt: skip


def good_rows(staged: Staged, names: Sequence[str]) -> list[dict[str, Any]]:
    """The rows that are good so far, in file order, with `row_no`; empty texts for what is missing in text columns."""
    columns = ", ".join(f'"{name}"' for name in names)
    found = staged.rows(f"SELECT row_no, {columns} FROM {{staging}} s WHERE s.is_good ORDER BY row_no")
    return [dict(zip(("row_no", *names), row, strict=True)) for row in found]


def plain_value(value: Any) -> Any:
    """A value as `data` keeps it."""
    return value if isinstance(value, bool | int | str) else str(value)


def moment_of(text: str) -> datetime | None:
    """A local day, or day and time, as a moment; None for what is neither."""
    try:
        if len(text) == DAY_LENGTH:
            return morning_of(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def morning_of(day: date) -> datetime:
    """The moment that a bare day stands for."""
    return timezone.make_aware(datetime.combine(day, MORNING))


def ids_sql(rows: Iterable[Any]) -> str:
    """SQL that selects the primary keys of these objects."""
    return f"SELECT unnest('{{{','.join(str(int(row.pk)) for row in rows)}}}'::bigint[])"


def known_cases(keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Case]:
    """(type, number) → case with its units and owner, of those that exist. One query for each type."""
    found: dict[tuple[str, str], Case] = {}
    for kind in sorted({kind for kind, _number in keys}):
        numbers = [number for each, number in keys if each == kind]
        rows = Case.objects.filter(type=kind, number__in=numbers).select_related("unit", "issuer", "verifier", "owner")
        found |= {(kind, each.number): each for each in rows}
    return found


def write_cases(cases: Collection[Case]) -> None:
    """Every changed column of these cases, in one statement."""
    told = [{"id": case.pk, **{name: _told(getattr(case, name)) for name in CHANGED}} for case in cases]
    assigned = ", ".join(f"{name} = n.{name}" for name in CHANGED)
    columns = ", ".join(f"{name} {kind}" for name, kind in CHANGED.items())
    _run(f"UPDATE cases_case t SET {assigned} FROM jsonb_to_recordset(%s::jsonb) AS n (id bigint, {columns}) "
         "WHERE t.id = n.id", told)  # fmt: skip


def write_stops(stopped: Mapping[int, datetime]) -> None:
    """When each of these clocks stopped."""
    told = [{"id": pk, "stopped_at": at.isoformat()} for pk, at in stopped.items()]
    _run(STOP, told)


def _run(statement: str, told: Sequence[Mapping[str, Any]]) -> None:
    if told:
        with connection.cursor() as cursor:
            cursor.execute(statement, [json.dumps(told, ensure_ascii=False)])


def _told(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
