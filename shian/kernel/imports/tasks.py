"""Big files are read by the worker, places are looked into by it, and what was kept for undoing is dropped."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.kernel.imports.actions.batches import JOB, BatchNotOpen, accept_batch, check_batch
from shian.kernel.imports.actions.sources import collect_source, due_sources
from shian.kernel.imports.actions.undo import forget_replaced
from shian.kernel.imports.models import ImportBatch, ImportSource, Work
from shian.kernel.jobs.queue import defer


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


@app.periodic(cron="40 * * * *")
@app.task(name="imports.forget_replaced", queueing_lock="imports.forget_replaced")
def forget(timestamp: int) -> None:
    """Rows that batches replaced are kept for a day only."""
    forget_replaced(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="imports.look", queueing_lock="imports.look")
def look(timestamp: int) -> None:
    """One job per source whose time has come."""
    for number in due_sources(timezone.now()):
        defer("imports.collect", lock=f"imports-source-{number}", source=number)


@app.task(name="imports.collect")
def collect(source: int) -> None:
    """Look into one place; a second run finds the content there already."""
    collect_source(source=ImportSource.objects.get(pk=source), at=timezone.now())
