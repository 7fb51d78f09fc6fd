"""The point register: operators of each format and places without one, listed, checked and ready before the day.

`check_points: {counts: {M01: 130}, places: {M19: 40}}` in city.yaml says how many points a format of the city's own
ledger of formats has, and how many of them are places (all, for a format without formats of operators).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from tools.democity.ledgers import city_ledgers
from tools.democity.names import Namer
from tools.democity.operators import COLUMN, town_short
from tools.democity.package import Resource
from tools.democity.place import PACKS, Place, read_yaml
from tools.democity.siting import Siting

HEADINGS = [
    "点位编号", "检查方式", "业态代码", "主体编号", "点位名称", "区划代码", "地址", "经度", "纬度", "主管部门",
    "列入日期", "整备日期", "检查日期", "就绪日期", "退出日期", "退出原因",
]  # fmt: skip
NAMES = Path(__file__).with_name("points.yaml")
LISTED_BEFORE, CHECKED_WITHIN = 190, 100  # days before the published day
NOT_READY = 0.09  # checked, but something is still open
WITH_BENCHMARK = 4  # points that a format has in a county before one of them is its benchmark
Row = list[Any]


def point_resource(
    place: Place,
    operators: Sequence[Row],
    residents: Mapping[str, int],
    vocabulary: Mapping[str, Any],
    packs: Path = PACKS,
) -> tuple[Resource | None, list[dict[str, Any]]]:
    """The points that the city's pack asks for, None for a city that has none; and what the ledger of benchmarks says
    of some of them."""
    wish = place.parameters.get("check_points")
    if not wish:
        return None, []
    dice = place.dice("check points")
    maker = PointMaker(place, Siting(place, dict(residents), dice), Namer(vocabulary, place, dice), dice)
    formats = city_ledgers(packs / "cities" / place.name)["check_formats"]["rows"]
    rows = [row for form in formats if form["code"] in wish["counts"] for row in maker.points(form, wish, operators)]
    return Resource("check_points", HEADINGS, rows, types={"经度": "number", "纬度": "number"}), maker.benchmarks


def add_benchmarks(resources: Sequence[Resource], told: Sequence[Mapping[str, Any]]) -> None:
    """Put them into the city's ledger of benchmarks, where it has one."""
    for resource in resources:
        if resource.name == "ledger.benchmark_sites":
            resource.rows = [*resource.rows, *([each.get(name, "") for name in resource.headings] for each in told)]


class PointMaker:
    """Makes the points of one format after another; an operator is taken once for each way of checking."""

    def __init__(self, place: Place, siting: Siting, namer: Namer, dice: random.Random) -> None:
        self.place, self.siting, self.namer, self.dice = place, siting, namer, dice
        self.told = read_yaml(NAMES)
        self.taken: dict[str, set[str]] = defaultdict(set)
        self.benchmarks: list[dict[str, Any]] = []
        self.serials: dict[str, count[int]] = defaultdict(lambda: count(1))
        self.towns = [town for town in place.townships if not town.is_pseudo]
        self.names: set[tuple[str, str]] = set()

    def points(self, form: Mapping[str, Any], wish: Mapping[str, Any], operators: Sequence[Row]) -> Iterator[Row]:
        """The points of one format. Raises ValueError when the register has too few operators for it."""
        wanted = self.place.scaled(wish["counts"][form["code"]])
        own = [each for each in str(form.get("operator_formats") or "").split("、") if each]
        places = self.place.scaled(wish.get("places", {}).get(form["code"], 0)) if own else wanted
        found = self._operators(form, own, operators)
        if len(found) < wanted - places and self.place.scale >= 1:
            message = f"{form['code']}: {wanted - places} points, but only {len(found)} operators"
            raise ValueError(message)
        chosen = self.dice.sample(found, min(wanted - places, len(found)))
        spots = [*map(self._at_operator, chosen), *(self._at_place(form["code"]) for _each in range(places))]
        by_county: dict[str, int] = defaultdict(int)
        for spot in sorted(spots, key=lambda each: (each[2][:6], each[0], each[1])):
            county = spot[2][:6]
            by_county[county] += 1
            is_benchmark = bool(spot[0]) and form["mode"] == "明查" and by_county[county] == WITH_BENCHMARK
            row = self._row(form, county, spot, is_benchmark)
            if is_benchmark:
                self.benchmarks.append(self._benchmark(form, row))
            yield row

    def _benchmark(self, form: Mapping[str, Any], row: Row) -> dict[str, Any]:
        """What the ledger of benchmarks says of an operator, by its headings."""
        told = dict(zip(HEADINGS, row, strict=True))
        return {
            "点位名称": f"{form['format']}标杆点位（{told['点位编号']}）", "类别": "标杆点位",
            "业态名称": form["format"], "主体编号": told["主体编号"], "区划代码": told["区划代码"],
            "认定日期": told["就绪日期"],
        }  # fmt: skip

    def _operators(self, form: Mapping[str, Any], own: Sequence[str], operators: Sequence[Row]) -> list[Row]:
        taken, inside = self.taken[form["mode"]], form["code"] in self.told["in_market"]
        return [
            row
            for row in operators
            if row[COLUMN["业态"]] in own
            and (not row[COLUMN["注销日期"]] or row[COLUMN["注销日期"]] > self.place.as_of)
            and row[COLUMN["开业日期"]] <= self.place.as_of
            and (not inside or row[COLUMN["所在市场编号"]])
            and row[0] not in taken
        ]

    def _at_operator(self, row: Row) -> Row:
        return [row[0], "", row[COLUMN["所在区划"]], "", "", "", row[COLUMN["注销日期"]], row[COLUMN["开业日期"]]]

    def _at_place(self, code: str) -> Row:
        town = self.towns[int(self.dice.random() * len(self.towns))]
        village, lon, lat = self.siting.spot(town.key)
        given = {
            "county": self.place.county_of(town.key).name,
            "township": town_short(town),
            "village": self.place.by_key[village].spoken if village else town_short(town),
        }
        while True:
            name = self.namer.fill(self.dice.choice(self.told["places"][code]), given)
            numbered = f"{name}{next(self.serials[name])}" if (town.key, name) in self.names else name
            if (town.key, numbered) not in self.names:
                break
        self.names.add((town.key, numbered))
        settlement = self.place.by_key[village] if village else None
        address = self.namer.address(town, settlement, settlement is None)
        return ["", numbered, village or town.code, address, lon, lat, "", date.min]

    def _row(self, form: Mapping[str, Any], county: str, spot: Row, is_benchmark: bool) -> Row:
        operator, name, area, address, lon, lat, closed, opened = spot
        if operator:
            self.taken[form["mode"]].add(operator)
        number = next(self.serials[f"{county}-{form['code']}"])
        listed, prepared, checked, ready = self._days(opened, is_benchmark)
        return [
            f"{county}-{form['code']}-{number:04d}", form["mode"], form["code"], operator, name, area, address, lon,
            lat, form["department"], listed, prepared, checked, ready or "", closed,
            "主体注销" if closed else "",
        ]  # fmt: skip

    def _days(self, opened: date, is_benchmark: bool) -> tuple[date, date, date, date | None]:
        """Listed, prepared, checked, ready: in order, after the opening and before the published day."""
        as_of, last = self.place.as_of, self.place.as_of - timedelta(days=2)
        listed = max(as_of - timedelta(days=LISTED_BEFORE - self.dice.randrange(30)), opened)
        prepared = min(listed + timedelta(days=5 + self.dice.randrange(40)), last)
        checked = max(prepared, as_of - timedelta(days=15 + self.dice.randrange(CHECKED_WITHIN - 15)))
        ready = min(checked + timedelta(days=1 + self.dice.randrange(12)), as_of)
        return listed, prepared, checked, None if self.dice.random() < NOT_READY and not is_benchmark else ready
