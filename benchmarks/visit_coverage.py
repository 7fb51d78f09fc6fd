"""The promise of visits: with three years of them, 400,000, the pages on coverage and the lists answer in 150 ms.

In a copy of the demo's database: each of its 32,872 matched businesses is visited once a quarter for three years, a
thirtieth of the visits untrue, a twentieth with faults; the quarters that are over are frozen, of the present one as
much is done as has passed of it. Readers: the city's office and a county's bureau, whose rows the database itself cuts.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from benchmarks.harness import Line, done_by_owner, page_line, scratch_database, staff
from shian.domains.duties.actions.quarters import close_visited_quarters
from shian.domains.duties.models import DutyVisit, Match
from shian.domains.duties.rules.visits import Quarter
from shian.kernel.accounts.models import Role
from shian.kernel.scope.walls import system_scope

SCRATCH = "shian_bench_visits"
CITY, QUARTERS = "1310", 12
MOST = 0.15
VISITED = """
INSERT INTO duties_dutyvisit (number, operator_id, official_id, match_id, tier, quarter, visited_on, way, nearness,
    companion, is_trained, form, faults, opinion, recorded_at, is_late, is_untrue, {areas})
SELECT 'BENCH' || %(key)s || '-' || m.id, m.operator_id, m.official_id, m.id, m.tier, %(key)s, d.day, 'onsite', 'near',
    '', TRUE, '', (m.id %% 20 = 0)::int, '', d.day::timestamp + interval '10 hours', FALSE, m.id %% 30 = 7, {own}
FROM duties_match m, LATERAL (SELECT %(first)s::date + (m.operator_id * 7919 %% %(whole)s)::int AS day) d
WHERE m.valid_from <= d.day AND (m.valid_to IS NULL OR m.valid_to > d.day) AND d.day <= %(last)s
ORDER BY d.day
"""
AREAS = ("province", "city", "county", "township", "village")


def measure() -> list[Line]:
    """Each page through the whole stack of a request."""
    with scratch_database(SCRATCH, is_copy=True):
        with system_scope():
            quarters = _poured()
            visits, matches = DutyVisit.objects.count(), Match.objects.filter(valid_to=None).count()
        told = f"{visits:,} visits of {matches:,} businesses in {len(quarters)} quarters"
        return [page_line(title, reader, address, told, MOST) for title, reader, address in _pages(quarters)]


def _poured() -> list[Quarter]:
    """The last twelve quarters, the newest first: visited, frozen where they are over."""
    today = timezone.localdate()
    quarters = [Quarter.of(today)]
    while len(quarters) < QUARTERS:
        quarters.append(quarters[-1].former)
    sql = VISITED.format(areas=", ".join(AREAS), own=", ".join(f"m.{level}" for level in AREAS))
    with connection.cursor() as cursor:
        for each in reversed(quarters):
            days = (each.last - each.first).days + 1
            cursor.execute(sql, {"whole": days, "key": each.key, "first": each.first, "last": each.until(today)})
    done_by_owner(SCRATCH, "VACUUM ANALYZE duties_dutyvisit", "VACUUM ANALYZE duties_match", "ANALYZE duties_official")
    close_visited_quarters(city=CITY, at=timezone.now() + timedelta(seconds=1))
    done_by_owner(SCRATCH, "VACUUM ANALYZE duties_quarterfigure")
    return quarters


def _pages(quarters: list[Quarter]) -> Iterator[tuple[str, Any, str]]:
    """Title, reader, address."""
    office, county = staff(Role.OFFICE), staff(Role.COUNTY)
    home = county.person.posts.first().county
    match = Match.objects.filter(county=home, tier="D", valid_to=None).exclude(township="").first()
    assert match is not None
    over, coverage = quarters[2].key, reverse("duties:coverage_detail")
    yield "coverage of the city, this quarter", office, coverage
    yield "coverage of the city, a quarter that is over", office, f"{coverage}?quarter={over}"
    yield "coverage of a county, by its bureau", county, f"{coverage}?area={home}"
    yield "coverage of a township", office, f"{coverage}?area={match.township}"
    due, visits = reverse("duties:due_list"), reverse("duties:visit_list")
    yield "what is due in the city", office, due
    yield "what is due in a county in tier D, by its bureau", county, f"{due}?area={home}&tier=D"
    yield "what is due of an official", office, f"{due}?official={match.official_id}"
    yield "all visits, the newest", office, visits
    yield "visits of a county in a quarter, by its bureau", county, f"{visits}?area={home}&quarter={over}"
    yield "visits of an official", office, f"{visits}?official={match.official_id}"
    yield "visits with faults", office, f"{visits}?quarter={over}&faults=1"
