"""How far a quarter is: businesses visited when due, of those with an official on the day. One statement each.

A business is visited when somebody visited it between the first day of its tier's period (rules/visits.due_since) and
the day; what is left is overdue or due. So visited + due = in force, on any day, by construction. A visit that a spot
check found untrue counts for nothing from that moment on; figures of closed quarters stay as they were frozen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shian.domains.duties.models import DutyVisit, Match, QuarterFigure
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.rules.visits import Quarter, VisitNumbers, due_since
from shian.kernel.scope.rules import LEVELS, Level, level_of_key

GROUPS = {
    "": "''", "tier": "m.tier", "official": "m.official_id::text",
    **{level.value: f"m.{level.value}" for level in LEVELS},
}  # fmt: skip
SEEN = """
seen AS (
    SELECT operator_id, max(visited_on) AS last FROM duties_dutyvisit
    WHERE visited_on BETWEEN %(first)s AND %(day)s AND NOT is_untrue GROUP BY operator_id
), due AS (SELECT key AS tier, value::date AS since FROM jsonb_each_text(%(since)s::jsonb))
"""
IN_FORCE = "m.valid_from <= %(day)s AND (m.valid_to IS NULL OR m.valid_to > %(day)s)"
COVERAGE = """
WITH {seen}
SELECT {group} AS key, count(*), count(*) FILTER (WHERE seen.last >= due.since)
FROM duties_match m JOIN due ON due.tier = m.tier LEFT JOIN seen ON seen.operator_id = m.operator_id
WHERE {in_force} AND {inside}
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Coverage:
    """Businesses of one group: with an official on the day, and visited of these. key: the group's tier, area key or
    official, "" for all."""

    key: str
    in_force: int
    visited: int

    @property
    def due(self) -> int:
        """Not visited yet."""
        return self.in_force - self.visited


def coverage(area: str, day: date, by: str = "", tiers: Sequence[str] = ()) -> list[Coverage]:
    """The businesses inside an area key ("" everywhere) on a day, grouped by "tier", "official", or a level of areas;
    only those of `tiers` where some are named.

    For whoever reaches the area: the caller has looked."""
    sql = COVERAGE.format(seen=SEEN, group=GROUPS[by], in_force=IN_FORCE, inside=_inside(area, tiers))
    with connection.cursor() as cursor:
        cursor.execute(sql, since_values(day) | {"area": area, "tiers": list(tiers)})
        return [Coverage(*row) for row in cursor.fetchall()]


def total(area: str, day: date) -> Coverage:
    """All businesses of an area."""
    return next(iter(coverage(area, day)), Coverage("", 0, 0))


def since_values(day: date) -> dict[str, Any]:
    """The values that SEEN asks for."""
    since = due_since(day, numbers_at(day))
    told = ", ".join(f'"{tier}": "{first.isoformat()}"' for tier, first in since.items())
    return {"day": day, "first": min(since.values()), "since": f"{{{told}}}"}


def _inside(area: str, tiers: Sequence[str]) -> str:
    here = f"m.{Level(level_of_key(area)).value} = %(area)s" if area else "TRUE"
    return f"{here} AND m.tier = ANY(%(tiers)s)" if tiers else here


def in_force(day: date) -> Q:
    """Matches of the day."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def due_matches(rows: QuerySet[Match], day: date, numbers: VisitNumbers | None = None) -> QuerySet[Match]:
    """Of these matches, those in force on the day whose operator nobody visited in its tier's period: the difference
    that `coverage` leaves."""
    since = due_since(day, numbers or numbers_at(day))
    unseen: Any = Q(pk__in=[])
    for first in set(since.values()):
        tiers = [tier for tier, own in since.items() if own == first]
        seen = DutyVisit.objects.filter(
            operator=OuterRef("operator"), visited_on__range=(first, day), is_untrue=False
        )  # fmt: skip
        unseen |= Q(tier__in=tiers) & ~Exists(seen)
    return rows.filter(in_force(day) & unseen)


def quarters_known(user: Any, today: date) -> list[Quarter]:
    """The quarters since the first match that the user sees, the newest first; the present one at least."""
    first = Match.objects.visible_to(user).order_by("valid_from").values_list("valid_from", flat=True).first()
    found, oldest = [Quarter.of(today)], Quarter.of(first or today)
    while found[-1] > oldest:
        found.append(found[-1].former)
    return found


def closed_quarters(area: str, before: date, count: int) -> list[tuple[str, Coverage]]:
    """The last quarters of an area that were closed and ended before the day, oldest first: key, what it came to."""
    rows = QuarterFigure.objects.filter(area_key=area, tier="", ended_on__lt=before).order_by("-ended_on")[:count]
    return [(each.quarter, Coverage(area, each.in_force, each.visited)) for each in reversed(rows)]


def visits_by_day(area: str, first: date, last: date) -> dict[date, int]:
    """How many visits were made inside an area on each day between two, both counted; days without any are 0.

    For whoever reaches the area: the caller has looked."""
    rows = DutyVisit.objects.filter(visited_on__range=(first, last))
    if area:
        rows = rows.filter(**{Level(level_of_key(area)).value: area})
    found = dict(rows.order_by().values_list("visited_on").annotate(Count("pk")))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {day: found.get(day, 0) for day in days}
