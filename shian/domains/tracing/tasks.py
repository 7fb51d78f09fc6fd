"""What the worker does for recalls, broken chains and temperatures. Run twice, the second run goes on where the first
ended."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.domains.tracing.actions.anomalies import FIND, find_anomalies
from shian.domains.tracing.actions.coldchain.silences import drop_old_readings, watch_silences
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


@app.task(name=FIND)
def find() -> None:
    """Look through all chains now."""
    find_anomalies(by="worker", at=timezone.now())


@app.periodic(cron="40 18 * * *")  # UTC: 02:40 in the city
@app.task(name=f"{FIND}_nightly", queueing_lock=f"{FIND}_nightly")
def find_nightly(timestamp: int) -> None:
    """Look through all chains every night."""
    find_anomalies(by="worker", at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="tracing.watch_silences", queueing_lock="tracing.watch_silences")
def watch_devices(timestamp: int) -> None:
    """Every five minutes: devices that fell silent."""
    watch_silences(at=timezone.now())


@app.periodic(cron="50 18 * * *")  # UTC: 02:50 in the city
@app.task(name="tracing.drop_readings", queueing_lock="tracing.drop_readings")
def drop_readings(timestamp: int) -> None:
    """Months of temperatures that nobody has to keep any more."""
    drop_old_readings(at=timezone.now())
