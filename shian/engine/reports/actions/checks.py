"""Checking a draft against the registers, and accepting what differs."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from shian.engine.reports.actions.steps import StateForbids, move, seal_step, stored
from shian.engine.reports.annexes import status_words
from shian.engine.reports.binding import Reading
from shian.engine.reports.comparison import readings_now, shown_now
from shian.engine.reports.kinds import report_kind
from shian.engine.reports.models import Document, DocumentFigure, DocumentState, FigureStatus
from shian.engine.reports.queries import document_bytes, figures_of, open_changes
from shian.engine.reports.sheets import with_statuses


@transaction.atomic
def check_document(*, document: Document, by: str, at: datetime) -> list[DocumentFigure]:
    """Compute every figure again and mark those that changed; the document is checked when none stays open.

    What the kind computes itself is brought up to date first, so that its figures do not follow the registers one
    check later. A signed document loses its signature. Returns the open changes. Raises StateForbids.
    """
    move(document, DocumentState.DRAFT)
    report_kind(document.kind).refresh(document.area_code, document.as_of, by, at)
    for figure, reading in readings_now(document):
        _mark(figure, reading)
    left = _settle(document, by, at)
    seal_step("reports.document_checked", document, by, at, {"open_changes": len(left)})
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
    seal_step("reports.changes_accepted", document, by, at, {"accepted": accepted, "reason": reason.strip()})
    return accepted


def _mark(figure: DocumentFigure, reading: Reading) -> None:
    """Write down what the figure is now. An acceptance holds only while the new value stays what was accepted."""
    now = shown_now(figure, reading)
    if figure.shown == now:
        figure.status = FigureStatus.MISSING if figure.value is None else FigureStatus.PRESENT
        figure.now_value, figure.now_shown = reading.value, ""
    elif figure.now_shown != now:
        figure.status, figure.now_value, figure.now_shown = FigureStatus.CHANGED, reading.value, now
    else:
        return
    figure.accepted_at, figure.accepted_by, figure.accepted_reason = None, "", ""
    figure.save()


def _settle(document: Document, by: str, at: datetime) -> list[DocumentFigure]:
    """Print the results into the annex; the document is checked when no change is open."""
    figures = list(figures_of(document))
    left = [figure for figure in figures if figure.is_open]
    marked = with_statuses(document_bytes(document), [status_words(figure) for figure in figures])
    document.file = stored(document, marked, by, at)
    document.checked_at, document.checked_by = at, by
    document.state = DocumentState.DRAFT if left else DocumentState.CHECKED
    document.save()
    return left
