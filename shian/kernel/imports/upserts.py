"""From staging to the register: what is new, what changes, what stays; then one INSERT and one UPDATE."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from shian.kernel.imports.specs import Counts, ImportSpec, Target
from shian.kernel.imports.staging import Staging

_USED = re.compile(r"\bs\.(\w+)")
NEW = "SELECT p.target_id FROM {plan} p WHERE p.is_new"
CHANGED = "SELECT p.target_id FROM {plan} p WHERE p.is_changed"
WORDS_AT_ONCE = "64MB"
NEARLY_NOTHING = Decimal("0.000001")


class _DryRun(Exception):
    """Rolls the savepoint of a dry run back."""


def preview_counts(run: Staging) -> Counts:
    """How many good rows would be new, changed or the same. Writes nothing that stays."""
    spec = run.spec
    if spec.target is not None:
        return _plan(run, spec.target)
    counts = Counts()
    try:
        with transaction.atomic():
            counts = _applied(run, spec)
            raise _DryRun
    except _DryRun:
        return counts


def write_rows(run: Staging) -> Counts:
    """Upsert the good rows; what they replace is kept, so that the batch can be undone."""
    spec = run.spec
    if spec.target is None:
        return _applied(run, spec)
    target = spec.target
    counts = _plan(run, target)
    run.remember(target.table, CHANGED)
    for table, key in target.satellites.items():
        run.remember(table, f"SELECT h.id FROM {table} h WHERE h.{key} IN ({CHANGED})")
    _insert(run, target)
    _update(run, target)
    _name_new_rows(run, target)
    for statement in target.after:
        if speaks(statement, _derived_present(run)):
            run.execute(statement)
    run.note_written(target.table, NEW, CHANGED)
    for table, key in target.satellites.items():
        run.note_written(table, NEW, CHANGED, key)
    return counts


def _applied(run: Staging, spec: ImportSpec) -> Counts:
    if spec.apply is None:
        raise LookupError(spec.key)
    return spec.apply(run)


def written_columns(target: Target, present: frozenset[str]) -> list[str]:
    """Columns that the file speaks of: those with a constant, or with at least one field that the file has."""
    columns = []
    for column, expression in target.columns.items():
        if column not in target.key and speaks(expression, present):
            columns.append(column)
    return columns


def speaks(statement: str, present: frozenset[str]) -> bool:
    """Does the SQL use no field at all, or at least one that the file has?"""
    used = set(_USED.findall(statement)) - {"row_no", "is_good"}
    return not used or bool(used & present)


def _derived_present(run: Staging) -> frozenset[str]:
    return run.present | {name for d in run.spec.derived if d.source in run.present for name in d.names}


def _plan(run: Staging, target: Target) -> Counts:
    same_key = " AND ".join(f"t.{column} = {target.columns[column]}" for column in target.key)
    compared = written_columns(target, _derived_present(run))
    pairs = [f"t.{column} IS DISTINCT FROM ({target.columns[column]})" for column in compared]
    extra = target.differs if speaks(target.differs, run.present) else "FALSE"
    differs = " OR ".join([*pairs, f"({extra})"])
    run.execute("DROP TABLE IF EXISTS {plan}")
    run.execute(
        "CREATE TEMPORARY TABLE {plan} ON COMMIT DROP AS SELECT s.row_no, t.id AS target_id, t.id IS NULL AS is_new, "
        f"(t.id IS NOT NULL AND ({differs})) AS is_changed "
        f"FROM {{staging}} s {target.joins} LEFT JOIN {target.table} t ON {same_key} WHERE s.is_good"
    )
    run.execute("ANALYZE {plan}")
    found = run.rows(
        "SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE is_changed), "
        "count(*) FILTER (WHERE NOT is_new AND NOT is_changed) FROM {plan}"
    )[0]
    return Counts(*map(int, found))


def _insert(run: Staging, target: Target) -> None:
    """Words of many rows enter a search index together, which takes a third less time; autovacuum sorts them in."""
    run.execute(f"SET LOCAL gin_pending_list_limit = '{WORDS_AT_ONCE}'")
    written = {**target.columns, **target.stamps}
    run.execute(
        f"INSERT INTO {target.table} ({', '.join(written)}) SELECT {', '.join(written.values())} "
        f"FROM {{staging}} s JOIN {{plan}} p ON p.row_no = s.row_no AND p.is_new {target.joins} ORDER BY s.row_no"
    )


def _update(run: Staging, target: Target) -> None:
    columns = {name: target.columns[name] for name in written_columns(target, _derived_present(run))}
    chosen = {**columns, **target.stamps}
    if not chosen:
        return
    assigned = ", ".join(f"{name} = n.{name}" for name in chosen)
    values = ", ".join(f"({expression}) AS {name}" for name, expression in chosen.items())
    run.execute(
        f"UPDATE {target.table} t SET {assigned} FROM (SELECT p.target_id, {values} FROM {{staging}} s "
        f"JOIN {{plan}} p ON p.row_no = s.row_no AND p.is_changed {target.joins}) n WHERE t.id = n.target_id"
    )


def _name_new_rows(run: Staging, target: Target) -> None:
    """`after` statements find the new rows by their identifier too."""
    same_key = " AND ".join(f"t.{column} = {target.columns[column]}" for column in target.key)
    run.execute(
        f"UPDATE {{plan}} p SET target_id = n.id FROM (SELECT s.row_no, t.id FROM {{staging}} s {target.joins} "
        f"JOIN {target.table} t ON {same_key}) n WHERE p.is_new AND n.row_no = p.row_no"
    )


def unmet_totals(run: Staging, rows: int | None, sums: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each stated total beside what the good rows give; `difference` is found minus stated, "0" when it is met."""
    totals = []
    if rows is not None:
        found = run.rows("SELECT count(*) FROM {staging} WHERE is_good")[0][0]
        totals.append(_total("", rows, found))
    for name, stated in sums.items():
        found = run.rows(f"SELECT COALESCE(sum({run.spec.field(name).name}), 0) FROM {{staging}} WHERE is_good")[0][0]
        totals.append(_total(name, Decimal(stated), Decimal(found)))
    return totals


def _total(name: str, stated: int | Decimal, found: int | Decimal) -> dict[str, Any]:
    difference = Decimal(found) - Decimal(stated)
    if abs(difference) < NEARLY_NOTHING:
        difference = Decimal(0)
    return {"field": name, "stated": _plain(stated), "found": _plain(found), "difference": _plain(difference)}


def _plain(value: int | Decimal) -> str:
    shown = format(Decimal(value), "f")
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown) or "0"
