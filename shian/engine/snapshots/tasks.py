"""The night's work, asked each hour, so that a worker that was down at night makes up for it."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.engine.snapshots.actions import take_snapshot
from shian.engine.snapshots.queries import missing_days


@app.periodic(cron="25 * * * *")
@app.task(name="snapshots.take", queueing_lock="snapshots.take")
def take(timestamp: int) -> None:
    """Every finished day that is not frozen yet; one that is stays."""
    now = timezone.now()
    for day in missing_days(timezone.localdate(now)):
        take_snapshot(day=day, by="worker", at=now)
