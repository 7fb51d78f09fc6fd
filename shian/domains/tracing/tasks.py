"""What the worker does for recalls. Run twice (a killed worker), the second run goes on where the first ended."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.domains.tracing.actions.recall_notices import TELL, WATCH, tell_holders, watch_recalls


@app.task(name=TELL)
def tell(recall: int) -> None:
    """Queue the notices of one recall or drill."""
    tell_holders(recall=recall, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name=WATCH, queueing_lock=WATCH)
def watch(timestamp: int) -> None:
    """Every minute: goods that moved after a recall began."""
    watch_recalls(at=timezone.now())
