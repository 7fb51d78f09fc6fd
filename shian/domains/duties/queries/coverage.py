"""How far a quarter is: businesses visited when due, of those with an official on the day. One statement each.

A business is visited when somebody visited it between the first day of its tier's period (rules/visits.due_since) and
the day; what is left is overdue or due. So visited + due = in force, on any day, by construction. A visit that a spot
check found untrue counts for nothing from that moment on; figures of closed quarters stay as they were frozen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shian.domains.duties.models import DutyVisit, Match, QuarterFigure
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.rules.visits import Quarter, VisitNumbers, due_since
from shian.kernel.scope.rules import KEY_WIDTH, LEVELS, Level, level_of_key

GROUPS = {"tier": "m.tier", "official": "m.official_id", **{level.value: f"m.{level.value}" for level in LEVELS}}
ALL = ""
SEEN_OF = """
seen AS (
    SELECT operator_id, max(visited_on) AS last, max(visited_on) FILTER (WHERE visited_on <= %(before)s) AS former
    FROM duties_dutyvisit
    WHERE visited_on BETWEEN %(first)s AND %(day)s AND NOT is_untrue {own} GROUP BY operator_id
), due AS (SELECT key AS tier, value::date AS since FROM jsonb_each_text(%(since)s::jsonb))
"""
SEEN = SEEN_OF.format(own="")
IN_FORCE = "m.valid_from <= %(day)s AND (m.valid_to IS NULL OR m.valid_to > %(day)s)"
BEFORE = "m.valid_from <= %(before)s AND (m.valid_to IS NULL OR m.valid_to > %(before)s)"
COVERAGE = """
WITH {seen}, told AS (
    SELECT GROUPING({keys}) AS bits, {keys}, count(*) FILTER (WHERE {in_force}) AS in_force,
        count(*) FILTER (WHERE {in_force} AND seen.last >= due.since) AS visited,
        count(*) FILTER (WHERE {before} AND seen.former >= due.since) AS visited_before
    FROM duties_match m JOIN due ON due.tier = m.tier LEFT JOIN seen ON seen.operator_id = m.operator_id
    WHERE m.valid_from <= %(day)s AND (m.valid_to IS NULL OR m.valid_to > %(before)s) AND {inside}
    GROUP BY GROUPING SETS ({sets})
)
SELECT * FROM told WHERE in_force > 0 {most} ORDER BY {names}
"""
# Of the officials, those with most left: a city has thousands, and a page shows ten.
MOST_LEFT = """
AND (bits <> %(officials)s OR official_id IN (
    SELECT official_id FROM told WHERE bits = %(officials)s ORDER BY in_force - visited DESC, official_id::text
    LIMIT %(most)s))
"""
# Below a city: the visits of the own businesses, by their index, not those of the whole quarter.
OWN = "AND operator_id IN (SELECT m.operator_id FROM duties_match m WHERE {inside})"


@dataclass(frozen=True)
class Coverage:
    """Businesses of one group: with an official on the day, and visited of these. key: the group's tier, area key or
    official, "" for all. visited_before: visited on an earlier day that was asked for, of those with an official then.
    """

    key: str
    in_force: int
    visited: int
    visited_before: int = field(default=0, compare=False)

    @property
    def due(self) -> int:
        """Not visited yet."""
        return self.in_force - self.visited


def coverages(
    area: str, day: date, groups: Sequence[str], tiers: Sequence[str] = (), before: date | None = None, most: int = 0
) -> dict[str, list[Coverage]]:
    """The businesses inside an area key ("" everywhere) on a day, grouped by each of `groups`: "tier", "official", a
    level of areas, ALL; only those of `tiers` where some are named. `before`: an earlier day of the same quarter.
    `most`: of officials only so many, those with most left.

    For whoever reaches the area: the caller has looked. The rows are read once, whatever is asked."""
    named = [each for each in groups if each] or ["tier"]
    every = (1 << len(named)) - 1  # the bit of a key is 0 in its own set: the last key's is the lowest
    by_bits = {every ^ 1 << place: each for place, each in enumerate(reversed(named))} | {every: ALL}
    values = since_values(day, before) | {"area": area, "tiers": list(tiers), "most": most}
    values["officials"] = next((bits for bits, each in by_bits.items() if each == "official"), None)
    found: dict[str, list[Coverage]] = {each: [] for each in by_bits.values()}
    with connection.cursor() as cursor:
        cursor.execute(
            _coverage_sql(named, area, _inside(area, tiers), MOST_LEFT if most and "official" in named else ""), values
        )
        for bits, *told in cursor.fetchall():
            group, numbers = by_bits[bits], told[len(named) :]
            key = str(told[named.index(group)]) if group else ""
            found[group].append(Coverage(key, *numbers))
    return found


def _coverage_sql(named: Sequence[str], area: str, inside: str, most: str) -> str:
    keys = [GROUPS[each] for each in named]
    own = OWN.format(inside=inside) if len(area) > KEY_WIDTH[Level.CITY] else ""
    return COVERAGE.format(
        seen=SEEN_OF.format(own=own), keys=", ".join(keys), names=", ".join(each.removeprefix("m.") for each in keys),
        in_force=IN_FORCE, before=BEFORE, inside=inside, sets=", ".join(["()", *(f"({each})" for each in keys)]),
        most=most,
    )  # fmt: skip


def coverage(area: str, day: date, by: str = ALL, tiers: Sequence[str] = ()) -> list[Coverage]:
    """The same of one grouping."""
    return coverages(area, day, (by,), tiers)[by]


def total(area: str, day: date) -> Coverage:
    """All businesses of an area."""
    return whole_of(coverages(area, day, (ALL,)))


def whole_of(found: Mapping[str, Sequence[Coverage]]) -> Coverage:
    """All businesses of what `coverages` found."""
    return next(iter(found[ALL]), Coverage("", 0, 0))


def since_values(day: date, before: date | None = None) -> dict[str, Any]:
    """The values that SEEN asks for."""
    since = due_since(day, numbers_at(day))
    told = ", ".join(f'"{tier}": "{first.isoformat()}"' for tier, first in since.items())
    return {"day": day, "before": before or day, "first": min(since.values()), "since": f"{{{told}}}"}


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


def visits_within(area: str, first: date, last: date) -> QuerySet[DutyVisit]:
    """Visits that were made inside an area between two days, both counted.

    For whoever reaches the area: the caller has looked."""
    rows = DutyVisit.objects.filter(visited_on__range=(first, last))
    return rows.filter(**{Level(level_of_key(area)).value: area}) if area else rows


def visits_by_day(area: str, first: date, last: date) -> dict[date, int]:
    """How many there were on each of these days; days without any are 0."""
    rows = visits_within(area, first, last).order_by().values_list("visited_on")
    found = dict(rows.annotate(Count("pk")))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {day: found.get(day, 0) for day in days}
