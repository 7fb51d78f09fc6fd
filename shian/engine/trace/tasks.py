"""Documents of events are taken by the worker."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.engine.trace.actions.capturing import JOB, take_capture
from shian.engine.trace.actions.subscribing import run_subscriptions


@app.task(name=JOB)
def take(number: int) -> None:
    """Take one document. Run twice (a killed worker), the second run finds it taken."""
    take_capture(number=number, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="trace.subscriptions", queueing_lock="trace.subscriptions")
def deliver(timestamp: int) -> None:
    """What is new for subscribers."""
    run_subscriptions(at=timezone.now())
