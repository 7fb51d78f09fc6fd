"""What the worker does for field checks."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.domains.fieldchecks.actions.problems import propose_overdue_filings


@app.periodic(cron="40 * * * *")
@app.task(name="fieldchecks.propose_filings", queueing_lock="fieldchecks.propose_filings")
def propose_filings(timestamp: int) -> None:
    """Orders past their day propose cases, each once; asked each hour, so that nothing is left out."""
    propose_overdue_filings(at=timezone.now())
