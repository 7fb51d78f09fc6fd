"""Undoing an accepted import within a day: the rows as they were before it, sealed, or a reason why not."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shian.kernel.accounts.permissions import check
from shian.kernel.events.bus import publish
from shian.kernel.imports.actions.batches import BatchNotOpen, wait_for_turn
from shian.kernel.imports.events import ImportUndone
from shian.kernel.imports.models import BatchState, ImportBatch, ReplacedRow, WrittenRows
from shian.kernel.imports.permissions import import_into
from shian.kernel.imports.queries import UNDO_WITHIN
from shian.kernel.imports.specs import importer
from shian.kernel.imports.undo import UndoRefused, take_back
from shian.kernel.notary.actions import seal
from shian.kernel.scope.walls import system_scope


@transaction.atomic
def undo_batch(*, batch: ImportBatch, reason: str, by: Any, at: datetime) -> ImportBatch:
    """Put the register back as it was before this batch. Raises PermissionDenied, BatchNotOpen when it is not accepted,
    UndoRefused when it is too old, when later changes depend on it, or without a reason."""
    spec = importer(batch.importer)
    check(import_into(spec), by)
    if not reason.strip():
        raise UndoRefused(_("请写明撤销的理由。"))
    wait_for_turn(spec)
    opened = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if opened.state != BatchState.ACCEPTED or opened.finished_at is None:
        raise BatchNotOpen(batch.pk)
    if at - opened.finished_at > UNDO_WITHIN:
        raise UndoRefused(_("接收已超过一天，不能撤销。请导入更正后的文件。"))
    with system_scope():  # it puts back its own rows only, wherever they lie
        undone = take_back(opened, spec)
    opened.state = BatchState.UNDONE
    opened.save(update_fields=["state"])
    _forget(opened.pk)
    seal(
        action="imports.undone",
        by=by.username,
        subject=f"imports.importbatch:{opened.pk}",
        data={
            "importer": opened.importer,
            "entry": str(opened.entry),
            "removed": undone.removed,
            "restored": undone.restored,
            "reason": reason.strip()[:500],
        },
        at=at,
    )
    publish(ImportUndone(opened.importer, opened.pk, by.username, at))
    return opened


def _forget(batch: int) -> None:
    WrittenRows.objects.filter(batch=batch).delete()
    ReplacedRow.objects.filter(batch=batch).delete()


@transaction.atomic
def forget_replaced(*, at: datetime) -> int:
    """Drop what was kept for undoing once the day is over; the number of batches."""
    old = WrittenRows.objects.filter(batch__finished_at__lt=at - UNDO_WITHIN - timedelta(hours=1))
    batches = set(old.values_list("batch", flat=True))
    for batch in batches:
        _forget(batch)
    return len(batches)
