"""The promise of markets (T6): 2,669,590 out-orders through the public importer, as order rows, lots and movements;
lists of them that are fast at any filter and page; and the nightly check of their chains (E-11).

In a scratch database, from the files of the demo city. SHIAN_BENCH_ORDERS=2669590 brings all of them and then compares
the published totals with the rows; otherwise the smallest market is brought, and the time for all told by its rate.
"""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.harness import Line, cpu_seconds, done_by_owner, scratch_database, timed
from shian.config.home import PROJECT
from shian.domains.tracing.actions.anomalies import find_anomalies
from shian.domains.tracing.models import OutOrder
from shian.engine.measures.queries import figure
from shian.kernel.accounts.models import Role, User
from shian.kernel.imports.actions import import_path
from shian.registers.operators.models import Operator
from shian.registers.people.tests.factories import reach_user
from tools.democity.place import PACKS, read_yaml

SCRATCH = "shian_bench_orders"
ALL, MOST_SECONDS, MOST_MS, NIGHT_SECONDS = 2_669_590, 90, 100, 60
WANTED = int(os.environ.get("SHIAN_BENCH_ORDERS", "150000"))
REGISTERS = ("areas", "products", "operators", "markets", "merchants", "producers", "certificates", "in_orders")
BEFORE = ("certificates_before", "in_orders_before")
CITY = "131000"


def measure() -> list[Line]:
    """Bringing them in, the lists at each filter and page, and the published totals where all came."""
    package = max(Path(settings.SHIAN_HOME).rglob("out_orders.csv"), key=lambda path: path.stat().st_mtime).parent
    later = _later(package.with_name("democity-later"))
    with scratch_database(SCRATCH):
        for folder, names in ((package, REGISTERS), (later, BEFORE)):
            import_path(path=folder, by="bench", at=timezone.now(), resources=names)
        first = _brought(package, [package / "out_orders.csv"])
        files = list(_files(later, WANTED - first[0]))
        rows, wall, cpu = _brought(later, files)
        per = cpu / rows * 100_000
        note = f"{rows:,} rows of {len(files)} files in {wall:.0f} s; CPU {per:.2f} s per 100,000"
        note += f"; load {os.getloadavg()[0]:.1f}"
        line = Line(
            f"import {ALL:,} out-orders", wall * ALL / rows, "s", f"≤ {MOST_SECONDS} s",
            wall * ALL / rows <= MOST_SECONDS, note,
        )  # fmt: skip
        return [line, *_lists(), _chains(), *(_totals() if rows + first[0] == ALL else ())]


def _later(folder: Path) -> Path:
    """What the worker of a served demo would load, made once."""
    if not (folder / "datapackage.json").exists():
        command = [sys.executable, "-m", "tools.democity", "--city", "langfang", "--later", "--out", str(folder)]
        subprocess.run(command, cwd=PROJECT, check=True)
    return folder


def _files(folder: Path, wanted: int) -> Iterator[Path]:
    """Files of markets, the smallest first, until they have as many rows; all of them from the first million on."""
    for path in sorted(folder.glob("out_orders_*.csv"), key=lambda each: each.stat().st_size):
        if wanted <= 0:
            return
        with path.open(encoding="utf-8", newline="") as handle:
            wanted -= sum(1 for _row in csv.reader(handle)) - 1
        yield path


def _brought(folder: Path, files: Iterable[Path]) -> tuple[int, float, float]:
    """Rows, seconds on the clock, seconds of processor time in this program and its session."""
    rows, wall, cpu = 0, time.perf_counter(), cpu_seconds()
    for found in import_path(path=folder, by="bench", at=timezone.now(), resources=[path.stem for path in files]):
        if found.state != "accepted" or found.rejected:
            raise RuntimeError(f"the importer did not take {found.resource}: {found}")
        rows += found.accepted
    return rows, time.perf_counter() - wall, cpu_seconds() - cpu


def _chains() -> Line:
    """The nightly check (E-11): what it finds in the city's trade is no promise, how long it takes is."""
    done_by_owner(SCRATCH, "VACUUM (ANALYZE) trace_movement, trace_holding")  # as the server does by itself by then
    wall, cpu = time.perf_counter(), cpu_seconds()
    found = find_anomalies(by="bench", at=timezone.now())
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    told = ", ".join(f"{key} {new}" for key, (new, _cleared) in found.items())
    return Line(
        f"nightly check of the chains of {OutOrder.objects.count():,} out-orders", wall, "s", f"≤ {NIGHT_SECONDS} s",
        wall <= NIGHT_SECONDS, f"CPU {cpu:.1f} s; {told}",
    )  # fmt: skip


def _lists() -> Iterator[Line]:
    """Each filter and page of the list, read by the city and by a county; the slowest is the promise."""
    readers = {"city": reach_user("bench-city", CITY, Role.OFFICE), "county": _county()}
    slowest, notes, most = 0.0, [], 0
    for name, reader in readers.items():
        client = Client(HTTP_HOST="localhost")
        client.force_login(reader)
        for asked in _asked():
            timing = timed(partial(_page, client, asked), runs=3, warm=1)
            told = " ".join(f"{key}={value}" for key, value in asked.items() if key != "after") or "newest"
            notes.append(f"{name} {told or 'after'} {timing.wall * 1000:.0f} (CPU {timing.cpu * 1000:.0f})")
            slowest, most = max(slowest, timing.best), max(most, timing.statements)
    print("\n".join(notes))
    count = OutOrder.objects.count()
    yield Line(
        f"list 50 of {count:,} out-orders, the slowest of {len(notes)} filters and pages", slowest * 1000, "ms",
        f"≤ {MOST_MS} ms", slowest * 1000 <= MOST_MS, f"at most {most} statements",
    )  # fmt: skip


def _county() -> User:
    sale = OutOrder.objects.select_related("market").order_by("-pk")[0]
    return reach_user("bench-county", sale.market.county, Role.COUNTY)


def _asked() -> list[dict[str, str]]:
    """Filters whose answers are many and few, and places far from the beginning."""
    middle = OutOrder.objects.order_by("-sold_at", "-pk")[OutOrder.objects.count() // 2]
    buyer = Operator.objects.filter(pk__in=_parties(middle.buyer)).values_list("code", flat=True).first() or "none"
    market, variety = middle.market.code, middle.variety.name
    day = timezone.localdate(middle.sold_at).isoformat()
    filters: list[dict[str, str]] = [
        {}, {"market": market}, {"merchant": str(middle.merchant_id)}, {"variety": variety}, {"buyer": buyer},
        {"from": day, "until": day}, {"q": middle.number}, {"q": middle.number[:2]}, {"lot": "none"},
        {"market": market, "variety": variety}, {"market": market, "lot": "none"}, {"variety": "无此品种"},
        {"buyer": buyer, "from": day}, {"variety": variety, "lot": "none", "from": day},
    ]  # fmt: skip
    return [*filters, *({**each, "last": "1"} for each in filters[:5]), {"sort": "sold_at"}, {"until": day}]


def _parties(party: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT operator_id FROM trace_party WHERE id = %s AND operator_id IS NOT NULL", [party])
        return [row[0] for row in cursor.fetchall()]


def _page(client: Client, asked: dict[str, str]) -> None:
    answer = client.get(reverse("tracing:out_order_list"), asked)
    assert answer.status_code == 200, answer.status_code


def _totals() -> Iterator[Line]:
    """The published totals, counted from the rows; each market's sums are those of its days."""
    figures = read_yaml(PACKS / "cities" / "langfang" / "figures.yaml")
    for key, entry in figures.items():
        if entry.get("background"):
            value = figure(entry["measure"], area=entry["area"], as_of=entry["as_of"]).value
            wanted = entry["published"]["value"]
            yield Line(f"{key} {entry['published']['label']}", float(value or 0), "", f"= {wanted:,}", value == wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM "
            "(SELECT market_id, count(*) AS n, sum(quantity) AS kg FROM tracing_outorder GROUP BY 1) o "
            "FULL JOIN (SELECT market_id, sum(outs) AS n, sum(out_kg) AS kg FROM tracing_marketday GROUP BY 1 "
            "HAVING sum(outs) > 0) d USING (market_id) WHERE (o.n, o.kg) IS DISTINCT FROM (d.n, d.kg)"
        )
        wrong = cursor.fetchone()[0]
    yield Line("markets whose days do not add up to their orders", wrong, "", "= 0", not wrong)
