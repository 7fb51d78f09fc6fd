"""Taking a batch back: is each of its rows still as it left them, does anything need them, and the SQL that restores.

A batch keeps what it wrote (WrittenRows: new rows by id or range, the transactions that wrote) and what it replaced
(ReplacedRow: whole rows). A row whose xmin is none of those transactions has changed since, whoever changed it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from django.utils.translation import gettext as _

from shian.kernel.imports.models import ImportBatch, WrittenRows
from shian.kernel.imports.specs import ImportSpec, importers

REGISTER = "id"
_REPLACED = 'imports_replacedrow x WHERE x.batch_id = %(batch)s AND x."table" = %(table)s'


class UndoRefused(ValueError):
    """The batch cannot be undone; the text says why, for the user."""


@dataclass(frozen=True)
class Undone:
    """How many rows were removed and how many were put back as they were."""

    removed: int
    restored: int


@dataclass
class Undo:
    """One batch being taken back, inside the caller's transaction."""

    batch: ImportBatch
    spec: ImportSpec
    cursor: CursorWrapper
    written: list[WrittenRows]

    def number(self, sql: str, rows: WrittenRows, **more: Any) -> int:
        """The count that a statement answers."""
        self.cursor.execute(sql, self._parameters(rows) | more)
        return int(self.cursor.fetchone()[0])

    def touch(self, sql: str, rows: WrittenRows) -> int:
        """The number of rows that a statement touched."""
        self.cursor.execute(sql, self._parameters(rows))
        return int(self.cursor.rowcount)

    def _parameters(self, rows: WrittenRows) -> dict[str, Any]:
        own = {name: getattr(rows, name) for name in ("table", "marks", "first", "last")}
        return {"batch": self.batch.pk, "new": rows.new_ids, "written": rows.rows_after, **own}


def take_back(batch: ImportBatch, spec: ImportSpec) -> Undone:
    """Put everything back as it was before the batch. Raises UndoRefused; nothing is changed then."""
    written = sorted(batch.written.all(), key=lambda rows: (rows.key == REGISTER, rows.pk))
    if not written:
        raise UndoRefused(_("这个批次没有留下变更前的数据，不能撤销。请导入更正后的文件。"))
    with connection.cursor() as cursor:
        undo = Undo(batch, spec, cursor, written)
        reasons = [*_changes_since(undo), *_needs(undo)]
        if reasons:
            raise UndoRefused(_("不能撤销：%(reasons)s。") % {"reasons": "；".join(reasons)})
        return _restore(undo)


def _changes_since(undo: Undo) -> Iterator[str]:
    for rows in undo.written:
        if rows.key == REGISTER and rows.is_range:
            own = f"FROM {rows.table} t WHERE {_is_new(rows)} AND t.xmin::text = ANY(%(marks)s)"
            changed = undo.number(f"SELECT %(written)s - count(*) {own}", rows)
        elif rows.key == REGISTER:
            ids = f"SELECT x.row_id FROM {_REPLACED} UNION ALL SELECT unnest(%(new)s::bigint[])"
            changed = undo.number(
                f"SELECT count(*) FROM ({ids}) w (id) LEFT JOIN {rows.table} t ON t.id = w.id "
                "WHERE t.id IS NULL OR NOT (t.xmin::text = ANY(%(marks)s))",
                rows,
            )
        else:
            changed = _satellites_changed(undo, rows)
        if changed:
            told = {"table": _title(rows.table), "count": changed}
            yield _("“%(table)s”中有 %(count)s 行此后又有变更") % told


def _satellites_changed(undo: Undo, rows: WrittenRows) -> int:
    """Rows that hang on the batch's rows and are neither its own nor as they were before; or some are gone."""
    hanging = f"FROM {rows.table} t WHERE t.{rows.key} IN ({_touched(undo)})"
    foreign = undo.number(
        f"SELECT count(*) {hanging} AND NOT (t.xmin::text = ANY(%(marks)s)) "
        f"AND NOT EXISTS (SELECT 1 FROM {_REPLACED} AND x.row_id = t.id AND x.before = to_jsonb(t))",
        rows,
        **_register_parameters(undo),
    )
    present = undo.number(f"SELECT count(*) {hanging}", rows, **_register_parameters(undo))
    return foreign or abs(present - rows.rows_after)


def _is_new(rows: WrittenRows, row: str = "t") -> str:
    """SQL: did the batch add this row of the table?"""
    return f"{row}.id BETWEEN %(first)s AND %(last)s" if rows.is_range else f"{row}.id = ANY(%(new)s)"


def _touched(undo: Undo) -> str:
    """SQL of the ids of the register's rows that the batch added or changed."""
    return (
        'SELECT x.row_id FROM imports_replacedrow x WHERE x.batch_id = %(batch)s AND x."table" = %(register)s '
        "UNION ALL SELECT unnest(%(register_new)s::bigint[])"
    )


def _register_parameters(undo: Undo) -> dict[str, Any]:
    register = next(rows for rows in undo.written if rows.key == REGISTER)
    return {"register": register.table, "register_new": register.new_ids}


def _needs(undo: Undo) -> Iterator[str]:
    """Rows elsewhere that need a row which the batch added."""
    for rows in undo.written:
        if rows.key != REGISTER or not (rows.new_ids or rows.is_range):
            continue
        for table, condition in dict(_dependants(undo.spec, rows.table)).items():
            not_itself = f"AND NOT ({_is_new(rows, 'd')})" if table == rows.table else ""
            found = undo.number(
                f"SELECT count(*) FROM {table} d WHERE EXISTS (SELECT 1 FROM {rows.table} t "
                f"WHERE {_is_new(rows)} AND ({condition})) {not_itself}",
                rows,
            )
            if found:
                yield _("“%(table)s”中有 %(count)s 行引用了新增的记录") % {"table": _title(table), "count": found}


def _dependants(spec: ImportSpec, table: str) -> Iterator[tuple[str, str]]:
    """Table and condition over its row `d` and the new row `t`: what the importer names, and references of others."""
    conditions: dict[str, list[str]] = {}
    if spec.target is not None and spec.target.table == table:
        conditions = {dependant: [f"({condition})"] for dependant, condition in spec.target.dependants().items()}
    for dependant, condition in (pair for other in importers() for pair in _references(other, table)):
        conditions.setdefault(dependant, []).append(condition)
    for dependant, listed in conditions.items():
        yield dependant, " OR ".join(dict.fromkeys(listed))


def _references(other: ImportSpec, table: str) -> Iterator[tuple[str, str]]:
    """Columns of another register that hold a key of this table as text."""
    fields = [each for each in other.fields if each.references and each.references.table == table]
    if other.target is None:
        return
    for each in fields:
        own = {f"s.{each.name}", f"COALESCE(s.{each.name}, '')"}
        wanted = each.references.column if each.references else ""
        columns = [column for column, expression in other.target.columns.items() if expression in own]
        yield from ((other.target.table, f"d.{column} = t.{wanted}") for column in columns)


def _restore(undo: Undo) -> Undone:
    """New rows go before old ones come back, for both may claim the same key; foreign keys are asked at the end."""
    register = [rows for rows in undo.written if rows.key == REGISTER]
    hanging = [rows for rows in undo.written if rows.key != REGISTER]
    try:
        with transaction.atomic():
            for rows in hanging:
                parameters = {"batch": undo.batch.pk, **_register_parameters(undo)}
                undo.cursor.execute(f"DELETE FROM {rows.table} t WHERE t.{rows.key} IN ({_touched(undo)})", parameters)
            removed = sum(undo.touch(f"DELETE FROM {r.table} t WHERE {_is_new(r)}", r) for r in register)
            restored = sum(undo.touch(_put_back(rows), rows) for rows in register)
            for rows in hanging:
                undo.touch(_hang_back(rows), rows)
            undo.cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            undo.cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        table = getattr(getattr(error.__cause__, "diag", None), "table_name", "") or ""
        raise UndoRefused(_("不能撤销：“%(table)s”引用了新增的记录。") % {"table": _title(table)}) from error
    return Undone(removed, restored)


def _as_before(table: str) -> str:
    return f"(SELECT x.before FROM {_REPLACED}) b, jsonb_populate_record(NULL::{table}, b.before) r"


def _put_back(rows: WrittenRows) -> str:
    assigned = ", ".join(f"{column} = r.{column}" for column in _columns(rows.table) if column != REGISTER)
    return f"UPDATE {rows.table} t SET {assigned} FROM {_as_before(rows.table)} WHERE t.id = r.id"


def _hang_back(rows: WrittenRows) -> str:
    columns = _columns(rows.table)
    values = ", ".join(f"r.{column}" for column in columns)
    return f"INSERT INTO {rows.table} ({', '.join(columns)}) SELECT {values} FROM {_as_before(rows.table)}"


def _model(table: str) -> type[Model] | None:
    return next((model for model in apps.get_models() if model._meta.db_table == table), None)


def _columns(table: str) -> list[str]:
    model = _model(table)
    if model is None:
        raise LookupError(table)
    return [
        each.column for each in model._meta.concrete_fields if each.column and not getattr(each, "generated", False)
    ]


def _title(table: str) -> str:
    """What the table is called: the title of its importer, else the name of its model's app."""
    titles = [str(spec.title) for spec in importers() if spec.target is not None and spec.target.table == table]
    if len(titles) == 1:
        return titles[0]
    model = _model(table)
    return str(apps.get_app_config(model._meta.app_label).verbose_name) if model else table
