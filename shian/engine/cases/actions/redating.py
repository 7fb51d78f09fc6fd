"""New last days for many cases at once: a plan's final date moved. One statement, one seal for all of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from shian.engine.cases.actions.clocks import parameters_of
from shian.engine.cases.actions.sealing import CaseChanged
from shian.engine.cases.models import Case, CaseEvent
from shian.engine.cases.rules import next_rung
from shian.kernel.workdays.queries import calendar

REDATE = "redate"
STATEMENT = """
WITH n AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb)
        AS n (id bigint, version integer, due_on date, rung_on date, data jsonb)),
running AS (
    SELECT k.id, k.case_id, k.paused_on FROM cases_caseclock k JOIN n ON n.id = k.case_id
    WHERE k.key = %(clock)s AND k.amount IS NULL AND k.stopped_at IS NULL FOR UPDATE OF k),
moved AS (
    UPDATE cases_case c SET version = c.version + 1, updated_at = %(at)s, climbed = 0, level = 0,
        due_on = CASE WHEN r.paused_on IS NULL THEN n.due_on END,
        next_rung_on = CASE WHEN r.paused_on IS NULL THEN n.rung_on END
    FROM n JOIN running r ON r.case_id = n.id
    WHERE c.id = n.id AND c.version = n.version AND c.is_open
    RETURNING c.id, c.version, c.state, n.due_on, n.data),
clocks AS (
    UPDATE cases_caseclock k SET due_on = m.due_on FROM moved m JOIN running r ON r.case_id = m.id WHERE k.id = r.id)
INSERT INTO cases_caseevent (case_id, number, step, state, at, by, unit, note, data, seal)
SELECT m.id, m.version, %(step)s, m.state, %(at)s, %(by)s, %(unit)s, %(note)s, m.data, %(seal)s FROM moved m
"""


@dataclass(frozen=True)
class NewDate:
    """A case as it was read (its version counts) and the new last day of its given clock."""

    case: Case
    due_on: date

    @property
    def told(self) -> dict[str, Any]:
        """What the event keeps: the day before, and the day now."""
        before = self.case.due_on.isoformat() if self.case.due_on else ""
        return {"due_before": before, "due_on": self.due_on.isoformat()}


@transaction.atomic
def redate_cases(
    *, dates: Sequence[NewDate], clock: str, note: str, by: str, unit: str, seal: UUID, at: datetime
) -> int:
    """Move the running clock `clock`, whose last day was given, of each case; the ladder is climbed anew.

    The caller has sealed the whole as `seal`; every case's timeline refers to it. All or none: raises CaseChanged when
    one of the cases has moved on since it was read, or its clock has stopped.
    """
    if not dates:
        return 0
    told: dict[str, Any] = {
        "rows": json.dumps([_row(each) for each in dates], ensure_ascii=False), "clock": clock, "at": at,
        "step": REDATE, "by": by, "unit": unit, "note": note, "seal": seal,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, told)
        count = cursor.rowcount
    if count != len(dates):
        changed = CaseEvent.objects.filter(case__in=[each.case.pk for each in dates], at__gte=at)
        raise CaseChanged(changed.order_by("-at")[:1])
    return int(count)


def _row(each: NewDate) -> dict[str, Any]:
    rung_on, _rung = next_rung(parameters_of(each.case).ladder, each.due_on, calendar(), climbed=0)
    return {
        "id": each.case.pk, "version": each.case.version, "due_on": each.due_on.isoformat(),
        "rung_on": rung_on.isoformat() if rung_on else None, "data": each.told,
    }  # fmt: skip
