"""What the worker does for operators' own duty."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.domains.selfcontrol.actions.months import keep_months


@app.periodic(cron="15 3 * * *")
@app.task(name="selfcontrol.keep_months", queueing_lock="selfcontrol.keep_months")
def tend_months(timestamp: int) -> None:
    """The next month's partition is there in time; months whose time is over are dropped whole."""
    keep_months(at=timezone.now())
