"""The self-assessment report: its document is written by engine/reports, its content comes from here."""

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from shian.engine.reports.actions import write_document
from shian.engine.reports.models import Document
from shian.engine.reports.queries import document_bytes

REPORT = "self_assessment"


@transaction.atomic
def draft_self_assessment(*, area: str, as_of: date, by: str, at: datetime) -> Document:
    """Write the report as a draft. Raises ReportBlocked while an item has neither score nor stated reason."""
    return write_document(kind=REPORT, area=area, as_of=as_of, by=by, at=at)


def write_self_assessment(*, area: str, as_of: date, by: str, at: datetime, out: Path) -> Path:
    """Write the report and put the document at `out`. Raises ReportBlocked."""
    document = draft_self_assessment(area=area, as_of=as_of, by=by, at=at)
    out.write_bytes(document_bytes(document))
    return out
