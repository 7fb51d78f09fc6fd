"""The rows of a report as the registers answer for a day: read when a batch is taken, again when it is compared."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from shian.engine.exchange.declarations import Report, ReportColumn
from shian.engine.measures.compiler import PartAsk, rows_behind
from shian.engine.measures.declarations import Part, measure, source_of
from shian.engine.measures.queries import figures
from shian.kernel.scope.rules import Level, code_of_key
from shian.kernel.ui.tables import Cell
from shian.registers.areas.queries import areas_valid_at

AT_ONCE = 2_000


@dataclass(frozen=True)
class FoundRow:
    """A row in the receiver's columns and codes, with what is missing in it."""

    key: str
    group: str
    values: list[str]
    problems: list[dict[str, str]] = field(default_factory=list)


def rows_of_report(report: Report, area: str, as_of: date) -> Iterator[FoundRow]:
    """Every row for an area (a key) on a day. Raises LookupError for a source or measure that nobody declares."""
    return _measured(report, area, as_of) if report.level else _registered(report, area, as_of)


def count_rows(report: Report, area: str, as_of: date) -> int:
    """About how many rows there will be, for telling how far one is; 0 for a report by area, which is short."""
    if report.level:
        return 0
    sql, values = rows_behind(PartAsk(Part(report.source), as_of), area)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS behind", values)
        return int(cursor.fetchone()[0])


def totals_of(report: Report, rows: list[FoundRow]) -> list[dict[str, str]]:
    """Number of rows, rows by group, and the sums of measured columns: what is compared later."""
    totals = [{"key": "rows", "title": _("行数"), "value": str(len(rows))}]
    if report.level:
        for place, column in enumerate(report.columns, 2):
            numbers = [Decimal(row.values[place]) for row in rows if row.values[place]]
            totals.append({"key": column.name, "title": column.title, "value": format(sum(numbers, Decimal(0)), "f")})
        return totals
    groups = Counter(row.group for row in rows)
    return totals + [
        {"key": f"group:{name}", "title": name or "—", "value": str(groups[name])} for name in sorted(groups)
    ]


def headings_of(report: Report) -> list[dict[str, str]]:
    """The columns of a batch, in order; a report by area begins with code and name."""
    own = [{"name": column.name, "title": column.title} for column in report.columns]
    area = [{"name": "QHDM", "title": "区划代码"}, {"name": "QHMC", "title": "区划名称"}]
    return [*area, *own] if report.level else own


def _registered(report: Report, area: str, as_of: date) -> Iterator[FoundRow]:
    source = source_of(report.source)
    sql, values = rows_behind(PartAsk(Part(report.source), as_of), area)
    behind = RawSQL(sql, values)  # noqa: S611 (made by the compiler from declarations, values bound)
    manager: Any = source.model._default_manager
    rows = manager.filter(pk__in=behind).select_related(*source.related).order_by("pk")
    for row in rows.iterator(chunk_size=AT_ONCE):
        cells = {name: _text(value) for name, value in source.row_of(row).cells.items()}
        coded = [_coded(column, cells.get(column.source, "")) for column in report.columns]
        problems = [problem for _value, problem in coded if problem]
        yield FoundRow(
            cells[report.key_column], cells.get(report.count_by, ""), [value for value, _p in coded], problems
        )


def _measured(report: Report, area: str, as_of: date) -> Iterator[FoundRow]:
    level = Level(report.level)
    keys = [column.source for column in report.columns]
    found = figures(keys, as_of=as_of, area_prefix=area, levels=[level])
    names = dict(areas_valid_at(as_of).filter(level=level.value).values_list("key", "name"))
    for key in sorted({key for by_area in found.values() for key in by_area}):
        shown = [found[column.source][key].shown for column in report.columns]
        texts = ["" if value is None else format(value, "f") for value in shown]
        problems = [
            _missing(column)
            for column, text in zip(report.columns, texts, strict=True)
            if column.is_required and not text
        ]
        yield FoundRow(code_of_key(key), "", [code_of_key(key), names.get(key, key), *texts], problems)


def _coded(column: ReportColumn, text: str) -> tuple[str, dict[str, str] | None]:
    """The value in the receiver's codes, and what is wrong with it."""
    if not text:
        return "", _missing(column) if column.is_required else None
    codes = dict(column.codes)
    if not codes or text in codes:
        return codes.get(text, text), None
    reason = _("“%(value)s”没有对应的代码") % {"value": text}
    return text, {"column": column.title, "reason": reason, "remedy": column.remedy}


def _missing(column: ReportColumn) -> dict[str, str]:
    return {"column": column.title, "reason": _("缺少%(title)s") % {"title": column.title}, "remedy": column.remedy}


def _text(value: Any) -> str:
    found = value.value if isinstance(value, Cell) else value
    if found is None:
        return ""
    if isinstance(found, date | datetime):
        return found.isoformat()
    return format(found, "f") if isinstance(found, Decimal) else force_str(found)


def measures_of(report: Report) -> list[str]:
    """Titles of the measures that a report by area counts, for its page."""
    return [force_str(measure(column.source).title) for column in report.columns] if report.level else []
