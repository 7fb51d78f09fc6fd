"""The promise of daily controls: the coverage of a day answers in 150 ms, however many days lie in the partitions.

In a scratch database: 64,098 operators in 100 townships, of which 38,622 owe a record; days by COPY.
SHIAN_BENCH_DAYS=23395770 makes a whole year of all operators; two million rows (a month) are made otherwise.
"""

import os
import time
from datetime import date, timedelta

from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.harness import Line, scratch_database, timed
from shian.domains.selfcontrol.queries.coverage import day_coverage
from shian.kernel.accounts.models import Role
from shian.registers.areas.models import Area
from shian.registers.people.tests.factories import reach_user

SCRATCH = "shian_bench_days"
OPERATORS, OWING = 64_098, 38_622
ROWS = int(os.environ.get("SHIAN_BENCH_DAYS", "2000000"))
LAST = date(2026, 11, 20)
MOST = 0.15
COUNTIES, TOWNSHIPS = 10, 10


def measure() -> list[Line]:
    """Pouring, the query, and the page of the city's day."""
    with scratch_database(SCRATCH):
        _city()
        seconds = _pour()
        reader = reach_user("reader", "131000", Role.OFFICE)
        timing = timed(lambda: day_coverage(reader, "1310", LAST), runs=15)
        found = day_coverage(reader, "1310", LAST)
        assert sum(each.due for each in found) == OWING
        client = Client(HTTP_HOST="localhost")
        client.force_login(reader)
        address = reverse("selfcontrol:daily_control_board")

        def page() -> None:
            assert client.get(address, {"day": LAST.isoformat()}).status_code == 200

        shown = timed(page, runs=9)
        note = f"{ROWS:,} records in {_partitions()} partitions"
        return [
            Line("daily records poured", ROWS / seconds, "rows/s", "measured only", is_kept=True, note=note),
            Line("coverage of a day, the query", timing.wall * 1000, "ms", "≤ 150 ms", timing.wall <= MOST, note),
            Line("coverage of a day, the page", shown.wall * 1000, "ms", "≤ 150 ms", shown.wall <= MOST,
                 f"{shown.statements} statements"),
        ]  # fmt: skip


def _area(number: int) -> str:
    return f"1310{number // TOWNSHIPS % COUNTIES + 10:02d}{number % TOWNSHIPS + 100:03d}"


def _city() -> None:
    areas = [("131000", "1310", "city"), *((f"1310{n + 10:02d}",) * 2 + ("county",) for n in range(COUNTIES))]
    Area.objects.bulk_create(
        Area(code=code, key=key, level=level, name=code, kind="县" if level == "county" else "地级市",
             parent_key="1310" if level == "county" else "13", valid_from=date(2000, 1, 1), province="13", city="1310",
             county=key if level == "county" else "")
        for code, key, level in areas
    )  # fmt: skip
    kinds = ("食品销售", "餐饮服务", "食品生产")
    with connection.cursor() as cursor:
        columns = (
            "code, name, name_pinyin, initials, kind, small_kind, format, stage, size, uscc, licence_kind, licence_no, "
            "representative, phone, area_code, address, chain_code, host_code, opened_on, updated_at, province, city, "
            "county, township, village"
        )
        with cursor.copy(f"COPY operators_operator ({columns}) FROM STDIN") as copy:
            for number in range(OPERATORS):
                town, owes = _area(number), number < OWING
                copy.write_row((
                    f"B{number:05d}", f"主体{number}", f"zhuti{number}", "zt", kinds[number % 3] if owes else "三小",
                    "" if owes else "小餐饮", "小型餐馆", "餐饮", "小型", "", "无", "", "", "", town, "某路", "", "",
                    date(2015, 1, 1), "2026-01-01T00:00:00Z", "13", "1310", town[:6], town, "",
                ))  # fmt: skip
        cursor.execute("ANALYZE operators_operator")


def _pour() -> float:
    """Whole days backwards from LAST, every operator each day, until there are enough rows; seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, county, township FROM operators_operator ORDER BY id")
        operators = cursor.fetchall()
        began, left, day = time.monotonic(), ROWS, LAST
        columns = (
            "operator_id, day, province, city, county, township, village, result, problems, list_version, answers, "
            "is_late, is_backfilled, is_reported, recorded_at, recorded_by"
        )
        while left > 0:
            cursor.execute("SELECT selfcontrol_keep_month(%s)", [day])
            with cursor.copy(f"COPY selfcontrol_dailycontrol ({columns}) FROM STDIN") as copy:
                for key, county, town in operators[:left]:
                    bad, late = key % 29 == 0, key % 41 == 0
                    copy.write(
                        f"{key}\t{day}\t13\t1310\t{county}\t{town}\t\t{'problem' if bad else 'clear'}\t{int(bad)}\t1\t"
                        f'{{"r01": "pass"}}\t{late}\tf\t{bad}\t{day} 20:00:00+08\tbench\n'
                    )
            left, day = left - len(operators), day - timedelta(days=1)
        seconds = time.monotonic() - began
        cursor.execute("VACUUM ANALYZE selfcontrol_dailycontrol")
    return seconds


def _partitions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'selfcontrol_dailycontrol'::regclass")
        return int(cursor.fetchone()[0])
