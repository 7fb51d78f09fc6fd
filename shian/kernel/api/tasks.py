"""Housekeeping."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.kernel.api.actions import drop_expired_answers


@app.periodic(cron="50 * * * *")
@app.task(name="api.drop_expired_answers", queueing_lock="api.drop_expired_answers")
def drop_expired(timestamp: int) -> None:
    """Answers to writes are kept for a day."""
    drop_expired_answers(at=timezone.now())
