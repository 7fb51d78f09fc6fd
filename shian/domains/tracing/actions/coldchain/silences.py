"""Devices that fall silent are looked for; whole months of temperatures that nobody has to keep are dropped."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from shian.domains.tracing.actions.coldchain.alerts import raise_silence
from shian.domains.tracing.queries.coldstores import silent_devices
from shian.domains.tracing.queries.numbers import COLD_NUMBERS
from shian.kernel.notary.actions import seal
from shian.kernel.retention.queries import open_holds
from shian.kernel.retention.schedule import purged_before, schedule_at
from shian.kernel.scope.walls import system_scope

READINGS = "tracing.coldreading"
HELD_BY = frozenset({"tracing.coldalert", "tracing.coldbatch", "tracing.colddevice", "tracing.coldstore"})


def watch_silences(*, at: datetime) -> int:
    """Each device that is silent for longer than it may be raises its alert, each in a transaction; how many."""
    with system_scope():  # stores lie everywhere
        found = silent_devices(at, COLD_NUMBERS.at(timezone.localdate(at)))
        return sum(raise_silence(device=each, at=at) is not None for each in found)


@transaction.atomic
def drop_old_readings(*, at: datetime) -> int:
    """Months of temperatures that ended before the years of the retention schedule are dropped whole and sealed; how
    many. None while anything of the cold chain is held: a hold names alerts, stores or devices, not readings."""
    today = timezone.localdate(at)
    years = schedule_at(today).kinds[READINGS].rule.years
    if years is None or any(each.table in HELD_BY for each in open_holds()):
        return 0
    before = purged_before(today, years)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tracing_drop_reading_months(%s)", [before])
        dropped = int(cursor.fetchone()[0])
    if dropped:
        told = {"before": before.isoformat(), "months": dropped}
        seal(action="tracing.readings_dropped", by="worker", subject="tracing.coldreadings:all", data=told, at=at)
    return dropped
