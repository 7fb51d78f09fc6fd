"""The opponent: what a good engineer writes by hand for one file of operators, and nothing more.

It parses, COPYs, checks and upserts the same table, with the same identifier rules and derived columns. It has no
preview, no messages beyond a list of row numbers, no dated versions, no totals, no seal, no scope and no progress.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from shian.registers.operators.imports.fields import name_columns
from shian.registers.operators.rules import is_licence_no, is_uscc

NAMES = (
    "code", "name", "uscc", "licence_kind", "licence_no", "kind", "small_kind", "format", "stage", "size", "employees",
    "area_m2", "representative", "phone", "area_code", "address", "lon", "lat", "chain_code", "host_code", "opened_on",
    "closed_on", "name_pinyin", "initials", "search",
)  # fmt: skip
TEXTS = ("uscc", "licence_no", "small_kind", "size", "representative", "phone", "chain_code", "host_code")
STAGING = """
CREATE TEMPORARY TABLE by_hand (row_no integer, is_bad boolean, code text, name text, uscc text, licence_kind text,
    licence_no text, kind text, small_kind text, format text, stage text, size text, employees integer,
    area_m2 numeric(10,2), representative text, phone text, area_code text, address text, lon numeric(9,6),
    lat numeric(8,6), chain_code text, host_code text, opened_on date, closed_on date, name_pinyin text, initials text,
    search text) ON COMMIT DROP
"""
CHECKS = """
SELECT row_no FROM by_hand WHERE is_bad OR code IS NULL OR name IS NULL OR area_code IS NULL OR opened_on IS NULL
UNION SELECT row_no FROM (SELECT row_no, count(*) OVER (PARTITION BY code) AS n FROM by_hand) x WHERE n > 1
UNION SELECT row_no FROM (SELECT row_no, count(*) OVER (PARTITION BY licence_no) AS n FROM by_hand
    WHERE licence_no IS NOT NULL AND closed_on IS NULL) x WHERE n > 1
UNION SELECT row_no FROM by_hand s WHERE closed_on < opened_on
    OR (kind = '三小') <> (small_kind IS NOT NULL) OR (lon IS NULL) <> (lat IS NULL)
    OR left(licence_no, 2) <> licence_kind AND licence_kind NOT IN ('无', 'XK')
UNION SELECT row_no FROM by_hand s WHERE NOT EXISTS (SELECT 1 FROM areas_area a WHERE a.code = s.area_code
    AND (a.valid_to IS NULL OR a.valid_to > CURRENT_DATE))
UNION SELECT row_no FROM by_hand s WHERE host_code IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM by_hand o WHERE o.code = s.host_code)
    AND NOT EXISTS (SELECT 1 FROM operators_operator o WHERE o.code = s.host_code)
UNION SELECT s.row_no FROM by_hand s JOIN operators_operator o ON o.licence_no = s.licence_no AND o.code <> s.code
    AND o.closed_on IS NULL WHERE s.closed_on IS NULL AND NOT EXISTS (SELECT 1 FROM by_hand f WHERE f.code = o.code)
"""
AREAS = {"province": 2, "city": 4, "county": 6, "township": 9, "village": 12}


def import_by_hand(path: Path, cursor: Any) -> tuple[int, list[int]]:
    """Import .csv or .xlsx inside the caller's transaction; the number of rows written and the row numbers left out."""
    cursor.execute(STAGING)
    with cursor.copy(f"COPY by_hand (row_no, is_bad, {', '.join(NAMES)}) FROM STDIN (FORMAT text, NULL '')") as copy:
        for row_no, row in enumerate(_rows(path), start=2):
            copy.write("\t".join((str(row_no), *_converted(row))).replace("\\", "\\\\") + "\n")
    cursor.execute("ANALYZE by_hand (row_no, code, area_code, licence_no)")
    cursor.execute(CHECKS)
    bad = [row for (row,) in cursor.fetchall()]
    cursor.execute("DELETE FROM by_hand WHERE row_no = ANY(%s)", [bad])
    cursor.execute(_upsert())
    return cursor.rowcount, bad


def _rows(path: Path) -> Iterator[list[Any]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream)
            next(reader)
            yield from reader
        return
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    rows = iter(sheet.iter_rows())
    next(rows)
    yield from rows


def _converted(row: Iterable[Any]) -> list[str]:
    values = [_text(cell) for cell in row]
    is_bad = bool((values[2] and not is_uscc(values[2])) or (values[4] and not is_licence_no(values[4][:2], values[4])))
    for position, convert in ((10, int), (11, float), (16, float), (17, float), (20, date.fromisoformat)):
        try:
            if values[position]:
                convert(values[position])
        except ValueError:
            values[position], is_bad = "", True
    return ["t" if is_bad else "f", *values, *name_columns(values[1])]


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.date().isoformat() if isinstance(cell, datetime) else str(cell)


def _upsert() -> str:
    values = {name: f"COALESCE({name}, '')" if name in TEXTS else name for name in NAMES}
    values["search"] = "search::tsvector"
    values |= {column: f"left(area_code, {width})" for column, width in AREAS.items()}
    values["village"] = "CASE WHEN length(area_code) = 12 THEN area_code ELSE '' END"
    values["updated_at"] = "now()"
    columns = [name for name in values if name != "code"]
    compared = [name for name in columns if name not in {"name_pinyin", "initials", "search", "updated_at"}]
    return (
        f"INSERT INTO operators_operator AS t ({', '.join(values)}) SELECT {', '.join(values.values())} FROM by_hand "
        f"ORDER BY row_no ON CONFLICT (code) DO UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in columns)} "
        f"WHERE ({', '.join(f't.{n}' for n in compared)}) IS DISTINCT FROM "
        f"({', '.join(f'excluded.{n}' for n in compared)})"
    )
