"""Broken chains (E-11): looked for every night, explained or rectified by whoever supervises the holder."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import AnomalyResult, TraceAnomaly
from shian.domains.tracing.permissions import RECALL_FOLLOW
from shian.engine.trace.balances import CHECKS, TOLERANCES, Check
from shian.kernel.accounts.permissions import acting
from shian.kernel.jobs.queue import defer
from shian.kernel.notary.actions import seal

FIND, SUBJECT = "tracing.find_anomalies", "tracing.anomalies:all"
_AREAS = "province, city, county, township, village"
_FAILING = "DROP TABLE IF EXISTS failing_check; CREATE TEMPORARY TABLE failing_check ON COMMIT DROP AS "
# One that fails again after it was cleared is open anew, and one that was put right but fails on a later day.
_ENTER = f"""
INSERT INTO tracing_traceanomaly AS t (check_key, holding, found_on, {_AREAS}, handled_by, result, note)
SELECT %(check)s, h.id, %(day)s, {", ".join(f"p.{each}" for each in _AREAS.split(", "))}, '', '', ''
FROM (SELECT DISTINCT holding FROM failing_check) f JOIN trace_holding h ON h.id = f.holding
JOIN trace_party p ON p.id = h.party_id ORDER BY h.id
ON CONFLICT (check_key, holding) DO UPDATE SET cleared_on = NULL, found_on = EXCLUDED.found_on, handled_at = NULL,
    handled_by = '', result = '', note = '' WHERE t.cleared_on IS NOT NULL
    OR (t.result = 'rectified' AND (t.handled_at AT TIME ZONE %(zone)s)::date < %(day)s)
"""
_CLEAR = """
UPDATE tracing_traceanomaly t SET cleared_on = %(day)s WHERE t.check_key = %(check)s AND t.cleared_on IS NULL
AND NOT EXISTS (SELECT 1 FROM failing_check f WHERE f.holding = t.holding)
"""


@transaction.atomic
def find_anomalies(*, by: str, at: datetime) -> dict[str, tuple[int, int]]:
    """Ask every check of the whole graph: what is new, and what is gone, by check."""
    day = timezone.localdate(at)
    found = {key: _checked(key, check, day) for key, check in CHECKS.items()}
    told = {key: {"new": new, "cleared": cleared} for key, (new, cleared) in found.items()}
    seal(action="tracing.anomalies_found", by=by, subject=SUBJECT, data=told, at=at)
    return found


def _checked(key: str, check: Check, day: date) -> tuple[int, int]:
    told: dict[str, Any] = {"check": key, "day": day, "zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_FAILING}SELECT * FROM ({check.holdings}) f (holding)",
            [TOLERANCES.at(day)] if check.asks_tolerance else None,
        )
        cursor.execute(_ENTER, told)
        new = int(cursor.rowcount)
        cursor.execute(_CLEAR, told)
        return new, int(cursor.rowcount)


def ask_anomalies() -> bool:
    """Have them looked for by the worker; False where that waits already."""
    return defer(FIND, lock=FIND)


@transaction.atomic
def handle_anomaly(*, anomaly: TraceAnomaly, result: AnomalyResult, note: str, by: Any, at: datetime) -> TraceAnomaly:
    """Say why it is so, or what was put right. Raises PermissionDenied, OutOfReach, TradeRefused."""
    name = acting(RECALL_FOLLOW, by, anomaly.area)
    locked = TraceAnomaly.objects.select_for_update().get(pk=anomaly.pk)
    if locked.handled_at is not None:
        raise TradeRefused(_("已经处理过了。"))
    if not note.strip():
        raise TradeRefused(_("请写明核查情况。"), "note")
    locked.handled_at, locked.handled_by = at, name
    locked.result, locked.note = result, note.strip()[:300]
    locked.save()
    told = {"check": locked.check_key, "result": str(result), "note": locked.note}
    seal(action="tracing.anomaly_handled", by=name, subject=locked.subject, data=told, at=at)
    return locked
