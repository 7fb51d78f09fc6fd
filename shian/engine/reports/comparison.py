"""What the figures of a document are now: the one comparison behind checking, publishing and writing again."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import override

from shian.engine.reports.binding import Asked, Reading, read_figures
from shian.engine.reports.kinds import SuppliedFigure, report_kind
from shian.engine.reports.models import Document, DocumentFigure
from shian.engine.reports.prose import supplied_reading
from shian.engine.reports.queries import figures_of
from shian.engine.reports.rules import figure_in_prose


def readings_now(document: Document) -> list[tuple[DocumentFigure, Reading]]:
    """Every figure with what it is now, in the language of the document whoever compares."""
    with override(settings.LANGUAGE_CODE):
        return _read_again(document, list(figures_of(document)))


def shown_now(figure: DocumentFigure, reading: Reading) -> str:
    """How the text would print the figure today."""
    return figure_in_prose(reading.value, figure.unit, figure.decimals, figure.title, reading.remark)


def changed_titles(former: Iterable[DocumentFigure], following: Iterable[DocumentFigure]) -> list[dict[str, str]]:
    """Which figures two texts print otherwise: title, before, after; "" where a text does not print the figure."""
    before = {_place(figure): figure for figure in former}
    after = {_place(figure): figure for figure in following}
    changes = []
    for place in {**before, **after}:
        old, new = before.get(place), after.get(place)
        shown = {"before": old.shown if old else "", "after": new.shown if new else ""}
        if shown["before"] != shown["after"]:
            changes.append({"title": (new or before[place]).title, **shown})
    return changes


def stands_as_printed(former: Iterable[DocumentFigure], following: Iterable[DocumentFigure]) -> bool:
    """Would the text say the same of every figure, or what somebody has accepted as a difference?"""
    before = {_place(figure): figure for figure in former}
    after = {_place(figure): figure for figure in following}
    return before.keys() == after.keys() and all(_stands(before[place], after[place].shown) for place in before)


def _stands(figure: DocumentFigure, shown: str) -> bool:
    return shown == figure.shown or (figure.accepted_at is not None and shown == figure.now_shown)


def _place(figure: DocumentFigure) -> tuple[str, str, str, str]:
    return figure.slot, figure.measure, figure.area, figure.period


def _read_again(document: Document, rows: list[DocumentFigure]) -> list[tuple[DocumentFigure, Reading]]:
    supplied = _supplied_now(document) if any(row.is_supplied for row in rows) else {}
    measured = {row: Asked(row.measure, row.area, row.period) for row in rows if row.measure and not row.is_supplied}
    readings = read_figures(measured.values(), document.as_of)
    pairs = []
    for row in rows:
        if row.is_supplied and row.measure in supplied:
            pairs.append((row, supplied_reading(supplied[row.measure])))
        elif row in measured:
            pairs.append((row, readings[measured[row]]))
        else:
            pairs.append((row, Reading(row.measure, row.title, None)))
    return pairs


def _supplied_now(document: Document) -> dict[str, SuppliedFigure]:
    """The kind's own figures by key: those for f() and those inside its words."""
    context = report_kind(document.kind).context(document.area_code, document.as_of)
    return {figure.key: figure for figure in (*_figures_in(context.words), *context.figures.values())}


def _figures_in(words: Any) -> list[SuppliedFigure]:
    """The figures inside lists and records of the words."""
    if isinstance(words, SuppliedFigure):
        return [words]
    if isinstance(words, dict):
        return [figure for value in words.values() for figure in _figures_in(value)]
    if isinstance(words, list | tuple):
        return [figure for value in words for figure in _figures_in(value)]
    is_record = hasattr(words, "__dataclass_fields__")
    return [figure for value in vars(words).values() for figure in _figures_in(value)] if is_record else []
