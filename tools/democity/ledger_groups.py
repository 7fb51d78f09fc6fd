"""Rows of one ledger group: how many, where, when, with which exact totals.

A group of packs/cities/<city>/ledgers.yaml:

    count: 50                       # rows in all, or `per: county|township|village|unit` (count then is rows per area)
    spread_areas: county            # county | township | village | none (the unit itself)
    each_of: {year: [2020, 2021]}   # repeats the group for every combination
    set: {kind: 媒体报道}            # constants
    mix: {channel: {报纸: 3, 电视: 1}}      # exact shares
    dates:
      published_on: [2022-01-01, 2022-11-20]
      closed_on: {after: published_on, days: [3, 30], share: 0.9}
    total: {copies: 20000}          # parts add up exactly; the decimals of the total are the decimals of the parts
    each: {diners: [80, 600]}       # between, inclusive
    sum: {whole: [one, other]}      # what other numbers of the row add up to
    text: {title: "{county}第{n}期", topic: publicity_activities}     # template, list, or vocabulary list
    operators: {formats: [学校食堂], name: name}     # distinct standing operators: fills code, area and the named field
    organisation: SAMR              # fills the organisation field with the department of the row's area
    point: location                 # fills the field with "longitude,latitude": of the operator, else in the area

Dates may say `today`, `today-30d` and `today+90d`.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tools.democity.apportion import apportion
from tools.democity.names import Namer
from tools.democity.operators import COLUMN
from tools.democity.place import Area, Place

Row = dict[str, Any]
LEVELS = {"county": "县", "township": "乡", "village": "村"}
RELATIVE_DAY = re.compile(r"today(?:([-+]\d+)d)?")
KNOWN = frozenset(
    [
        "count",
        "per",
        "spread_areas",
        "each_of",
        "set",
        "mix",
        "dates",
        "total",
        "each",
        "sum",
        "text",
        "operators",
        "organisation",
        "point",
        "note",
    ]
)


@dataclass
class Workshop:
    """What the groups of one ledger share."""

    place: Place
    namer: Namer
    vocabulary: Mapping[str, Any]
    residents: Mapping[str, int]
    operators: Sequence[list[Any]]
    declaration: Mapping[str, Any]
    dice: random.Random
    used: set[tuple[str, ...]]

    def rows(self, group: Mapping[str, Any]) -> list[Row]:
        """All rows of one group; the order of the steps decides what a template may name."""
        if unknown := set(group) - KNOWN:
            message = f"{self.declaration['key']}: unknown group keys {sorted(unknown)}"
            raise ValueError(message)
        rows = [
            {"@area": area, **combination} for combination in self._combinations(group) for area in self._areas(group)
        ]
        self._set_dates(rows, group.get("dates", {}))
        self._take_operators(rows, group)
        for number, row in enumerate(rows, start=1):
            row["@n"] = number
            row.update(group.get("set", {}))
        self._mix(rows, group.get("mix", {}))
        self._measure(rows, group)
        self._write_texts(rows, group.get("text", {}))
        if field := group.get("operators", {}).get("name"):
            for row in rows:
                row[field] = row["@operator"][COLUMN["名称"]]
        self._attach(rows, group.get("organisation"))
        self._locate(rows, group.get("point"))
        return rows

    def _locate(self, rows: list[Row], field: str | None) -> None:
        """Where each row lies: at its operator, or somewhere inside a township of its area."""
        for row in rows if field else ():
            if operator := row.get("@operator"):
                x, y = operator[COLUMN["经度"]], operator[COLUMN["纬度"]]
            else:
                towns = [key for key in self.place.cells if key.startswith(row["@area"].key[:9])]
                x, y = self.place.cells[self.dice.choice(towns)].any_point(self.dice)
            row[str(field)] = f"{x:.5f},{y:.5f}"

    def _combinations(self, group: Mapping[str, Any]) -> list[Row]:
        lists: Mapping[str, Sequence[Any]] = group.get("each_of", {})
        return [dict(zip(lists, values, strict=True)) for values in itertools.product(*lists.values())]

    def _areas(self, group: Mapping[str, Any]) -> list[Area]:
        """The area of every row: `per` repeats, `spread_areas` shares out by residents."""
        count, per = int(group.get("count", 1)), group.get("per")
        if per:
            areas = [self.place.unit] if per == "unit" else self._level(per)
            return [area for area in areas for _ in range(count)]
        level = group.get("spread_areas", "none")
        if level == "none" or "operators" in group:
            return [self.place.unit] * count
        areas = self._level(level)
        weights = [self.weight(area) * self.dice.uniform(0.8, 1.25) for area in areas]
        parts = apportion(count, weights)
        return [area for area, part in zip(areas, parts, strict=True) for _ in range(part)]

    def _level(self, level: str) -> list[Area]:
        return [area for area in self.place.areas if area.level == LEVELS[level]]

    def weight(self, area: Area) -> float:
        if area.level == "村":
            return 1.0
        return float(sum(count for key, count in self.residents.items() if key.startswith(area.key))) or 1.0

    def _set_dates(self, rows: list[Row], dates: Mapping[str, Any]) -> None:
        """Ranges first, in ascending order along the rows; then dates that follow another one."""
        for field, value in dates.items():
            if isinstance(value, Mapping):
                continue
            low, high = (self.day(item) for item in (value if isinstance(value, list) else [value, value]))
            span = (high - low).days
            chosen = sorted(low + timedelta(days=self.dice.randint(0, span)) for _ in rows)
            for row, day in zip(rows, chosen, strict=True):
                row[field] = day
        for field, value in dates.items():
            if not isinstance(value, Mapping):
                continue
            for row in rows:
                if self.dice.random() < value.get("share", 1):
                    row[field] = row[value["after"]] + timedelta(days=self.dice.randint(*value["days"]))

    def day(self, value: Any) -> date:
        if isinstance(value, date):
            return value
        if match := RELATIVE_DAY.fullmatch(str(value)):
            return self.place.today + timedelta(days=int(match[1] or 0))
        return date.fromisoformat(str(value))

    def _take_operators(self, rows: list[Row], group: Mapping[str, Any]) -> None:
        """Operators that stand at as_of, none twice under one key; fewer rows only in a scaled-down city."""
        wish = group.get("operators")
        if wish is None:
            return
        pool = tuple(str(group.get("set", {}).get(key, "")) for key in self.declaration["key_fields"])
        last = self._last_day(group)
        eligible = [row for row in self._suiting(wish, last) if (*pool, row[0]) not in self.used]
        if len(eligible) < len(rows):
            if self.place.scale >= 1:
                message = f"{self.declaration['key']}: {len(rows)} operators wanted, {len(eligible)} found"
                raise ValueError(message)
            del rows[len(eligible) :]
        for row, operator in zip(rows, self.dice.sample(eligible, len(rows)), strict=True):
            self.used.add((*pool, operator[0]))
            row["@operator"] = operator
            row["@area"] = self.place.by_key[operator[COLUMN["所在区划"]]]
            if field := self.declaration.get("operator"):
                row[field] = operator[0]
            self._not_before_opening(row, operator[COLUMN["开业日期"]], last, group.get("dates", {}))

    def _last_day(self, group: Mapping[str, Any]) -> date:
        ranges = [self.day(value[1]) for value in group.get("dates", {}).values() if isinstance(value, list)]
        as_of: date = self.place.as_of
        return min([as_of, *ranges])

    def _not_before_opening(self, row: Row, opened: date, last: date, dates: Mapping[str, Any]) -> None:
        """Dates before the opening move behind it; what follows a date keeps its distance to it."""
        followed = {field: value["after"] for field, value in dates.items() if isinstance(value, Mapping)}
        moved: dict[str, timedelta] = {}
        for field, value in row.items():
            if field not in followed and isinstance(value, date) and value < opened:
                moved[field] = opened + timedelta(days=self.dice.randint(0, (last - opened).days)) - value
        for field, base in followed.items():
            if field in row and base in moved:
                moved[field] = moved[base]
        for field, by in moved.items():
            row[field] += by

    def _suiting(self, wish: Mapping[str, Any], last: date) -> list[list[Any]]:
        """Those that the wish means, in their order; every group asks all of a city's operators."""
        opened, closed, place = (COLUMN[heading] for heading in ("开业日期", "注销日期", "所在区划"))
        headings = (("formats", "业态"), ("kinds", "主体类别"), ("sizes", "规模"), ("stages", "环节"))
        checks = [(COLUMN[heading], wish[key]) for key, heading in headings if key in wish]
        area = str(wish.get("area", ""))
        found: Iterable[list[Any]] = self.operators
        for column, wanted in checks:
            found = [row for row in found if row[column] in wanted]
        return [row for row in found if row[opened] <= last and not row[closed] and str(row[place]).startswith(area)]

    def _mix(self, rows: list[Row], mixes: Mapping[str, Mapping[Any, float]]) -> None:
        for field, shares in mixes.items():
            parts = apportion(len(rows), list(shares.values()))
            values = [value for value, part in zip(shares, parts, strict=True) for _ in range(part)]
            self.dice.shuffle(values)
            for row, value in zip(rows, values, strict=True):
                row[field] = value

    def _measure(self, rows: list[Row], group: Mapping[str, Any]) -> None:
        by_area = bool(group.get("per"))
        for field, total in group.get("total", {}).items():
            weights = [(self.weight(row["@area"]) if by_area else 1.0) * self.dice.uniform(0.7, 1.35) for row in rows]
            for row, part in zip(rows, exact_parts(total, weights), strict=True):
                row[field] = part
        for field, (low, high) in group.get("each", {}).items():
            draw = between(low, high, self.dice)
            for row in rows:
                row[field] = draw()
        for field, parts in group.get("sum", {}).items():
            for row in rows:
                row[field] = sum(row[part] for part in parts)

    def _write_texts(self, rows: list[Row], texts: Mapping[str, Any]) -> None:
        for field, source in texts.items():
            choices = self.choices(source)
            for index, row in enumerate(rows):
                row[field] = self.template(str(choices[index % len(choices)]), row)

    def choices(self, source: Any) -> Sequence[Any]:
        """A list, a vocabulary list such as publicity_activities or hazards.化学性, or one template."""
        if isinstance(source, list):
            return source
        found: Any = self.vocabulary
        for part in str(source).split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        return found if isinstance(found, list) else [source]

    def template(self, text: str, row: Row) -> str:
        if "{" not in text:
            return text
        area: Area = row["@area"]
        operator = row.get("@operator")
        given = {
            "area": area.name,
            "county": self.place.county_of(area.key).name if len(area.key) >= 6 else area.name,
            "city": self.namer.city_name,
            "unit": self.place.unit.name,
            "operator": operator[COLUMN["名称"]] if operator else "",
            "n": row["@n"],
            **{key: value for key, value in row.items() if not key.startswith("@")},
        }
        return text.format_map(_Given(given, self.namer))

    def _attach(self, rows: Iterable[Row], department: str | None) -> None:
        field = self.declaration.get("organisation")
        if not department or not field:
            return
        for row in rows:
            key = row["@area"].key
            levels = [key[:6]] if len(key) >= 6 else [self.place.unit.key]
            row[field] = f"{levels[0]}-{department}"


class _Given(dict[str, Any]):
    """Placeholders that a row does not know are filled by chance."""

    def __init__(self, values: Mapping[str, Any], namer: Namer) -> None:
        super().__init__(values)
        self.namer = namer

    def __missing__(self, key: str) -> str:
        return self.namer.person() if key == "person" else self.namer.chance(key)


def exact_parts(total: float, weights: Sequence[float]) -> list[float | int]:
    """Parts with as many decimals as the stated total."""
    text = str(total)
    decimals = len(text.split(".")[1]) if "." in text else 0
    scale = 10**decimals
    parts = apportion(round(total * scale), weights)
    return [part / scale if decimals else part for part in parts]


def between(low: float, high: float, dice: random.Random) -> Callable[[], float | int]:
    if isinstance(low, int) and isinstance(high, int):
        return lambda: dice.randint(int(low), int(high))
    return lambda: round(dice.uniform(low, high), 2)
