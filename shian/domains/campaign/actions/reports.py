"""The self-assessment report: its document is written by engine/reports, its content comes from here."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from shian.domains.campaign.actions.evaluation import evaluate_area
from shian.domains.campaign.permissions import REPORT_WRITE
from shian.domains.campaign.queries.evaluations import NotEvaluated, kept_evaluation
from shian.engine.reports.actions import Writing, write_document
from shian.engine.reports.queries import document_bytes
from shian.kernel.accounts.permissions import acting
from shian.kernel.scope.rules import code_of_key, key_of_code

REPORT = "self_assessment"


@transaction.atomic
def refresh_evaluation(area: str, as_of: date, by: str, at: datetime) -> None:
    """Evaluate once more what the report reads: rows may have come in that the worker has not evaluated yet.

    An area that was never evaluated for the day is left so; the same result keeps the evaluation that there is.
    """
    try:
        kept = kept_evaluation(area, as_of)
    except NotEvaluated:
        return
    evaluate_area(area=code_of_key(kept.area_key), as_of=as_of, by=by, at=at)


@transaction.atomic
def draft_self_assessment(*, area: str, as_of: date, by: Any, at: datetime) -> Writing:
    """Write the report as a draft, or the next version of the draft that there is when its figures have changed.

    Raises ReportBlocked while an item has neither score nor stated reason; PermissionDenied, OutOfReach.
    """
    name = acting(REPORT_WRITE, by, key_of_code(area))
    return write_document(kind=REPORT, area=area, as_of=as_of, by=name, at=at)


def write_self_assessment(*, area: str, as_of: date, by: Any, at: datetime, out: Path) -> Writing:
    """Write the report and put the document at `out`. Raises ReportBlocked."""
    writing = draft_self_assessment(area=area, as_of=as_of, by=by, at=at)
    out.write_bytes(document_bytes(writing.document))
    return writing
