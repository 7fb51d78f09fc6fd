"""The clock of the ladders. Delivery of jobs is at least once; climbing is safe to repeat."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.engine.cases.actions import climb_ladders

FIRST_HOUR = 7  # nobody is reminded at night; local time


@app.periodic(cron="10 * * * *")
@app.task(name="cases.climb", queueing_lock="cases.climb")
def climb(timestamp: int) -> None:
    """Asked each hour, so that a worker that was down at seven makes up for it."""
    now = timezone.now()
    if timezone.localtime(now).hour >= FIRST_HOUR:
        climb_ladders(at=now)
