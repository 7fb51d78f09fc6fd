"""The one place that asks engine/measures: what a figure is now, where it opens, and how it is frozen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from shian.engine.measures.actions import freeze_figure
from shian.engine.measures.declarations import Measure, Part, measure, source_of
from shian.engine.measures.formulas import operands
from shian.engine.measures.queries import Figure, figure, figures
from shian.engine.reports.models import DocumentFigure
from shian.kernel.scope.rules import key_of_code, level_of_key


class Asked(NamedTuple):
    """A measure for an area (as people write it) over a period ("" for the measure's own)."""

    measure: str
    area: str
    period: str


@dataclass(frozen=True)
class Reading:
    """A figure as it was answered at one moment. `value` None: the register has nothing to count in."""

    measure: str
    title: str
    value: Decimal | None
    unit: str = ""
    decimals: int | None = None
    part: Decimal | None = None
    whole: Decimal | None = None
    source: str = ""
    remark: str = ""
    is_supplied: bool = False
    window: str = ""


def read_figure(key: str, area: str, as_of: date, period: str) -> Reading:
    """The figure of a measure for an area at a date; a measure that nobody declares yet reads as missing."""
    try:
        found = figure(key, area=area, as_of=as_of, period=period or None)
    except LookupError:
        return _undeclared(key)
    return _reading(found)


def read_figures(asked: Iterable[Asked], as_of: date) -> dict[Asked, Reading]:
    """Many figures at once: one statement for all measures of the same area and period."""
    groups: dict[tuple[str, str], list[str]] = {}
    readings: dict[Asked, Reading] = {}
    for each in asked:
        if is_declared(each.measure):
            groups.setdefault((each.area, each.period), []).append(each.measure)
        else:
            readings[each] = _undeclared(each.measure)
    for (area, period), keys in groups.items():
        own = key_of_code(area)
        level = level_of_key(own)
        known = {key for key in keys if level in measure(key).levels}
        found = figures(known, as_of=as_of, area_prefix=own, period=period or None, levels=[level], areas=[own])
        for key in keys:
            one = found[key][own] if key in known else figure(key, area=own, as_of=as_of, period=period or None)
            readings[Asked(key, area, period)] = _reading(one)
    return readings


def is_declared(key: str) -> bool:
    """Does anybody declare this measure?"""
    try:
        measure(key)
    except LookupError:
        return False
    return True


def freeze_printed(row: DocumentFigure, *, by: Any, at: datetime) -> None:
    """Keep a figure in engine/measures as the document prints it, under the document's name: nothing is computed."""
    printed = Figure(
        row.measure, key_of_code(row.area), row.as_of, row.period, row.value, row.part, row.whole, row.unit,
        decimals=row.decimals or 0,
    )  # fmt: skip
    freeze_figure(
        key=row.measure,
        area=row.area,
        as_of=row.as_of,
        period=row.period or None,
        document=f"reports.document:{row.document_id}",
        printed=printed,
        by=by,
        at=at,
    )


def figure_url(row: DocumentFigure) -> str:
    """The page of the figure with its area, date and period; "" for a figure of the kind's own."""
    if row.is_supplied or not row.measure or not is_declared(row.measure):
        return ""
    try:
        page = reverse("figures:figure_detail", args=[row.measure])
    except NoReverseMatch:
        return ""
    asked = {"area": row.area, "as_of": row.as_of.isoformat(), "period": row.period}
    return f"{page}?{urlencode({name: value for name, value in asked.items() if value})}"


def _reading(found: Figure) -> Reading:
    declared = measure(found.measure)
    source = source_title(declared)
    return Reading(
        measure=found.measure,
        title=str(declared.title),
        value=found.value,
        unit=str(found.unit),
        decimals=found.decimals,
        part=found.part if declared.is_ratio else None,
        whole=found.whole,
        source=f"{source}（{_(found.reason)}）" if found.reason else source,
        window=found.period,
    )


def _undeclared(key: str) -> Reading:
    return Reading(measure=key, title=key, value=None, source=_("统计口径尚未建立"))


def source_title(declared: Measure) -> str:
    """The registers that the measure reads, by name."""
    titles: dict[str, None] = {}
    for part in _parts(declared):
        titles.setdefault(str(source_of(part.source).title))
    return "、".join(titles)


def _parts(declared: Measure) -> list[Part]:
    if declared.formula:
        return [part for each in operands(declared.tree) for part in _parts(measure(each.key))]
    found = [part for part in (declared.part, declared.whole) if isinstance(part, Part)]
    return found + (_parts(measure(declared.whole)) if isinstance(declared.whole, str) else [])
