"""The night's work: messages whose time is over."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.kernel.retention.actions import purge_due


@app.periodic(cron="35 3 * * *")
@app.task(name="retention.purge", queueing_lock="retention.purge")
def purge(timestamp: int) -> None:
    """Run twice, or after nights without a worker, it removes what is due and nothing else."""
    purge_due(at=timezone.now())
