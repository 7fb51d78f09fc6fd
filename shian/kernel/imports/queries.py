"""Reads of batches."""

from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from shian.kernel.files.queries import path_of
from shian.kernel.imports.models import BatchQuerySet, BatchState, ImportBatch, ImportProblem


def batches_of(user: Any) -> BatchQuerySet:
    """Batches that the user may see, newest first."""
    return ImportBatch.objects.visible_to(user).order_by("-id")


def content_of(batch: ImportBatch) -> Path:
    """Where the batch's file lies."""
    return path_of(batch.file.sha256)


def problems_of(batch: ImportBatch) -> QuerySet[ImportProblem]:
    """Problems in row order, errors first within a row. The caller has checked that the batch is visible."""
    return batch.problems.order_by("row_no", "severity", "id")


def bad_rows_of(batch: ImportBatch) -> dict[int, list[ImportProblem]]:
    """Row number → its problems, for rows with an error."""
    found: dict[int, list[ImportProblem]] = {}
    for problem in problems_of(batch):
        found.setdefault(problem.row_no, []).append(problem)
    return {row: problems for row, problems in found.items() if any(p.severity == "error" for p in problems)}


def accepted_before(importer: str, sha256: str) -> ImportBatch | None:
    """The accepted batch of exactly this content, if there is one."""
    found = ImportBatch.objects.filter(importer=importer, file__sha256=sha256, state=BatchState.ACCEPTED)
    return found.order_by("-id").first()
