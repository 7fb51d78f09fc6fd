"""The staging table: rows stand in it as they were read (loading.py) and are judged by statements over all of them."""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from shian.kernel.imports.specs import (
    ERROR,
    SQL_TYPES,
    ImportField,
    ImportSpec,
    RowFault,
    SetCheck,
    area_key_sql,
)

NAMED_ROWS = 5
PARENT_DEPTH = 12
Tell = Callable[[int, str], None]
DIGEST_BYTES = 32
WORKING_MEMORY = "128MB"  # for sorts and hashes over all rows of a file
STATISTICS = 25  # how many rows ANALYZE looks at, in 300: enough to choose between ways of joining


@dataclass
class Staging:
    """Temporary tables of one run, inside one transaction. `digests` are 32 bytes per row, in file order."""

    spec: ImportSpec
    cursor: CursorWrapper
    parameters: dict[str, Any]
    label: str
    headings: dict[str, str] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    unreadable: frozenset[str] = frozenset()  # fields of which some cell is wrong by itself
    row_numbers: "array[int]" = field(default_factory=lambda: array("q"))
    digests: bytearray = field(default_factory=bytearray)
    worked_out: Any = None  # what `examine` leaves for `apply`

    @property
    def table(self) -> str:
        return f"{self.label}_rows"

    @property
    def problems(self) -> str:
        return f"{self.label}_problems"

    @property
    def plan(self) -> str:
        return f"{self.label}_plan"

    def execute(self, statement: str, more: Mapping[str, Any] | None = None) -> int:
        """Run one statement with table names and parameters filled in; the number of rows it touched."""
        self.cursor.execute(self.filled(statement), {**self.parameters, **(more or {})})
        return int(self.cursor.rowcount)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows that a statement answers."""
        self.execute(statement)
        return list(self.cursor.fetchall())

    def digests_without(self, bad: Collection[int]) -> Iterator[bytes]:
        """The digests of the rows that are not bad."""
        digests = bytes(self.digests)
        for start, row_no in zip(range(0, len(digests), DIGEST_BYTES), self.row_numbers, strict=True):
            if row_no not in bad:
                yield digests[start : start + DIGEST_BYTES]

    def remember(self, table: str, rows: str) -> None:
        """Keep rows of a table as they are now, before they change: `rows` is SQL that selects their ids."""
        self.execute(
            'INSERT INTO imports_replacedrow (batch_id, "table", row_id, before) '
            f"SELECT %(batch)s, '{table}', t.id, to_jsonb(t) FROM {table} t WHERE t.id IN ({rows})"
        )

    def note_written(self, table: str, new: str, changed: str, key: str = "id") -> None:
        """After writing: `new` and `changed` are SQL that select the ids of the rows added and changed. For a table
        that hangs on the register, `key` names its rows there and the marks are those of the register's batch."""
        ids = f"SELECT id FROM ({new}) n (id) UNION ALL SELECT id FROM ({changed}) c (id)"
        self.execute(
            'INSERT INTO imports_writtenrows (batch_id, "table", key, new_ids, marks, rows_after) '
            f"SELECT %(batch)s, '{table}', '{key}', ARRAY({new})::bigint[], "
            "COALESCE(array_agg(m.mark::text), '{}'), COALESCE(sum(m.rows), 0) FROM (SELECT t.xmin, count(*) "
            f"FROM {table} t JOIN ({ids}) w (id) ON t.{key} = w.id GROUP BY 1) m (mark, rows)"
        )

    def note_added(self, table: str, after: int) -> None:
        """After writing to a table that nobody else adds to meanwhile: all rows with an id above `after` are new."""
        self.execute(
            'INSERT INTO imports_writtenrows (batch_id, "table", key, new_ids, first, last, marks, rows_after) '
            f"SELECT %(batch)s, '{table}', 'id', '{{}}', COALESCE(min(m.first), {int(after)} + 1), "
            f"COALESCE(max(m.last), {int(after)}), COALESCE(array_agg(m.mark::text), '{{}}'), COALESCE(sum(m.rows), 0) "
            f"FROM (SELECT t.xmin, count(*), min(t.id), max(t.id) FROM {table} t WHERE t.id > {int(after)} GROUP BY 1) "
            "m (mark, rows, first, last)"
        )

    def filled(self, statement: str) -> str:
        return (
            statement.replace("{staging}", self.table).replace("{problems}", self.problems).replace("{plan}", self.plan)
        )


@contextmanager
def staging(spec: ImportSpec, label: str, parameters: Mapping[str, Any]) -> Iterator[Staging]:
    """Empty temporary tables for one run; gone when the block or the transaction ends."""
    columns = [f"{each.name} {SQL_TYPES[each.type]}" for each in spec.fields]
    columns += [f"{name} text" for derived in spec.derived for name in derived.names]
    with connection.cursor() as cursor:
        run = Staging(spec, cursor, {**parameters, **spec.parameters()}, label)
        run.execute(f"SET LOCAL work_mem = '{WORKING_MEMORY}'")
        run.execute(f"SET LOCAL default_statistics_target = {STATISTICS}")
        run.execute(
            "CREATE TEMPORARY TABLE {staging} (row_no integer NOT NULL, is_good boolean NOT NULL DEFAULT TRUE, "
            f"{', '.join(columns)}) ON COMMIT DROP"
        )
        run.execute(
            "CREATE TEMPORARY TABLE {problems} (row_no integer NOT NULL, field text NOT NULL, value text, "
            "reason text NOT NULL, remedy text NOT NULL, severity text NOT NULL, "
            "of_cell boolean NOT NULL DEFAULT FALSE) ON COMMIT DROP"
        )
        yield run
        run.execute("DROP TABLE IF EXISTS {plan}, {problems}, {staging}")


def judge(run: Staging, tell: Tell) -> None:
    """All checks over the set of rows; afterwards `is_good` is false for rows with an error."""
    spec = run.spec
    tell(0, _("检查重复"))
    _find_duplicates(run)
    checks = [*_reference_checks(spec), *spec.checks, *_scope_checks(run)]
    for index, check in enumerate(checks):
        tell(index * 100 // max(len(checks), 1), _("逐项检查"))
        _apply_check(run, check)
    mark = (
        "UPDATE {staging} s SET is_good = FALSE WHERE s.is_good "
        "AND s.row_no IN (SELECT row_no FROM {problems} WHERE severity = 'error')"
    )
    run.execute(mark)
    for each in (each for each in spec.fields if each.references and each.references.in_file):
        _reject_orphans(run, each, mark)
    if spec.examine is not None:
        _keep_faults(run, spec.examine(run))
        run.execute(mark)


def _keep_faults(run: Staging, faults: Iterable[RowFault]) -> None:
    rows = [(f.row_no, f.field, f.value[:200], str(f.reason), str(f.remedy), ERROR) for f in faults]
    run.cursor.executemany(run.filled("INSERT INTO {problems} VALUES (%s, %s, %s, %s, %s, %s)"), rows)


WRONG_ALREADY = (
    "EXISTS (SELECT 1 FROM {problems} w WHERE w.row_no = s.row_no AND w.field = %(check_field)s "
    "AND w.severity = 'error'"
)


def _apply_check(run: Staging, check: SetCheck) -> None:
    """One statement per check. A cell that is wrong by itself is not blamed again for what it lacks."""
    value = check.value or f"s.{check.field}::text"
    readable = f" AND NOT {WRONG_ALREADY} AND w.of_cell)" if check.field in run.unreadable else ""
    run.execute(
        "INSERT INTO {problems} SELECT s.row_no, %(check_field)s, left(" + value + ", 200), "
        f"replace(%(check_reason)s, '{{detail}}', COALESCE(({check.detail})::text, '')), "
        "%(check_remedy)s, %(check_severity)s "
        f"FROM {{staging}} s {check.joins} WHERE ({check.sql}){readable}",
        {
            "check_field": check.field,
            "check_reason": str(check.message),
            "check_remedy": str(check.remedy),
            "check_severity": check.severity,
        },
    )


def _find_duplicates(run: Staging) -> None:
    """The same natural key twice: both rows are wrong and each names the others. Mostly there are none: then no row is
    sorted."""
    key = ", ".join(f"s.{name}" for name in run.spec.natural_key)
    first = run.spec.natural_key[0]
    keyed = f"FROM {{staging}} s WHERE s.{first} IS NOT NULL"
    if not run.rows(f"SELECT 1 {keyed} GROUP BY {key} HAVING count(*) > 1 LIMIT 1"):
        return
    reason = _("同一主键在文件中出现 {count} 次：第 {rows} 行")
    run.execute(
        f"WITH keyed AS (SELECT s.row_no, s.{first} AS shown, "
        f"array_agg(s.row_no) OVER w AS rows, count(*) OVER w AS times {keyed} WINDOW w AS (PARTITION BY {key})) "
        "INSERT INTO {problems} SELECT row_no, %(key_field)s, left(shown::text, 200), "
        "replace(replace(%(key_reason)s, '{count}', times::text), '{rows}', "
        "(SELECT string_agg(n::text, '、' ORDER BY n) "
        f"FROM (SELECT n FROM unnest(rows) n ORDER BY n LIMIT {NAMED_ROWS}) x) "
        f"|| CASE WHEN times > {NAMED_ROWS} THEN '…' ELSE '' END), "
        "%(key_remedy)s, 'error' FROM keyed WHERE times > 1",
        {"key_field": first, "key_reason": reason, "key_remedy": _("请保留一行，删除其余各行")},
    )


def _reference_checks(spec: ImportSpec) -> Iterator[SetCheck]:
    for each in spec.fields:
        reference = each.references
        if reference is None:
            continue
        where = f" AND {reference.where}" if reference.where else ""
        found = f"SELECT 1 FROM {reference.table} r WHERE r.{reference.column} = s.{each.name}{where}"
        sql = f"s.{each.name} IS NOT NULL AND NOT EXISTS ({found})"
        if reference.in_file:
            sql += f" AND NOT EXISTS (SELECT 1 FROM {{staging}} o WHERE o.{reference.in_file} = s.{each.name})"
        yield SetCheck(
            field=each.name,
            sql=sql,
            message=_("系统中没有这个“%(title)s”") % {"title": each.title},
            remedy=_("请先导入被引用的记录，或核对编号"),
            severity=reference.severity,
        )


def _reject_orphans(run: Staging, each: ImportField, mark: str) -> None:
    """A row whose referenced row stands in the same file but is itself wrong cannot enter either."""
    reference = each.references
    if reference is None or reference.severity != ERROR:
        return
    orphan = SetCheck(
        field=each.name,
        sql=(
            f"s.is_good AND s.{each.name} IS NOT NULL "
            f"AND NOT EXISTS (SELECT 1 FROM {reference.table} r WHERE r.{reference.column} = s.{each.name}) "
            f"AND NOT EXISTS (SELECT 1 FROM {{staging}} o WHERE o.{reference.in_file} = s.{each.name} AND o.is_good)"
        ),
        message=_("所引用的“%(title)s”在本文件中，但那一行有误") % {"title": each.title},
        remedy=_("请先改正被引用的行"),
    )
    for _depth in range(PARENT_DEPTH):
        _apply_check(run, orphan)
        if not run.execute(mark):
            return


def _scope_checks(run: Staging) -> Iterator[SetCheck]:
    """Rows must lie in the reach of who imports; so must the row of the register that they would change."""
    spec = run.spec
    if run.parameters["is_unlimited"] or not spec.area_field:
        return
    outside = "NOT EXISTS (SELECT 1 FROM unnest(%(reach)s::text[]) k WHERE starts_with({key}, k))"
    key = area_key_sql(f"s.{spec.area_field}")
    yield SetCheck(
        field=spec.area_field,
        sql=f"s.{spec.area_field} IS NOT NULL AND NOT {WRONG_ALREADY}) AND " + outside.replace("{key}", key),
        message=_("该行所属区划不在您的管辖范围内"),
        remedy=_("请删除该行，由所属地区导入"),
    )
    if spec.target is None or not spec.target.is_area_scoped:
        return
    target = spec.target
    same = " AND ".join(f"t.{column} = {target.columns[column]}" for column in target.key)
    theirs = "CASE WHEN t.village <> '' THEN t.village WHEN t.township <> '' THEN t.township"
    theirs += " WHEN t.county <> '' THEN t.county WHEN t.city <> '' THEN t.city ELSE t.province END"
    yield SetCheck(
        field=spec.natural_key[0],
        sql=outside.replace("{key}", f"({theirs})"),
        joins=f"{target.joins} JOIN {target.table} t ON {same}",
        message=_("同一编号的记录属于其他地区，您无权修改"),
        remedy=_("请核对编号；确需调整时由上级单位导入"),
    )
