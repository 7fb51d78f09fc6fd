"""Rows that many tests begin with: made once by the real actions, then poured in again as they were.

Their numbers came from the tables' own counters, which no rollback turns back, so that they meet no others in the same
database; in one that was made anew they are made anew.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from tests.architecture.write_guard import written_table

COUNTERS = "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'"
COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""


@dataclass(frozen=True)
class Rows:
    """What one table got, in COPY's binary form."""

    table: sql.Composable
    content: bytes


_kept: dict[tuple[str, int], list[Rows]] = {}


def make_once(name: str, make: Callable[[], object]) -> None:
    """Call `make`, or bring the rows that it wrote when it was called for this name before."""
    key = name, _asked("SELECT oid FROM pg_database WHERE datname = current_database()")[0][0]
    if key in _kept:
        _pour(_kept[key])
        return
    counters = dict(_asked(COUNTERS))
    with _noting() as tables:
        make()
    _kept[key] = [_taken(table, counters[f"{table}_id_seq"]) for table in sorted(tables)]


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
    asked = sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(made)
    with connection.connection.cursor() as cursor, cursor.copy(asked) as copy:
        content = b"".join(copy)
    return Rows(sql.SQL("{} ({})").format(sql.Identifier(table), columns), content)


def _pour(kept: list[Rows]) -> None:
    with connection.connection.cursor() as cursor:
        for rows in kept:
            with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(rows.table)) as copy:
                copy.write(rows.content)


def _asked(statement: str, params: list[Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())
