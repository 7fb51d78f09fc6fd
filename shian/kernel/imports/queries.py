"""Reads of batches."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.files.queries import path_of
from shian.kernel.imports.models import (
    BatchQuerySet,
    BatchState,
    HeadingMatch,
    ImportBatch,
    ImportProblem,
    ImportSource,
)
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import Reach, reach_of

UNDO_WITHIN = timedelta(days=1)


def batches_of(user: Any) -> BatchQuerySet:
    """Batches that the user may see, newest first."""
    return ImportBatch.objects.visible_to(user).order_by("-id")


def batches_at_work(user: Any) -> list[ImportBatch]:
    """Batches that are checked or accepted just now or wait for it, as far as the user sees them: those that have
    begun first, then in the order of the line."""
    return list(ImportBatch.objects.visible_to(user).exclude(work="").order_by("-percent", "id"))


def remembered_for(batch: ImportBatch) -> dict[str, str]:
    """Comparable heading → field, as the batch's organisation matched them by hand; "" leaves a column out."""
    return remembered_by(batch.organisation, batch.importer)


def remembered_by(organisation: str, importer: str) -> dict[str, str]:
    """The same, of the organisation and the importer that a batch is going to have."""
    found = HeadingMatch.objects.filter(organisation=organisation, importer=importer)
    return dict(found.values_list("key", "field"))


def heading_matches_of(user: Any) -> QuerySet[HeadingMatch]:
    """The headings remembered for the organisations that the user acts for."""
    reach = reach_of(user)
    rows = HeadingMatch.objects.order_by("importer", "organisation", "id")
    return rows if reach.everything else rows.filter(organisation__in=organisations_of(reach))


def organisations_of(reach: Reach) -> tuple[str, ...]:
    """The organisations that a reach acts for; "" stands for none."""
    return tuple(sorted(reach.organisations)) or ("",)


def content_of(batch: ImportBatch) -> Path:
    """Where the batch's file lies."""
    return path_of(batch.file.sha256)


def batch_of(user: Any, number: int) -> ImportBatch:
    """One batch with its file. Raises Http404, OutOfReach."""
    batch: ImportBatch = ImportBatch.objects.select_related("file").get_visible(user, pk=number)
    return batch


def may_be_undone(batch: ImportBatch, at: datetime) -> bool:
    """Is it accepted, not a day ago yet, and did it write anything?"""
    is_fresh = batch.finished_at is not None and at - batch.finished_at < UNDO_WITHIN
    return batch.state == BatchState.ACCEPTED and is_fresh and bool(batch.rows_new or batch.rows_changed)


def sources_of(user: Any) -> ScopedQuerySet[ImportSource]:
    """Places that are looked into for areas within the user's reach."""
    return ImportSource.objects.visible_to(user)


def problems_of(batch: ImportBatch) -> QuerySet[ImportProblem]:
    """Problems in row order, errors first within a row. The caller has checked that the batch is visible."""
    return batch.problems.order_by("row_no", "severity", "id")


def bad_rows_of(batch: ImportBatch) -> dict[int, list[ImportProblem]]:
    """Row number → its problems, for rows with an error."""
    found: dict[int, list[ImportProblem]] = {}
    for problem in problems_of(batch):
        found.setdefault(problem.row_no, []).append(problem)
    return {row: problems for row, problems in found.items() if any(p.severity == "error" for p in problems)}


def newest_accepted(importer: str) -> ImportBatch | None:
    """The batch that entered this register last."""
    found = ImportBatch.objects.filter(importer=importer, state=BatchState.ACCEPTED).select_related("file")
    return found.order_by("-finished_at", "-id").first()


def same_as_newest(importer: str, sha256: str, reach: Reach, effective_on: date) -> ImportBatch | None:
    """The newest accepted batch when it had exactly this content, all of it entered, and nobody came after it: sending
    the content again would bring nothing. For an earlier effective date it would: it says what held before."""
    newest = newest_accepted(importer)
    if newest is None or newest.file.sha256 != sha256 or newest.rows_bad or effective_on < newest.effective_on:
        return None
    is_as_wide = newest.is_unlimited or sorted(newest.reach) == sorted(reach.keys)
    return newest if is_as_wide else None


def repeated(batch: ImportBatch) -> ImportBatch | None:
    """The newest accepted batch that this open one would only repeat."""
    reach = Reach(tuple(batch.reach), everything=batch.is_unlimited)
    return same_as_newest(batch.importer, batch.file.sha256, reach, batch.effective_on)


def unchanged_text(before: ImportBatch) -> str:
    """What is said of content that is in the register already."""
    told = {
        "number": before.pk,
        "file": before.name,
        "day": timezone.localdate(before.finished_at or before.created_at),
    }
    return _("内容与批次 %(number)s（%(file)s，%(day)s 接收）完全相同，其后没有新的批次，不必再次导入。") % told


def accepted_before(importer: str, sha256: str) -> ImportBatch | None:
    """The accepted batch of exactly this content, if there is one."""
    found = ImportBatch.objects.filter(importer=importer, file__sha256=sha256, state=BatchState.ACCEPTED)
    return found.order_by("-id").first()
