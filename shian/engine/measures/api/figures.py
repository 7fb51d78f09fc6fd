"""Measures, the figure of one, those of the areas below, and the rows behind it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import Field, Path, Query, Schema

from shian.engine.measures.declarations import Measure, all_measures, measure
from shian.engine.measures.permissions import FIGURE_READ
from shian.engine.measures.queries import (
    DayToCome,
    Figure,
    figure,
    figures,
    refuse_days_to_come,
    refuse_out_of_reach,
    rows_of,
)
from shian.engine.measures.rules import PeriodInvalid
from shian.engine.measures.wording import definition_text
from shian.kernel.api.paging import PageOut, PageQuery, page_of, page_of_few
from shian.kernel.api.problems import Problem
from shian.kernel.api.registry import register_router
from shian.kernel.api.routing import ApiRouter
from shian.kernel.api.values import Code
from shian.kernel.scope.rules import LEVELS, code_of_key, key_of_code, level_of_key, parent_key
from shian.kernel.ui.masking import masked
from shian.kernel.ui.tables import Cell, Column
from shian.registers.areas.api import day
from shian.registers.areas.queries import areas_valid_at, home_key

router = ApiRouter("figures")
T = TypeVar("T")


class MeasureOut(Schema):
    """What is counted. `definition` says it in words, made from the declaration that is computed."""

    key: str
    title: str
    unit: str
    decimals: int
    levels: list[str]
    period: str
    is_ratio: bool
    is_external: bool
    register_code: str
    legal_basis: str
    definition: str
    digest: str


class FigureOut(Schema):
    """A value with what says what it is.

    `value` is exact, `shown` rounded as the measure declares; both are null with a `reason` when there is none. `part`
    and `whole` are the two sides of a ratio.
    """

    measure: str
    area: str
    as_of: date
    period: str
    value: Decimal | None
    shown: Decimal | None
    part: Decimal | None
    whole: Decimal | None
    unit: str
    reason: str


class FigureRowOut(Schema):
    """A row behind a figure: its key in its register and the columns that the page shows."""

    key: str
    values: dict[str, Any]


class MeasureQuery(Schema):
    q: str = Field("", max_length=60, description="Part of key, title or definition.")
    level: Literal["", "province", "city", "county", "township", "village"] = ""


class FigureQuery(Schema):
    """Area, date and period of a figure."""

    area: str = Field("", max_length=12, description="The owner's own area when left out.")
    as_of: date | None = Field(None, description="Today when left out.")
    period: str = Field("", max_length=24, description="2022, 2022S1, 2022Q3, 202211 or 2022-01-01/2022-06-30.")


class RowsQuery(FigureQuery):
    side: Literal["part", "whole"] = "part"


@router.read("", policy=FIGURE_READ, response=PageOut[MeasureOut])
def measures(request: HttpRequest, page: Query[PageQuery], chosen: Query[MeasureQuery]) -> dict[str, Any]:
    """Measures, by key."""
    found = [each for each in all_measures().values() if _matches(each, chosen)]
    return page_of_few(request, page, found, lambda each: each.key, _measure)


@router.read("/{key}", policy=FIGURE_READ, response=MeasureOut)
def measure_definition(request: HttpRequest, key: Path[Code]) -> dict[str, Any]:
    """One measure."""
    return _measure(_declared(key))


@router.read("/{key}/value", policy=FIGURE_READ, response=FigureOut)
def figure_value(request: HttpRequest, chosen: Query[FigureQuery], key: Path[Code]) -> dict[str, Any]:
    """The figure of an area at a date."""
    _declared(key)
    area, as_of, period = asked(request, key, chosen)
    return _figure(stated(lambda: figure(key, area=code_of_key(area), as_of=as_of, period=period or None)))


@router.read("/{key}/areas", policy=FIGURE_READ, response=list[FigureOut])
def figure_areas(request: HttpRequest, chosen: Query[FigureQuery], key: Path[Code]) -> list[Any]:
    """The same figure of each area one level below, by code; none where the measure means nothing there."""
    _declared(key)
    area, as_of, period = asked(request, key, chosen)
    below = LEVELS[LEVELS.index(level_of_key(area)) + 1 :][:1]
    children = [each for each in _areas_below(area, as_of) if parent_key(each) == area]

    def found() -> dict[str, Figure]:
        refuse_days_to_come(as_of, period)
        return figures([key], as_of=as_of, area_prefix=area, period=period or None, levels=below, areas=children)[key]

    told = stated(found)
    return [_figure(told[each]) for each in sorted(told)]


@router.read("/{key}/rows", policy=FIGURE_READ, response=PageOut[FigureRowOut])
def figure_rows(
    request: HttpRequest, page: Query[PageQuery], chosen: Query[RowsQuery], key: Path[Code]
) -> dict[str, Any]:
    """The rows that one side of a figure counts or sums. 404 for a measure by formula: ask for its operands."""
    _declared(key)
    area, as_of, period = asked(request, key, chosen)

    def found() -> Any:
        refuse_days_to_come(as_of, period)
        return rows_of(key, chosen.side, area=code_of_key(area), as_of=as_of, period=period or None, user=request.user)

    try:
        opened = stated(found)
    except LookupError:
        raise Http404(chosen.side) from None

    columns = {column.key: column for column in opened.source.columns}

    def draw(row: Any) -> dict[str, Any]:
        drawn = opened.source.row_of(row)
        cells = {name: cell for name, cell in drawn.cells.items() if name in columns}
        return {"key": drawn.key, "values": {name: _plain(cell, columns[name]) for name, cell in cells.items()}}

    return page_of(request, page, opened.rows, ("pk",), draw)


def asked(request: HttpRequest, key: str, chosen: FigureQuery) -> tuple[str, date, str]:
    """Area key, date and period; the area inside the reach. Raises Http404, OutOfReach."""
    as_of = day(chosen.as_of)
    try:
        area = key_of_code(chosen.area) if chosen.area else home_key(request.user, as_of)
    except ValueError:
        raise Http404(chosen.area) from None
    if not area:
        raise Http404(key)
    refuse_out_of_reach(key, area, request.user)
    return area, as_of, chosen.period.strip()


def stated(compute: Callable[[], T]) -> T:
    """What is computed; a period or date that cannot be used as a problem."""
    try:
        return compute()
    except (DayToCome, PeriodInvalid) as error:
        raise Problem("invalid", str(error)) from error


def _areas_below(area: str, as_of: date) -> list[str]:
    rows = areas_valid_at(as_of).filter(parent_key=area)
    return list(rows.values_list("key", flat=True))


def _declared(key: str) -> Measure:
    try:
        return measure(key)
    except LookupError:
        raise Http404(key) from None


def _matches(found: Measure, chosen: MeasureQuery) -> bool:
    if chosen.level and chosen.level not in found.levels:
        return False
    text = f"{found.key} {found.title} {found.title_en} {definition_text(found)}".lower()
    return chosen.q.strip().lower() in text


def _measure(found: Measure) -> dict[str, Any]:
    copied = ("key", "decimals", "period", "is_ratio", "is_external", "legal_basis", "digest")
    return {
        **{name: getattr(found, name) for name in copied},
        "title": str(found.title),
        "unit": str(found.unit),
        "levels": [level.value for level in found.levels],
        "register_code": found.register,
        "definition": definition_text(found),
    }


def _figure(found: Figure) -> dict[str, Any]:
    copied = ("measure", "as_of", "period", "value", "shown", "part", "whole")
    told = {name: getattr(found, name) for name in copied}
    reason = gettext(found.reason) if found.reason else ""
    return {**told, "area": code_of_key(found.area), "unit": str(found.unit), "reason": reason}


def _plain(cell: Any, column: Column) -> Any:
    value = cell.value if isinstance(cell, Cell) else cell
    if column.personal:
        return masked(column.personal, value)
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else str(value)


register_router(_("指标"), router)
