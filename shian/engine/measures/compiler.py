"""Measures into SQL: any number of them become one statement that yields every area of every level asked for.

Parts that read the same rows (source, as-of date, days) share a *frame*, and a frame is one scan: counts, sums, minima
and maxima are first grouped by the area columns, then rolled up by GROUPING SETS, each part with its own FILTER.
Distinct counts cannot be rolled up and go over the rows. `latest` and `longest_run` read the rows of the area itself,
not of the areas below. Frames are joined by UNION ALL, so that a ratio over two sources is still one statement.

Values are always bound; identifiers come from declarations only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shian.engine.ledgers.conditions import condition_sql
from shian.engine.measures.declarations import Part, Source, source_of
from shian.engine.measures.rules import PeriodInvalid, Window
from shian.kernel.scope.rules import LEVELS, Level, level_of_key

Sql = tuple[str, list[Any]]
_ROLL_UP = {"count": "sum", "sum": "sum", "min": "min", "max": "max"}
EMPTINESS = -1


@dataclass(frozen=True)
class PartAsk:
    """A part at a date, over the days of a window (None: the state)."""

    part: Part
    as_of: date
    window: Window | None = None

    @property
    def kind(self) -> str:
        return "rolled" if self.part.aggregate in _ROLL_UP else self.part.aggregate


@dataclass(frozen=True)
class Statement:
    """SQL giving (frame, area, values); `slots` says where each ask's value is, `sources` where its emptiness is."""

    sql: str
    values: list[Any]
    slots: dict[PartAsk, tuple[int, int]]
    sources: tuple[str, ...]


def compile_parts(asks: Iterable[PartAsk], levels: Sequence[Level], prefix: str) -> Statement:
    """One statement for all asks, for the areas at `levels` inside the area with key `prefix`.

    Raises PeriodInvalid when a source cannot answer for the days asked for.
    """
    frames: dict[Any, list[PartAsk]] = {}
    for ask in dict.fromkeys(asks):
        alone = ask if ask.kind in {"latest", "longest_run"} else None
        frames.setdefault((ask.kind, ask.part.source, ask.as_of, ask.window, alone), []).append(ask)
    texts: list[str] = []
    values: list[Any] = []
    slots: dict[PartAsk, tuple[int, int]] = {}
    for number, group in enumerate(frames.values()):
        text, bound = _frame(number, group, levels, prefix)
        texts.append(text)
        values.extend(bound)
        slots |= {ask: (number, place) for place, ask in enumerate(group)}
    sources = tuple(dict.fromkeys(ask.part.source for ask in slots))
    text, bound = _emptiness(sources)
    return Statement("\nUNION ALL\n".join([*texts, text]), values + bound, slots, sources)


def levels_within(levels: Iterable[Level], prefix: str) -> tuple[Level, ...]:
    """The levels that areas inside `prefix` (and itself) can have."""
    top = LEVELS.index(level_of_key(prefix)) if prefix else 0
    return tuple(level for level in LEVELS[top:] if level in set(levels))


def _frame(number: int, group: list[PartAsk], levels: Sequence[Level], prefix: str) -> Sql:
    kind = group[0].kind
    if kind == "rolled":
        return _rolled(number, group, levels, prefix)
    if kind == "distinct":
        return _distinct(number, group, levels, prefix)
    return (_latest if kind == "latest" else _longest_run)(number, group[0], prefix)


def _rolled(number: int, group: list[PartAsk], levels: Sequence[Level], prefix: str) -> Sql:
    inner, values = _aggregates(group)
    table, bound = _rows(group[0], prefix)
    columns = ", ".join(f"t.{level}" for level in levels)
    named = ", ".join(f"{text} AS a{i}" for i, text in enumerate(inner))
    outer = ", ".join(f"{_ROLL_UP[ask.part.aggregate]}(a{i})::numeric" for i, ask in enumerate(group))
    sql = (
        f"SELECT {number} AS frame, {_area(levels)} AS area, ARRAY[{outer}] AS parts\n"
        f"FROM (SELECT {columns}, {named} FROM {table} GROUP BY {columns}) g\nGROUP BY {_sets(levels)}"
    )
    return sql, values + bound


def _distinct(number: int, group: list[PartAsk], levels: Sequence[Level], prefix: str) -> Sql:
    inner, values = _aggregates(group)
    table, bound = _rows(group[0], prefix)
    counted = ", ".join(f"{text}::numeric" for text in inner)
    sql = f"SELECT {number}, {_area(levels)}, ARRAY[{counted}]\nFROM {table} GROUP BY {_sets(levels)}"
    return sql, values + bound


def _latest(number: int, ask: PartAsk, prefix: str) -> Sql:
    table, bound = _latest_rows(ask, prefix)
    value = source_of(ask.part.source).expressions(ask.as_of)[ask.part.column]
    return f"SELECT {number}, t.own_area, ARRAY[({value})::numeric]\nFROM {table}", bound


def _latest_rows(ask: PartAsk, prefix: str) -> Sql:
    """The newest row of each area for which `where` holds and the column is filled."""
    source = source_of(ask.part.source)
    where, values = condition_sql(ask.part.where, source.expressions(ask.as_of))
    table, bound = _rows(ask, prefix)
    newest = [f"t.{source.occurs_on} DESC NULLS LAST"] if source.occurs_on else []
    newest += [f"{source.year} DESC NULLS LAST"] if source.year else []
    newest += [f"t.{source.valid_from} DESC NULLS LAST"] if source.valid_from else []
    filled = f"({source.expressions(ask.as_of)[ask.part.column]}) IS NOT NULL"
    sql = (
        f"(SELECT DISTINCT ON ({_own()}) t.*, {_own()} AS own_area FROM {table} AND {where} AND {filled} "
        f"ORDER BY {', '.join([_own(), *newest, 't.id DESC'])}) t"
    )
    return sql, bound + values


def _longest_run(number: int, ask: PartAsk, prefix: str) -> Sql:
    runs, values = _runs(ask, prefix)
    sql = (
        f"SELECT {number}, area, ARRAY[(CASE WHEN max(last) >= %s "
        f"THEN count(*) FILTER (WHERE holds AND y + place = last + 1) END)::numeric]\nFROM {runs} GROUP BY area"
    )
    return sql, [ask.as_of.year - 1, *values]


def _runs(ask: PartAsk, prefix: str) -> Sql:
    """Years of each area with: does it hold, its place among those that do (newest first), the last year known."""
    source = source_of(ask.part.source)
    where, values = condition_sql(ask.part.where, source.expressions(ask.as_of))
    year = source.expressions(ask.as_of)[ask.part.column]
    table, bound = _rows(replace(ask, window=None), prefix)
    sql = (
        "(SELECT area, y, holds, row_number() OVER (PARTITION BY area, holds ORDER BY y DESC) AS place, "
        "max(y) OVER (PARTITION BY area) AS last FROM "
        f"(SELECT {_own()} AS area, {year} AS y, COALESCE(bool_or({where}), FALSE) AS holds FROM {table} "
        "GROUP BY 1, 2) years) runs"
    )
    return sql, values + bound


def _aggregates(group: list[PartAsk]) -> tuple[list[str], list[Any]]:
    texts: list[str] = []
    values: list[Any] = []
    for ask in group:
        part = ask.part
        expressions = source_of(part.source).expressions(ask.as_of)
        where, bound = condition_sql(part.where, expressions)
        column = expressions.get(part.column, "*") if part.aggregate != "count" else "*"
        call = f"count(DISTINCT {column})" if part.aggregate == "distinct" else f"{part.aggregate}({column})"
        texts.append(f"{call} FILTER (WHERE {where})" if part.where else call)
        values.extend(bound)
    return texts, values


def _rows(ask: PartAsk, prefix: str) -> Sql:
    """FROM … WHERE …: the rows of the source that count at the date, inside the area."""
    source = source_of(ask.part.source)
    conditions, values = _base(source, ask.as_of, ask.window)
    if prefix:
        conditions.append(f"t.{level_of_key(prefix)} = %s")
        values.append(prefix)
    where = " AND ".join(conditions)
    if not source.latest_per:
        return f"{source.table} t WHERE {where}", values
    newest = f"t.{source.latest_per}, t.{source.occurs_on} DESC, t.id DESC"
    inner = f"SELECT DISTINCT ON (t.{source.latest_per}) t.* FROM {source.table} t WHERE {where} ORDER BY {newest}"
    return f"({inner}) t WHERE TRUE", values


def _base(source: Source, as_of: date, window: Window | None) -> tuple[list[str], list[Any]]:
    conditions = [source.condition.replace("{as_of}", "%s")]
    values: list[Any] = [*source.values, *[as_of] * source.condition.count("{as_of}")]
    for column, operator in ((source.valid_from, "<="), (source.valid_to, ">")):
        if column:
            conditions.append(_or_null(source, column, f"t.{column} {operator} %s"))
            values.append(as_of)
    conditions_of_days, days = _days(source, as_of, window)
    return conditions + conditions_of_days, values + days


def _days(source: Source, as_of: date, window: Window | None) -> tuple[list[str], list[Any]]:
    """Nothing that happened after as_of counts; a whole year means the row's year where the register keeps one."""
    by_year = source.year and (window is None or window.is_whole_years or not source.occurs_on)
    conditions: list[str] = []
    values: list[Any] = []
    if by_year:
        first, last = _years(source, as_of, window)
        conditions.append(f"{source.year} BETWEEN %s AND %s")
        values += [first, last]
    if source.occurs_on and (window is None or by_year):
        conditions.append(_or_null(source, source.occurs_on, f"t.{source.occurs_on} <= %s"))
        values.append(as_of)
    elif source.occurs_on and window:
        conditions.append(f"t.{source.occurs_on} BETWEEN %s AND %s")
        values += [window.start, min(window.end, as_of)]
    return conditions, values


def _years(source: Source, as_of: date, window: Window | None) -> tuple[int, int]:
    if window is None:
        return 0, as_of.year
    first = window.start.year + (0 if (window.start.month, window.start.day) == (1, 1) else 1)
    if first > window.end.year:
        told = {"source": source.title, "period": window.text}
        raise PeriodInvalid(_("“%(source)s”只按年度登记，不能按 %(period)s 统计。") % told)
    return first, min(window.end.year, as_of.year)


def _or_null(source: Source, column: str, test: str) -> str:
    field: Any = source.model._meta.get_field(column)
    return f"(t.{column} IS NULL OR {test})" if field.null else test


def _emptiness(sources: tuple[str, ...]) -> Sql:
    """Whether each register has any row at all: an empty one makes a count unknown, not zero."""
    tests: list[str] = []
    values: list[Any] = []
    for key in sources:
        source = source_of(key)
        fixed = source.condition if "{as_of}" not in source.condition else "TRUE"
        tests.append(f"(EXISTS (SELECT 1 FROM {source.table} t WHERE {fixed}))::int::numeric")
        values += source.values if "{as_of}" not in source.condition else ()
    return f"SELECT {EMPTINESS}, '', ARRAY[{', '.join(tests)}]", values


def _area(levels: Sequence[Level]) -> str:
    return f"COALESCE({', '.join(level.value for level in reversed(levels))})"


def _sets(levels: Sequence[Level]) -> str:
    return f"GROUPING SETS ({', '.join(f'({level})' for level in levels)})"


def _own() -> str:
    """The key of the row's own area: the deepest filled column."""
    return f"COALESCE({', '.join(f'NULLIF(t.{level}, {chr(39) * 2})' for level in reversed(LEVELS))}, '')"


def rows_behind(ask: PartAsk, area: str) -> Sql:
    """SELECT of the ids of the rows that the part counts in the area with this key: their number is its count."""
    if ask.kind == "latest":
        table, values = _latest_rows(ask, area)
        return f"SELECT t.id FROM {table} WHERE t.own_area = %s", [*values, area]
    source = source_of(ask.part.source)
    where, bound = condition_sql(ask.part.where, source.expressions(ask.as_of))
    if ask.kind == "longest_run":
        table, values = _rows(replace(ask, window=None), area)
        runs, run_values = _runs(ask, area)
        years = f"SELECT y FROM {runs} WHERE area = %s AND holds AND y + place = last + 1"
        year = source.expressions(ask.as_of)[ask.part.column]
        sql = f"SELECT t.id FROM {table} AND {where} AND {_own()} = %s AND {year} IN ({years})"
        return sql, [*values, *bound, area, *run_values, area]
    table, values = _rows(ask, area)
    return f"SELECT t.id FROM {table} AND {where}", values + bound
