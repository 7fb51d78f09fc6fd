"""The clock of reminders and mail. Delivery of jobs is at least once; every verb called here is safe to repeat."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.kernel.notices.actions import deliver_mails, deliver_pushes, queue_digests, run_rule, run_rules
from shian.kernel.notices.actions.reminders import JOB
from shian.kernel.notices.ladders import rule

FIRST_HOUR, DIGEST_HOUR = 7, 8  # nobody is reminded at night; local time


@app.periodic(cron="*/5 * * * *")
@app.task(name="notices.remind_promptly", queueing_lock="notices.remind_promptly")
def remind_promptly(timestamp: int) -> None:
    """Rules that cannot wait for the day."""
    run_rules(prompt=True, at=timezone.now())


@app.periodic(cron="20 * * * *")
@app.task(name="notices.remind", queueing_lock="notices.remind")
def remind(timestamp: int) -> None:
    """The day's reminders and digests. Asked each hour, so that a worker that was down at seven makes up for it."""
    now = timezone.now()
    hour = timezone.localtime(now).hour
    if hour >= FIRST_HOUR:
        run_rules(prompt=False, at=now)
    if hour >= DIGEST_HOUR:
        queue_digests(at=now)


@app.task(name=JOB)
def run_one(key: str) -> None:
    """One rule, because something has just happened."""
    run_rule(rule=rule(key), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="notices.deliver", queueing_lock="notices.deliver")
def deliver(timestamp: int) -> None:
    """Letters that wait."""
    deliver_mails(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="notices.push", queueing_lock="notices.push")
def push(timestamp: int) -> None:
    """Messages that wait for chat groups and programs."""
    deliver_pushes(at=timezone.now())
