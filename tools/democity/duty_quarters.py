"""Quarters of visits of the whole city, for the worker: closed ones and the running one, each a file of its own.

`duties: {later: […]}` in city.yaml names them as `visits` does; `share` is what an ordinary official gets done. Tiers,
townships and officials differ: some forget a few of theirs, a few forget all, so that the gaps tell something.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from shian.domains.duties.rules.visits import Quarter
from tools.democity.casebook import CaseBook
from tools.democity.duty_visits import HEADINGS, Row, quarter_of, report_problems, way_of
from tools.democity.operators import COLUMN
from tools.democity.package import Resource
from tools.democity.place import Place

LEVEL_WEIGHT = {"SJ": 1.08, "XJ": 1.05, "ZJ": 1.01, "CJ": 0.99}  # by the beginning of the official's code
OFFICIALS = ((0.004, 0.0), (0.06, 0.6), (1.0, 1.015))  # cumulated share of officials → weight of what they do
TOWNS = (0.88, 1.04, 1.0)  # weights of townships: the least, the most, the usual one
VISITS_KEPT, PROBLEMS_KEPT = 100_000, 100  # numbers up to these belong to what is there from the start


def quarter_resources(place: Place, matches: Sequence[Row], operators: Sequence[Row]) -> list[Resource]:
    """A file of visits for each quarter, then what they found; nothing where the pack wishes none."""
    names = {row[0]: row[COLUMN["名称"]] for row in operators}
    formats = {row[0]: row[COLUMN["业态"]] for row in operators}
    dice, book, found = place.dice("duty quarters"), CaseBook(place), []
    counts: dict[str, int] = defaultdict(lambda: PROBLEMS_KEPT)
    weights = _Weights(dice)
    for told in place.parameters.get("duties", {}).get("later", ()):
        quarter = quarter_of(told, place.today)
        rows = _rows(told, quarter, matches, place, weights, formats)
        report_problems(told, rows, names, book, counts)
        name = f"duty_visits.{quarter.key}"
        found.append(Resource(name, HEADINGS, rows, types={"问题数": "integer"}, importer="duty_visits"))
    return [*found, *book.resources()]


class _Weights:
    """What differs between levels, townships and officials, the same in every quarter."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.towns: dict[str, float] = defaultdict(lambda: dice.triangular(*TOWNS))
        self.officials: dict[str, float] = defaultdict(self._official)

    def _official(self) -> float:
        rolled = self.dice.random()
        return next(weight for share, weight in OFFICIALS if rolled < share)

    def of(self, area: str, official: str) -> float:
        return LEVEL_WEIGHT[official[:2]] * self.towns[area[:9]] * self.officials[official]


def _rows(
    told: Mapping[str, Any], quarter: Quarter, matches: Sequence[Row], place: Place, weights: _Weights,
    formats: Mapping[str, str],
) -> list[Row]:  # fmt: skip
    """At most one visit for each business that had an official when the quarter, or what is over of it, ended; more
    of them late in the quarter."""
    last, dice = min(quarter.last, place.today - timedelta(days=1)), weights.dice
    rows: list[Row] = []
    left_out = str(told.get("except", "none"))
    for code, area, first, until, official, _reason in matches:
        if first > last or (until and until <= last) or area.startswith(left_out):
            continue
        if dice.random() >= told["share"] * weights.of(area, official):
            continue
        begin = max(first, quarter.first)
        on = begin + timedelta(days=int((last - begin).days * dice.random() ** 0.8 + 0.5))
        number = f"DB{quarter.key}-{VISITS_KEPT + len(rows) + 1:06d}"
        rows.append([number, code, area, on, official, way_of(official, formats[code], dice), 0])
    return rows
