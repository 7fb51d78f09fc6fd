"""Verbs of documents. Views state who may act; here stand the rule, the write, the seal and the event.

A document is Chinese, in whichever language its writer reads the pages.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from shian.engine.reports.annexes import figure_table, status_words
from shian.engine.reports.binding import Asked, Reading, freeze_reading, read_figures
from shian.engine.reports.consistency import consistency_tables
from shian.engine.reports.declarations import TemplateRefused, load_declaration
from shian.engine.reports.events import DocumentPublished
from shian.engine.reports.kinds import Blocker, ReportKind, ReportTable, SuppliedFigure, report_kind
from shian.engine.reports.models import Document, DocumentFigure, DocumentState, FigureStatus
from shian.engine.reports.permissions import DOCUMENT_WRITE
from shian.engine.reports.prose import PrintedFigure, render, supplied_reading
from shian.engine.reports.queries import (
    area_or_unknown,
    area_words,
    document_bytes,
    figures_of,
    file_name,
    open_changes,
)
from shian.engine.reports.rules import figure_in_prose, may_follow
from shian.engine.reports.scan import template_faults
from shian.engine.reports.sheets import sheet_of, with_statuses, with_tables
from shian.kernel.accounts.models import User
from shian.kernel.accounts.permissions import check
from shian.kernel.events.bus import publish
from shian.kernel.files.actions import store_file
from shian.kernel.files.models import StoredFile
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import columns_of_key
from shian.registers.areas.models import Area


class ReportBlocked(ValueError):
    """The kind forbids writing; `blockers` are the reasons, for the user."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(f"{len(blockers)} blockers")
        self.blockers = list(blockers)


class WrongLevel(ValueError):
    """This kind of document is not written for areas of that level."""


class StateForbids(ValueError):
    """The document's state does not allow this step."""


class ChangedFigures(ValueError):
    """Figures have changed since they were printed and nobody has accepted that; `figures` are they."""

    def __init__(self, figures: Sequence[DocumentFigure]) -> None:
        super().__init__(f"{len(figures)} changed figures")
        self.figures = list(figures)


@transaction.atomic
def write_document(*, kind: str, area: str, as_of: date, by: str, at: datetime) -> Document:
    """A draft: text, figures, annexes. `area` is a code as people write it.

    Raises UnknownReportKind, AreaUnknown, WrongLevel, ReportBlocked, TemplateRefused.
    """
    declared = report_kind(kind)
    division = area_or_unknown(area, as_of)
    if division.level not in declared.levels:
        raise WrongLevel(division.level)
    document = Document(kind=kind, as_of=as_of, area_name=division.name, created_at=at, created_by=by)
    for column, key in columns_of_key(division.key).items():
        setattr(document, column, key)
    with override(settings.LANGUAGE_CODE):
        _fill(document, declared, division, by=by, at=at)
    _seal("reports.document_written", document, by, at)
    return document


@transaction.atomic
def rewrite_document(*, document: Document, by: str, at: datetime) -> Document:
    """Print the document anew with today's figures; check, acceptance and signature fall away.

    Raises StateForbids for a published document, and what write_document raises.
    """
    _move(document, DocumentState.DRAFT)
    declared = report_kind(document.kind)
    document.figures.all().delete()
    with override(settings.LANGUAGE_CODE):
        _fill(document, declared, area_or_unknown(document.area_code, document.as_of), by=by, at=at)
    _seal("reports.document_rewritten", document, by, at)
    return document


@transaction.atomic
def check_document(*, document: Document, by: str, at: datetime) -> list[DocumentFigure]:
    """Compute every figure again and mark those that changed; the document is checked when none stays open.

    A signed document with an open change loses its signature. Returns the open changes. Raises StateForbids.
    """
    _move(document, DocumentState.DRAFT)
    for figure, reading in _compared(document):
        _mark(figure, reading)
    left = _settle(document, by, at)
    _seal("reports.document_checked", document, by, at, {"open_changes": len(left)})
    return left


@transaction.atomic
def accept_changes(*, document: Document, orders: Iterable[int], reason: str, by: str, at: datetime) -> int:
    """Keep the printed values of these changed figures, with a reason that the annex prints. Returns how many.

    Raises StateForbids, ValueError for an empty reason.
    """
    if not reason.strip():
        raise ValueError("reason")
    if document.state != DocumentState.DRAFT:
        raise StateForbids(document.state)
    rows = open_changes(document).filter(order__in=list(orders))
    accepted = rows.update(accepted_at=at, accepted_by=by, accepted_reason=reason.strip()[:200])
    _settle(document, by, at)
    _seal("reports.changes_accepted", document, by, at, {"accepted": accepted, "reason": reason.strip()})
    return accepted


@transaction.atomic
def sign_document(*, document: Document, by: str, at: datetime) -> None:
    """Sign a checked document. Raises StateForbids."""
    _move(document, DocumentState.SIGNED)
    document.signed_at, document.signed_by = at, by
    document.save()
    _seal("reports.document_signed", document, by, at)


@transaction.atomic
def publish_document(*, document: Document, by: User, at: datetime) -> None:
    """Publish a signed document and freeze the figures that still hold. Everything is computed once more first.

    Raises PermissionDenied, StateForbids, ChangedFigures for a change that is not marked or not accepted.
    """
    check(DOCUMENT_WRITE, by)
    _move(document, DocumentState.PUBLISHED)
    if surprising := _surprising_changes(document):
        raise ChangedFigures(surprising)
    document.published_at, document.published_by = at, by.get_username()
    document.save()
    for figure in figures_of(document).filter(is_supplied=False, status=FigureStatus.PRESENT):
        freeze_reading(figure, document=document, by=by, at=at)
    _seal("reports.document_published", document, by.get_username(), at)
    publish(DocumentPublished(document.pk, document.kind, document.area_code, document.as_of, at))


def _fill(document: Document, kind: ReportKind, area: Area, *, by: str, at: datetime) -> None:
    """Render the text, put the annexes behind it, store the file, write document and figures."""
    code = document.area_code
    if blockers := kind.blockers(code, document.as_of):
        raise ReportBlocked(blockers)
    declaration = load_declaration(kind.template)
    if faults := template_faults(declaration):
        raise TemplateRefused("；".join(faults[:5]))
    context = kind.context(code, document.as_of)
    own = kind.tables(code, document.as_of) if kind.tables else ()
    tables = [*context.tables, *own, *consistency_tables(code, document.as_of)]
    annexes = [(table.key, table.title) for table in (*tables, figure_table([])) if table.is_annex]
    words = area_words(area, document.as_of)
    prose = render(declaration, context, words=words, annexes=annexes, area=code, as_of=document.as_of)
    document.title = declaration.title.format(area=area.name, year=document.as_of.year)
    document.template, document.template_digest = kind.template, declaration.digest
    document.reading_order = prose.reading_order
    figures = [_row_of(document, printed) for printed in prose.figures]
    annexed: list[ReportTable] = [*tables, figure_table(figures)]
    document.tables = [vars(sheet_of(table)) for table in tables]
    document.file = _stored(document, with_tables(prose.docx, annexed), by, at)
    document.save()
    for figure in figures:
        figure.document = document
    DocumentFigure.objects.bulk_create(figures)


def _row_of(document: Document, printed: PrintedFigure) -> DocumentFigure:
    reading = printed.reading
    return DocumentFigure(
        order=printed.order,
        slot=printed.slot,
        measure=reading.measure,
        is_supplied=reading.is_supplied,
        title=printed.title,
        area=printed.area,
        as_of=printed.as_of,
        period=printed.period,
        window=reading.window,
        value=reading.value,
        part=reading.part,
        whole=reading.whole,
        unit=printed.unit,
        decimals=printed.decimals,
        shown=printed.shown,
        source=reading.source,
        status=printed.status,
    )


def _compared(document: Document) -> list[tuple[DocumentFigure, Reading]]:
    """Every figure with what it is now, in the language of the document whoever compares."""
    with override(settings.LANGUAGE_CODE):
        return _read_again(document, list(figures_of(document)))


def _read_again(document: Document, rows: list[DocumentFigure]) -> list[tuple[DocumentFigure, Reading]]:
    supplied: dict[str, SuppliedFigure] = {}
    if any(row.is_supplied for row in rows):
        context = report_kind(document.kind).context(document.area_code, document.as_of)
        supplied = {figure.key: figure for figure in (*context.figures.values(), *_figures_in(context.words))}
    measured = {row: Asked(row.measure, row.area, row.period) for row in rows if row.measure and not row.is_supplied}
    readings = read_figures(measured.values(), document.as_of)
    pairs = []
    for row in rows:
        if row.is_supplied and row.measure in supplied:
            pairs.append((row, supplied_reading(supplied[row.measure])))
        elif row.is_supplied or not row.measure:
            pairs.append((row, Reading(row.measure, row.title, None)))
        else:
            pairs.append((row, readings[measured[row]]))
    return pairs


def _figures_in(words: Any) -> list[SuppliedFigure]:
    """The figures inside lists and records of the words."""
    if isinstance(words, SuppliedFigure):
        return [words]
    if isinstance(words, dict):
        return [figure for value in words.values() for figure in _figures_in(value)]
    if isinstance(words, list | tuple):
        return [figure for value in words for figure in _figures_in(value)]
    return [figure for value in vars(words).values() for figure in _figures_in(value)] if _is_record(words) else []


def _is_record(value: Any) -> bool:
    return hasattr(value, "__dataclass_fields__")


def _differs(figure: DocumentFigure, reading: Reading) -> bool:
    return figure.shown != _shown_now(figure, reading)


def _shown_now(figure: DocumentFigure, reading: Reading) -> str:
    return figure_in_prose(reading.value, figure.unit, figure.decimals, figure.title, reading.remark)


def _mark(figure: DocumentFigure, reading: Reading) -> None:
    """Write down what the figure is now. An acceptance holds only while the new value stays what was accepted."""
    shown = _shown_now(figure, reading)
    if not _differs(figure, reading):
        figure.status = FigureStatus.MISSING if figure.value is None else FigureStatus.PRESENT
        figure.now_value, figure.now_shown = reading.value, ""
        figure.accepted_at, figure.accepted_by, figure.accepted_reason = None, "", ""
    elif figure.now_shown != shown:
        figure.status, figure.now_value, figure.now_shown = FigureStatus.CHANGED, reading.value, shown
        figure.accepted_at, figure.accepted_by, figure.accepted_reason = None, "", ""
    else:
        return
    figure.save()


def _surprising_changes(document: Document) -> list[DocumentFigure]:
    """Changes that are not marked with today's value, or not accepted."""
    return [
        figure
        for figure, reading in _compared(document)
        if _differs(figure, reading) and (figure.is_open or figure.now_shown != _shown_now(figure, reading))
    ]


def _settle(document: Document, by: str, at: datetime) -> list[DocumentFigure]:
    """Print the results into the annex; the document is checked when no change is open."""
    figures = list(figures_of(document))
    left = [figure for figure in figures if figure.is_open]
    marked = with_statuses(document_bytes(document), [status_words(figure) for figure in figures])
    document.file = _stored(document, marked, by, at)
    document.checked_at, document.checked_by = at, by
    document.state = DocumentState.DRAFT if left else DocumentState.CHECKED
    document.save()
    return left


def _move(document: Document, following: DocumentState) -> None:
    """Set the state if the order allows it; a step back takes the signature away. Raises StateForbids."""
    if not may_follow(document.state, following):
        raise StateForbids(document.state)
    document.state = following
    if following == DocumentState.DRAFT:
        document.signed_at, document.signed_by = None, ""
        document.checked_at, document.checked_by = None, ""


def _stored(document: Document, content: bytes, by: str, at: datetime) -> StoredFile:
    return store_file(name=file_name(document), stream=io.BytesIO(content), kinds={"docx"}, by=by, at=at)


def _seal(action: str, document: Document, by: str, at: datetime, more: dict[str, Any] | None = None) -> None:
    data = {
        "kind": document.kind,
        "area": document.area_code,
        "as_of": document.as_of.isoformat(),
        "file": document.file.sha256,
        "template": document.template_digest,
        **(more or {}),
    }
    seal(action=action, by=by, subject=f"reports.document:{document.pk}", data=data, at=at)
