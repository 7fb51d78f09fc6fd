"""The promise of daily controls: with a year of them, 23 million, the pages on coverage and on one business answer in
150 ms, as with a month.

In a copy of the demo's database: every operator that is open records every day, in partitions that are filled and then
attached; two million rows (a month) are made unless SHIAN_BENCH_DAYS says 23395770 (64,098 operators, 365 days).
"""

import os
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from benchmarks.harness import Line, done_by_owner, page_line, scratch_database, staff, timed
from shian.domains.selfcontrol.models import OperatorAccount
from shian.domains.selfcontrol.queries.controls import gaps_between
from shian.domains.selfcontrol.queries.coverage import day_coverage
from shian.domains.selfcontrol.queries.staff import open_on
from shian.kernel.accounts.models import Role
from shian.registers.operators.models import Operator

SCRATCH = "shian_bench_days"
CITY, MOST = "1310", 0.15
ROWS = int(os.environ.get("SHIAN_BENCH_DAYS", "2000000"))
TABLE = "selfcontrol_dailycontrol"
FILLED = """
INSERT INTO {name} (operator_id, day, province, city, county, township, village, result, problems, list_version,
    answers, is_late, is_backfilled, is_reported, recorded_at, recorded_by)
SELECT o.id, d.day::date, o.province, o.city, o.county, o.township, o.village,
    CASE WHEN o.id % 29 = 0 THEN 'problem' ELSE 'clear' END, (o.id % 29 = 0)::int, 1, '{{"r01": "pass"}}',
    o.id % 41 = 0, FALSE, o.id % 29 = 0, d.day + interval '12 hours', 'bench'
FROM generate_series('{first}'::timestamp, '{last}'::timestamp, '1 day') d(day), operators_operator o
WHERE o.opened_on <= '{until}' AND (o.closed_on IS NULL OR o.closed_on > '{until}') AND o.id % 53 <> 0
"""


def measure() -> list[Line]:
    """Pouring, the query, the pages of staff and of one business."""
    last = timezone.localdate() - timedelta(days=1)
    with scratch_database(SCRATCH, is_copy=True):
        count, seconds = _poured(last)
        note = f"{count:,} records in {_partitions()} partitions"
        pages = [page_line(title, reader, address, note, MOST) for title, reader, address in _pages(last)]
        poured = Line("daily records poured", count / seconds, "rows/s", "measured only", is_kept=True, note=note)
        return [poured, *_queries(last, note), *pages]


def _queries(last: date, note: str) -> Iterator[Line]:
    """A day of the city is told by what was poured; a year of one business is read from its partitions."""
    office = staff(Role.OFFICE)
    covered = timed(lambda: day_coverage(office, CITY, last), runs=15)
    found = day_coverage(office, CITY, last)
    assert 0 < sum(each.recorded for each in found) < sum(each.due for each in found)
    yield Line("coverage of a day, the query", covered.wall * 1000, "ms", "≤ 150 ms", covered.wall <= MOST, note)
    business = Operator.objects.filter(open_on(last)).order_by("pk")[100]
    year = timed(lambda: gaps_between(business, last - timedelta(days=364), last), runs=15)
    yield Line("a business's year, the query", year.wall * 1000, "ms", "≤ 150 ms", year.wall <= MOST, note)


def _pages(last: date) -> Iterator[tuple[str, Any, str]]:
    """Title, reader, address."""
    office, county = staff(Role.OFFICE), staff(Role.COUNTY)
    home = county.person.posts.first().county
    town = Operator.objects.filter(county=home).exclude(township="").values_list("township", flat=True)[0]
    board, gaps = reverse("selfcontrol:daily_control_board"), reverse("selfcontrol:daily_control_list")
    day, before = f"?day={last}", f"?day={last - timedelta(days=7)}"
    yield "daily controls of the city on a day", office, f"{board}{day}"
    yield "daily controls of the city a week before", office, f"{board}{before}"
    yield "daily controls of a county, by its bureau", county, f"{board}{day}&area={home}"
    yield "daily controls of a township", office, f"{board}{day}&area={town}"
    yield "gaps of the city on a day", office, f"{gaps}{day}"
    yield "gaps of a township on a day", office, f"{gaps}{day}&area={town}"
    account = OperatorAccount.objects.filter(valid_to=None).select_related("operator", "user").order_by("pk").first()
    assert account is not None
    of, owner = [account.operator.code], get_user_model().objects.get(pk=account.user_id)
    yield "a business's days, by itself", owner, reverse("operator:daily_control_calendar", args=of)
    yield "a business on the desk of the city", office, reverse("census:operator_detail", args=of)


def _poured(last: date) -> tuple[int, float]:
    """Whole days backwards from the last, a month at a time, until there are enough; how many, and seconds."""
    daily = Operator.objects.filter(open_on(last)).count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [TABLE])
        former = [name for (name,) in cursor.fetchall()]
    connection.close()
    done_by_owner(SCRATCH, *(f"DROP TABLE {name}" for name in former))
    began, first = time.monotonic(), last - timedelta(days=max(0, ROWS // daily - 1))
    for month, begins, ends in _months(first, last):
        name = f"{TABLE}_{month:%Y%m}"
        after = (month + timedelta(days=31)).replace(day=1)
        done_by_owner(
            SCRATCH,
            f"CREATE UNLOGGED TABLE {name} (LIKE {TABLE} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
            FILLED.format(name=name, first=begins, last=ends, until=last),
            f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM ('{month}') TO ('{after}')",
        )
    seconds = time.monotonic() - began
    done_by_owner(SCRATCH, f"VACUUM ANALYZE {TABLE}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        return int(cursor.fetchone()[0]), seconds


def _months(first: date, last: date) -> Iterator[tuple[date, date, date]]:
    """Each month's first day, and the first and last of its days that lie between."""
    month = last.replace(day=1)
    ends = last
    while ends >= first:
        yield month, max(month, first), ends
        ends = month - timedelta(days=1)
        month = ends.replace(day=1)


def _partitions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass", [TABLE])
        return int(cursor.fetchone()[0])
