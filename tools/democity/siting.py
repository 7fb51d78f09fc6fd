"""Where operators sit: how many of a format in each township, and at which point."""

from __future__ import annotations

import random
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate

from tools.democity.apportion import apportion
from tools.democity.place import Area, Place

ATTRACTION = {
    "even": {"街道": 1.0, "镇": 1.0, "乡": 1.0, "园区": 1.0},
    "urban": {"街道": 1.7, "镇": 1.0, "乡": 0.55, "园区": 1.1},
    "rural": {"街道": 0.35, "镇": 1.15, "乡": 1.6, "园区": 0.9},
    "industrial": {"街道": 0.25, "镇": 1.0, "乡": 0.6, "园区": 7.0},
    "seat": {"街道": 3.0, "镇": 0.8, "乡": 0.25, "园区": 0.6},
}
SPREAD_KM = {"街道": 0.55, "镇": 0.6, "乡": 0.45, "园区": 0.8}
MARKET_SPREAD_KM = 0.07


@dataclass(frozen=True)
class Settlements:
    """The villages of one township, weighted: communities and the township's seat are denser."""

    keys: list[str]
    bounds: list[float]

    def pick(self, dice: random.Random) -> str:
        return self.keys[min(bisect(self.bounds, dice.random() * self.bounds[-1]), len(self.keys) - 1)]


class Siting:
    """Splits formats over townships and draws points inside their cells."""

    def __init__(self, place: Place, residents: dict[str, int], dice: random.Random) -> None:
        self.place = place
        self.residents = residents
        self.dice = dice
        self.settlements = {town.key: self._settlements(town) for town in place.townships}

    def _settlements(self, town: Area) -> Settlements:
        villages = self.place.children[town.key]
        keys = list(self.place.cells[town.key].centres)
        weights = [4.0 if self.place.by_key[key].kind == "社区" else 1.0 for key in keys if villages]
        weights = weights or [1.0] * len(keys)
        weights[0] *= 1.5 if weights[0] > 1 else 8.0
        dice = self.place.dice(f"settlement weights {town.key}")
        return Settlements(keys, list(accumulate(w * dice.uniform(0.6, 1.7) for w in weights)))

    def townships_for(self, count: int, where: str) -> list[str]:
        """`count` township keys, spread by residents and by what attracts the format."""
        pull = ATTRACTION[where]
        towns = self.place.townships
        weights = [self.residents[t.key] * pull[t.kind] * self.dice.uniform(0.85, 1.18) for t in towns]
        parts = apportion(count, weights)
        return [town.key for town, part in zip(towns, parts, strict=True) for _ in range(part)]

    def spot(self, town: str) -> tuple[str, float, float]:
        """A village key ('' where the township has none) and a point near it."""
        settlement = self.settlements[town].pick(self.dice)
        spread = SPREAD_KM[self.place.by_key[town].kind]
        lon, lat = self.place.cells[town].point_near(settlement, spread, self.dice)
        return ("" if "#" in settlement else settlement), lon, lat

    def spot_at(self, town: str, lon: float, lat: float) -> tuple[float, float]:
        """A point in a market: next to the market's own."""
        cell = self.place.cells[town]
        cell.centres["@market"] = (lon, lat)
        point = cell.point_near("@market", MARKET_SPREAD_KM, self.dice)
        del cell.centres["@market"]
        return point
