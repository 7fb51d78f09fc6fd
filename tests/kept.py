"""Rows that many tests begin with: made once by the real actions, then poured in again as they were.

Their numbers came from the tables' own counters, which no rollback turns back, so that they meet no others in the same
database; in one that was made anew they are made anew.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from shian.kernel.scope.walls import guarded_tables, system_scope
from tests.architecture.write_guard import written_table

COUNTERS = "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'"
THERE = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""


@dataclass(frozen=True)
class Rows:
    """What one table got: in COPY's binary form, or as JSON for a table under row-level security, into which nothing is
    copied."""

    table: sql.Composable
    content: bytes | str
    columns: sql.Composable


_kept: dict[tuple[str, int], list[Rows]] = {}


def make_once(name: str, make: Callable[[], object], *, marked: Collection[str] = ()) -> None:
    """Call `make`, or bring the rows that it wrote when it was called for this name before.

    `marked` are tables of one row that it changes besides: whoever asks changes them again.
    """
    key = name, _asked("SELECT oid FROM pg_database WHERE datname = current_database()")[0][0]
    if key in _kept:
        _pour(_kept[key])
        return
    counters = dict(_asked(COUNTERS))
    with _noting() as tables:
        make()
    counted = {name.removesuffix("_id_seq") for name, last in _asked(COUNTERS) if last != counters.get(name)}
    there = {name for (name,) in _asked(THERE)}  # not what an import staged and dropped
    touched = ((tables | counted) & there).difference(marked)  # triggers write what no statement names
    _kept[key] = [_taken(table, counters[f"{table}_id_seq"]) for table in sorted(touched)]


@contextmanager
def _noting() -> Iterator[set[str]]:
    """The tables that are written to inside the block."""
    tables: set[str] = set()

    def wrapper(execute: Callable[..., Any], statement: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        answer = execute(statement, params, many, context)
        if context["cursor"].rowcount and (table := written_table(statement)):
            tables.add(table)
        return answer

    with connection.execute_wrapper(wrapper):
        yield tables


def _taken(table: str, above: int) -> Rows:
    columns = sql.SQL(", ").join(sql.Identifier(name) for (name,) in _asked(COLUMNS, [table]))
    made = sql.SQL("SELECT {} FROM {} WHERE id > {}").format(columns, sql.Identifier(table), above)
    if table in guarded_tables():
        ((content,),) = _asked(sql.SQL("SELECT json_agg(made)::text FROM ({}) made").format(made).as_string())
        return Rows(sql.Identifier(table), content or "[]", columns)
    asked = sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(made)
    with connection.connection.cursor() as cursor, cursor.copy(asked) as copy:
        content = b"".join(copy)
    return Rows(sql.Identifier(table), content, columns)


def _pour(kept: list[Rows]) -> None:
    """As they were: what triggers counted or drew when they were written stands in them, or in others of them."""
    with _without_triggers():
        for rows in kept:
            if isinstance(rows.content, str):
                _insert(rows, rows.content)
                continue
            asked = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(rows.table, rows.columns)
            with connection.connection.cursor() as cursor, cursor.copy(asked) as copy:
                copy.write(rows.content)


def _insert(rows: Rows, content: str) -> None:
    """As the system, which the policies let do everything."""
    poured = "INSERT INTO {} ({}) SELECT {} FROM json_populate_recordset(NULL::{}, {})"
    statement = sql.SQL(poured).format(rows.table, rows.columns, rows.columns, rows.table, content)
    with connection.cursor() as cursor, system_scope():
        cursor.execute(statement.as_string())


@contextmanager
def _without_triggers() -> Iterator[None]:
    """The owner may turn them off in tests, the web role never."""
    ((role,),) = _asked("SELECT current_user")
    turned = "SET LOCAL ROLE NONE; SET LOCAL session_replication_role = {}; SET LOCAL ROLE {}"
    for mode in ("replica", "origin"):
        with connection.connection.cursor() as cursor:
            cursor.execute(sql.SQL(turned).format(mode, sql.Identifier(role)))
        if mode == "replica":
            yield


def _asked(statement: str, params: list[Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())
