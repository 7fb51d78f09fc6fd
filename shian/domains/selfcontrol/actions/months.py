"""The monthly partitions of daily records: made ahead, dropped when the years of keeping are over."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from shian.domains.selfcontrol.actions.controls import keep_month
from shian.domains.selfcontrol.queries.numbers import CONTROLS
from shian.domains.selfcontrol.rules.controls import next_month, oldest_kept
from shian.kernel.notary.actions import seal


@transaction.atomic
def keep_months(*, at: datetime) -> int:
    """This month and the next have their partitions; older than `keep_months` are dropped and sealed; how many."""
    today = timezone.localdate(at)
    for day in (today, next_month(today)):
        keep_month(day)
    oldest = oldest_kept(today, CONTROLS.at(today))
    with connection.cursor() as cursor:
        cursor.execute("SELECT selfcontrol_drop_months(%s)", [oldest])
        dropped = int(cursor.fetchone()[0])
    if dropped:
        told = {"before": oldest.isoformat(), "months": dropped}
        seal(action="selfcontrol.months_kept", by="worker", subject="selfcontrol.days:all", data=told, at=at)
    return dropped
