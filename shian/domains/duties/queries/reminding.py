"""Who has to be reminded of businesses not visited yet: officials at dated points, counties once a quarter is over."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from shian.domains.duties.models import Match, Official
from shian.domains.duties.queries.coverage import due_matches
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.rules.visits import Quarter, reminder_days


@dataclass(frozen=True)
class Unvisited:
    """Businesses left: of an official with an account (`user`), or of a county (no user). subject tells the point too,
    so that each point is told once; last_on: the last day of the quarter."""

    subject: str
    point: date
    last_on: date
    count: int
    city: str
    county: str
    user: int | None = None


def unvisited(today: date) -> list[Unvisited]:
    """Officials with businesses left, at the newest point that has come; and counties with businesses that nobody
    visited in the quarter before, from its end until the figures are frozen. Two statements."""
    numbers, quarter = numbers_at(today), Quarter.of(today)
    points = [each for each in reminder_days(quarter.last, numbers.remind_before) if each <= today]
    found = _officials(today, quarter, points[-1]) if points else []
    former = quarter.former
    if today <= former.last + timedelta(days=numbers.close_after):
        found += _counties(former)
    return found


def _officials(today: date, quarter: Quarter, point: date) -> list[Unvisited]:
    rows = Match.objects.filter(official__person__user__is_active=True)
    left = due_matches(rows, today).order_by().values_list("official", "official__person__user").annotate(Count("pk"))
    counts = {official: (user, count) for official, user, count in left}
    return [
        Unvisited(f"duties.official:{each.code}/{point}", point, quarter.last, counts[each.pk][1], each.city,
                  each.county, counts[each.pk][0])
        for each in Official.objects.filter(pk__in=counts).order_by("code")
    ]  # fmt: skip


def _counties(former: Quarter) -> list[Unvisited]:
    left = due_matches(Match.objects.exclude(county=""), former.last).order_by("city", "county")
    return [
        Unvisited(f"duties.county:{county}/{former.key}", former.following.first, former.last, count, city, county)
        for city, county, count in left.values_list("city", "county").annotate(Count("pk"))
    ]
