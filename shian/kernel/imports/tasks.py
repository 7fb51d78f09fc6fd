"""Big files are read by the worker."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.kernel.imports.actions.batches import JOB, BatchNotOpen, accept_batch, check_batch
from shian.kernel.imports.models import ImportBatch, Work


@app.task(name=JOB)
def work(batch: int, work: str, by: str) -> None:
    """Check or accept one batch. Run twice (a killed worker), the second run finds the first one's end and stops."""
    row = ImportBatch.objects.select_related("file").get(pk=batch)
    try:
        if work == Work.CHECK:
            check_batch(batch=row, at=timezone.now())
        else:
            accept_batch(batch=row, by=by, at=timezone.now())
    except BatchNotOpen:
        return
