"""The promise of the closed loop: "my work" among 200,000 open and 2,000,000 closed cases, as the web role.

In a scratch database of its own; cases are poured in by COPY. The reader is one of a unit, with the unit's and the own
cases waiting: the page is asked for through the whole stack, under row-level security.
"""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.harness import Line, counted, scratch_database, timed
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.queries import my_work
from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.scope.walls import Bounds, bounded_by
from shian.registers.people.models import Organisation
from shian.registers.people.tests.factories import reach_user

SCRATCH = "shian_bench_cases"
OPEN = int(os.environ.get("SHIAN_BENCH_OPEN", "200000"))
CLOSED = int(os.environ.get("SHIAN_BENCH_CLOSED", "2000000"))
UNITS, TYPE = 400, "task"
SHOWN, MOST = 50, 0.03
COLUMNS = (
    "type", "number", "title", "state", "is_open", "issuer_id", "unit_id", "turn", "opened_on", "due_on", "closed_at",
    "created_at", "updated_at", "province", "city", "county", "township", "village", "body", "source", "subject",
    "item_code", "operator_code", "is_urgent", "owner_name", "asked_unit", "data", "level", "climbed", "round",
    "reopened", "version",
)  # fmt: skip


def measure() -> list[Line]:
    """ "My work" as a query and as a page."""
    with scratch_database(SCRATCH):
        reader = _people()
        _pour(reader)
        return [*_queried(reader), *_page(reader)]


def _people() -> User:
    """Units of a county, and the reader in one of them."""
    reader = reach_user("reader", "131022", Role.DEPARTMENT)
    Organisation.objects.bulk_create(
        [
            Organisation(code=code, name=code, kind="政府部门", area_code="131022", valid_from=date(2000, 1, 1),
                         **columns_of_key("131022"))
            for code in ("1310-OFFICE", *(f"131022-B{number:03d}" for number in range(UNITS - 1)))
        ]
    )  # fmt: skip
    return reader


def _pour(reader: User) -> None:
    units = list(Organisation.objects.exclude(code="1310-OFFICE").order_by("pk").values_list("code", flat=True))
    names = ", ".join(COLUMNS)
    with transaction.atomic(), connection.cursor() as cursor:  # a table under row-level security takes no COPY itself
        cursor.execute(f"CREATE TEMPORARY TABLE poured ON COMMIT DROP AS SELECT {names} FROM cases_case LIMIT 0")
        with cursor.copy(f"COPY poured ({names}) FROM STDIN") as copy:
            for row in _rows(units, reader.pk):
                copy.write_row(row)
        cursor.execute(f"INSERT INTO cases_case ({names}) SELECT {names} FROM poured")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case")
    assert Case.objects.count() == OPEN + CLOSED


def _rows(units: list[str], reader: int) -> Iterator[tuple[Any, ...]]:
    """Every tenth open case of the reader's unit names the reader; due days run from thirty days ago to sixty on."""
    now, declared = timezone.now(), case_type(TYPE)
    states = {True: declared.states[1].key, False: next(each.key for each in declared.states if not each.is_open)}
    for number in range(OPEN + CLOSED):
        is_open, unit = number < OPEN, units[number % len(units)]
        opened = now - timedelta(days=number % 40 if is_open else 60 + number % 900)
        due = (now + timedelta(days=number % 90 - 30)).date() if is_open else opened.date()
        is_owners = unit == units[0] and (number // len(units)) % 10 == 0
        turn = (f"u:{reader}" if is_owners else f"o:{unit}") if is_open else ""
        yield (
            TYPE, f"T{number}", "核对学校食堂食材采购台账", states[is_open], is_open, "1310-OFFICE", unit, turn,
            opened.date(), due, None if is_open else opened, opened, opened, "13", "1310", "131022", "", "", "", "",
            "", "", "", False, "", "", "{}", 0, 0, 1, 0, 2,
        )  # fmt: skip


def _queried(reader: User) -> list[Line]:
    def work() -> None:
        with transaction.atomic(), bounded_by(lambda: Bounds(user=reader.pk, reach=reach_of(reader))):
            found, total = my_work(reader, SHOWN)
        assert len(found) == SHOWN
        assert total == OPEN // UNITS

    reach_of(reader)
    timing = timed(work, runs=25, warm=3)
    note = f"best {timing.best * 1000:.1f} ms, {OPEN:,} open and {CLOSED:,} closed cases, row-level security on"
    return [
        Line("my work, the query", timing.wall * 1000, "ms", "≤ 30 ms", timing.wall <= MOST, note),
        Line("… statements", timing.statements, "SQL", "1", timing.statements == 1),
    ]


def _page(reader: User) -> list[Line]:
    client = Client(HTTP_HOST="localhost")
    client.force_login(reader)
    url = reverse("cases:case_list")

    def work() -> None:
        assert client.get(url).content.count(b"data-href=") == SHOWN

    timing = timed(work, runs=15, warm=3)
    with counted() as queries:
        work()
    of_cases = sum("cases_case" in each["sql"] for each in queries.captured_queries)
    note = f"best {timing.best * 1000:.1f} ms, {timing.statements} SQL in all, session, scope and navigation with them"
    return [
        Line("my work, the whole page: statements for cases", of_cases, "SQL", "1", of_cases == 1, note),
        Line("my work, the whole page", timing.wall * 1000, "ms", "≤ 100 ms", timing.wall <= 0.1, note),
    ]
