"""The import promise: 64,098 operators, validated, sealed, with row-level errors, against a script written by hand.

Both sides read the same files (the CSV of the demo city, and the same rows as a workbook) into the same empty table, in
turn, in a scratch database beside the real one.
"""

import csv
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import xlsxwriter
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from benchmarks.handwritten_import import import_by_hand
from benchmarks.harness import Line, counted, cpu_seconds
from shian.config.database import Database, find_database
from shian.config.home import Home
from shian.config.postgres import server_url
from shian.kernel.imports.actions import import_path

RUNS = 3
LIMITS = {"csv": 9.0, "xlsx": 15.0}
RATIO = 2.0
ENOUGH_STATEMENTS = 100
SCRATCH = "shian_bench_import"
NUMERIC = {"从业人数", "经营面积", "经度", "纬度"}


def measure() -> list[Line]:
    """Wall time per format, the ratio to the hand-written script, and the SQL statements of one import."""
    source = max(Path(settings.SHIAN_HOME).rglob("operators.csv"), key=lambda path: path.stat().st_mtime)
    with source.open(encoding="utf-8") as stream:
        rows = sum(1 for _ in stream) - 1
    lines = []
    with _scratch_database() as owner:
        import_path(path=source.with_name("areas.csv"), by="bench", at=timezone.now(), importer="areas")
        for path in (source, _as_workbook(source)):
            lines += _lines_of(path, rows, owner)
        with counted() as queries:
            _once(lambda: _ours(source), owner)
    count = len(queries.captured_queries)
    return [*lines, Line("SQL statements of one import", count, "", "constant", count < ENOUGH_STATEMENTS)]


def _lines_of(path: Path, rows: int, owner: str) -> list[Line]:
    kind = path.suffix[1:]
    ours, theirs = _in_turn(path, owner)
    limit, ratio = LIMITS[kind], ours.cpu / theirs.cpu
    cpu = f"CPU {ours.cpu:.1f} s"
    told = f"CPU of program and server; by hand {theirs.cpu:.1f} s, wall {theirs.wall:.1f} s"
    return [
        Line(f"import {rows:,} operators from {kind}", ours.wall, "s", f"≤ {limit:g} s", ours.wall <= limit, cpu),
        Line(f"import from {kind} / by hand", ratio, "×", f"≤ {RATIO:g} ×", ratio <= RATIO, told),
    ]


@dataclass(frozen=True)
class Spent:
    """Seconds of one run: on the clock, and of processor time in this program and in its database session."""

    wall: float
    cpu: float


def _in_turn(path: Path, owner: str) -> tuple[Spent, Spent]:
    """The least disturbed of several runs of each, run in turn on an empty table."""
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(_once(lambda: _ours(path), owner))
        theirs.append(_once(lambda: _by_hand(path), owner))
    return _best(ours), _best(theirs)


def _best(runs: list[Spent]) -> Spent:
    return Spent(min(run.wall for run in runs), min(run.cpu for run in runs))


def _once(work: Callable[[], Any], owner: str) -> Spent:
    with psycopg.connect(owner, autocommit=True) as emptying:
        emptying.execute("TRUNCATE operators_operator, operators_operatorversion CASCADE")
    wall, cpu = time.perf_counter(), cpu_seconds()
    work()
    return Spent(time.perf_counter() - wall, cpu_seconds() - cpu)


@contextmanager
def _scratch_database() -> Iterator[str]:
    """Django works in a migrated database of its own for as long as the block lasts; yields how its owner connects."""
    real = find_database(Home.current())
    web, owner = (_renamed(url) for url in (real.web_url, real.owner_url))
    usual = connection.settings_dict["NAME"]
    with psycopg.connect(server_url(real.owner_url), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {SCRATCH}")
        admin.execute(f"CREATE DATABASE {SCRATCH}")
        try:
            Database(web, owner, real.cluster).migrate()
            connection.close()
            connection.settings_dict["NAME"] = SCRATCH
            yield server_url(owner)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            admin.execute(f"DROP DATABASE IF EXISTS {SCRATCH}")


def _renamed(url: str) -> str:
    return re.sub(r"(?<=[^:/])/[^/?]*", f"/{SCRATCH}", url, count=1)


def _ours(path: Path) -> None:
    summary = import_path(path=path, by="bench", at=timezone.now(), importer="operators", again=True)[0]
    if summary.state != "accepted" or summary.rejected:
        raise RuntimeError(f"the importer did not take {path.name}: {summary}")


def _by_hand(path: Path) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        written, bad = import_by_hand(path, cursor)
    if bad or not written:
        raise RuntimeError(f"the script did not take {path.name}: rows {bad[:5]}")


def _as_workbook(source: Path) -> Path:
    """The same rows as .xlsx, made once."""
    target = source.with_suffix(".xlsx")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return target
    with (
        source.open(encoding="utf-8", newline="") as stream,
        xlsxwriter.Workbook(str(target), {"constant_memory": True, "strings_to_formulas": False}) as book,
    ):
        sheet = book.add_worksheet("operators")
        head: list[str] = []
        for number, row in enumerate(csv.reader(stream)):
            head = head or row
            for column, text in enumerate(row):
                if text and number and head[column] in NUMERIC:
                    sheet.write_number(number, column, float(text))
                elif text:
                    sheet.write_string(number, column, text)
    return target
