"""A quarter is closed: what it came to stays as it stood, area by area and tier by tier."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import DutyVisit, Match, QuarterFigure
from shian.domains.duties.permissions import QUARTER_CLOSE
from shian.domains.duties.queries.coverage import IN_FORCE, SEEN, since_values
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.rules.visits import Quarter, close_day
from shian.kernel.accounts.permissions import check
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import LEVELS
from shian.kernel.scope.walls import system_scope

PROGRAM = "duties"
AREAS = tuple(level.value for level in LEVELS if level.value != "province")
# Every area of every level below the province, with and without the tier: one row each.
SETS = ", ".join(
    f"(m.province, {', '.join(f'm.{level}' for level in AREAS[: place + 1])}{tier})"
    for place in range(len(AREAS))
    for tier in ("", ", m.tier")
)
COLUMNS = ", ".join(f"COALESCE(m.{level}, '')" for level in AREAS)
CLOSING = f"""
WITH {SEEN}, made AS (
    SELECT operator_id, count(*) AS visits, sum(faults) AS faults FROM duties_dutyvisit
    WHERE visited_on BETWEEN %(begins)s AND %(day)s AND NOT is_untrue GROUP BY operator_id
)
INSERT INTO duties_quarterfigure
    (quarter, ended_on, area_key, tier, in_force, visited, visits, faults, closed_at, closed_by,
     province, {", ".join(AREAS)})
SELECT %(quarter)s, %(day)s, COALESCE(NULLIF(m.village, ''), NULLIF(m.township, ''), NULLIF(m.county, ''), m.city),
    COALESCE(m.tier, ''), count(*), count(*) FILTER (WHERE seen.last >= due.since),
    COALESCE(sum(made.visits), 0), COALESCE(sum(made.faults), 0), %(at)s, %(by)s, m.province, {COLUMNS}
FROM duties_match m JOIN due ON due.tier = m.tier
    LEFT JOIN seen ON seen.operator_id = m.operator_id LEFT JOIN made ON made.operator_id = m.operator_id
WHERE {IN_FORCE} AND m.city = %(city)s
GROUP BY GROUPING SETS ({SETS})
HAVING (GROUPING(m.county) = 1 OR m.county <> '') AND (GROUPING(m.township) = 1 OR m.township <> '')
    AND (GROUPING(m.village) = 1 OR m.village <> '')
ON CONFLICT (quarter, area_key, tier) DO NOTHING
"""


@transaction.atomic
def close_quarter(*, quarter: Quarter, city: str, by: Any, at: datetime) -> int:
    """Freeze the figures of a city's quarter for all its areas; a second time changes nothing. How many rows were
    written. Visits of that quarter that come in later count as late.

    A text names a program. Raises PermissionDenied, OutOfReach, DutyRefused before the quarter is over.
    """
    name = by if isinstance(by, str) else _closer(by, city)
    if timezone.localdate(at) <= quarter.last:
        raise DutyRefused(_("%(quarter)s还没有结束。") % {"quarter": quarter.key})
    with system_scope():
        if QuarterFigure.objects.filter(quarter=quarter.key, area_key=city, tier="").exists():
            return 0
        values = since_values(quarter.last) | {
            "quarter": quarter.key, "city": city, "at": at, "by": name, "begins": quarter.first,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(CLOSING, values)
            written = int(cursor.rowcount)
        whole = QuarterFigure.objects.filter(quarter=quarter.key, area_key=city, tier="").first()
    if whole is None:  # nobody answered for anything there
        return 0
    told = {"quarter": quarter.key, "in_force": whole.in_force, "visited": whole.visited, "rows": written}
    seal(action="duties.quarter_closed", by=name, subject=whole.subject, data=told, at=at)
    return written


def _closer(by: Any, city: str) -> str:
    check(QUARTER_CLOSE, by)
    if not reach_of(by).covers(city):
        raise OutOfReach(f"duties.quarter:{city}")
    return str(by.get_username())


def close_due_quarters(*, at: datetime) -> int:
    """The last quarter of every city, once the days for late reports are over. How many rows were written."""
    today = timezone.localdate(at)
    quarter = Quarter.of(today).former
    if today < close_day(quarter, numbers_at(today)):
        return 0
    with system_scope():
        cities = list(Match.objects.order_by("city").values_list("city", flat=True).distinct())
    return sum(close_quarter(quarter=quarter, city=city, by=PROGRAM, at=at) for city in cities if city)


def close_visited_quarters(*, city: str, at: datetime) -> int:
    """Every quarter of a city that was visited, is over for good and not frozen yet: after its history was brought in
    by files. How many rows were written."""
    today = timezone.localdate(at)
    with system_scope():
        visited = sorted(DutyVisit.objects.filter(city=city).order_by().values_list("quarter", flat=True).distinct())
    over = [each for each in map(Quarter.read, visited) if today >= close_day(each, numbers_at(today))]
    return sum(close_quarter(quarter=each, city=city, by=PROGRAM, at=at) for each in over)
