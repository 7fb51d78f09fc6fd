"""Signing and publishing: from here on the printed figures are frozen."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from shian.engine.reports.actions.steps import move, seal_step
from shian.engine.reports.binding import freeze_printed
from shian.engine.reports.comparison import readings_now, shown_now
from shian.engine.reports.events import DocumentPublished
from shian.engine.reports.kinds import report_kind
from shian.engine.reports.models import Document, DocumentFigure, DocumentState
from shian.engine.reports.permissions import DOCUMENT_WRITE
from shian.engine.reports.queries import measured_figures
from shian.kernel.accounts.models import User
from shian.kernel.accounts.permissions import check
from shian.kernel.events.bus import publish


class ChangedFigures(ValueError):
    """Figures have changed since they were printed and nobody has accepted that; `figures` are they."""

    def __init__(self, figures: Sequence[DocumentFigure]) -> None:
        super().__init__(f"{len(figures)} changed figures")
        self.figures = list(figures)


@transaction.atomic
def sign_document(*, document: Document, by: str, at: datetime) -> None:
    """Sign a checked document. Raises StateForbids."""
    move(document, DocumentState.SIGNED)
    document.signed_at, document.signed_by = at, by
    document.save()
    seal_step("reports.document_signed", document, by, at)


@transaction.atomic
def publish_document(*, document: Document, by: User, at: datetime) -> None:
    """Publish a signed document and freeze its measured figures as they are printed, accepted differences included.

    Everything is computed once more first. Raises PermissionDenied, StateForbids, ChangedFigures for a change that is
    not marked or not accepted.
    """
    check(DOCUMENT_WRITE, by)
    move(document, DocumentState.PUBLISHED)
    report_kind(document.kind).refresh(document.area_code, document.as_of, by.get_username(), at)
    if surprising := _surprising_changes(document):
        raise ChangedFigures(surprising)
    document.published_at, document.published_by = at, by.get_username()
    document.save()
    for figure in measured_figures(document):
        freeze_printed(figure, by=by, at=at)
    seal_step("reports.document_published", document, by.get_username(), at)
    publish(DocumentPublished(document.pk, document.kind, document.area_code, document.as_of, at))


def _surprising_changes(document: Document) -> list[DocumentFigure]:
    """Changes that are not marked with today's value, or not accepted."""
    compared = [(figure, shown_now(figure, reading)) for figure, reading in readings_now(document)]
    return [figure for figure, now in compared if figure.shown != now and (figure.is_open or figure.now_shown != now)]
