"""Names of people, businesses, roads and addresses, composed from the vocabulary."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import Any

from tools.democity.place import PACKS, Area, Place, read_yaml

VOCABULARY = PACKS / "dictionaries" / "vocabulary.yaml"
LUCKY = "鑫源福顺达盛丰润泽嘉祥瑞康宁百佳和裕恒泰昌茂隆庆荣华美味香满园悦鲜谷禾穗麦田绿禾甜馨雅尚品聚"
DIRECTIONS = "东西南北"
PHONE_HEADS = ("130", "135", "138", "150", "158", "186", "199")


def read_vocabulary(path: Path = VOCABULARY) -> Mapping[str, Any]:
    document: Mapping[str, Any] = read_yaml(path)
    return document


class Namer:
    """Composes names by chance; every placeholder of a pattern is one small rule."""

    def __init__(self, vocabulary: Mapping[str, Any], place: Place, dice: random.Random) -> None:
        self.dice = dice
        self.place = place
        names = vocabulary["names"]
        self.patterns: Mapping[str, Sequence[str]] = names["patterns"]
        self.words: dict[str, Sequence[str]] = {key: names[key] for key in ("dish", "school", "hospital", "org")}
        self.brands: Sequence[str] = names["brand_words"]
        surnames = vocabulary["surnames"]
        self.surnames = list(surnames["top"]) * 4 + list(surnames["other"])
        chars = vocabulary["given_name_chars"]
        self.given = {sex: list(chars[sex]) + list(chars["neutral"]) for sex in ("male", "female")}
        streets = vocabulary["streets"]
        self.city_roads: Sequence[str] = streets.get(place.parameters.get("streets", ""), streets["common"])
        self.common_roads: Sequence[str] = streets["common"]
        self.suffix: Mapping[str, Sequence[str]] = vocabulary["place_suffix"]
        self.city_name = place.city.name.removesuffix("市")
        self.fields: dict[str, list[str]] = {}

    def pick(self, items: Sequence[str]) -> str:
        return items[int(self.dice.random() * len(items))]

    def person(self) -> str:
        chars = self.given["female" if self.dice.random() < 0.48 else "male"]
        first = self.pick(chars)
        return self.pick(self.surnames) + first + (self.pick(chars) if self.dice.random() < 0.78 else "")

    def phone(self) -> str:
        """A number that no operator issues: four zeros after the prefix."""
        return f"{self.pick(PHONE_HEADS)}0000{int(self.dice.random() * 10000):04d}"

    def brand(self) -> str:
        if self.dice.random() < 0.3:
            return self.pick(self.brands)
        return self.pick(LUCKY) + self.pick(LUCKY)

    def fill(self, pattern: str, given: Mapping[str, str]) -> str:
        """Fills a pattern; `given` wins over chance."""
        fields = self.fields.get(pattern)
        if fields is None:
            fields = self.fields[pattern] = [name for _, name, _, _ in Formatter().parse(pattern) if name]
        return pattern.format(**{name: given[name] if name in given else self.chance(name) for name in fields})

    def chance(self, name: str) -> str:
        if name in self.words:
            return self.pick(self.words[name])
        if name == "brand":
            return self.brand()
        if name in ("road", "road2"):
            return self.pick(self.common_roads)
        if name == "surname":
            return self.pick(self.surnames)
        if name == "given":
            return self.pick(self.given["female"]) + self.pick(self.given["male"])
        if name == "dir":
            return self.pick(DIRECTIONS)
        if name == "place":
            return self.brand() + self.pick(self.suffix["residential"])
        return str(self.number(name))

    def number(self, name: str) -> int:
        low, high, step = {"m": (5, 45, 10), "no": (1, 320, 1), "b": (1, 28, 1), "u": (1, 6, 1)}.get(
            name, (101, 1803, 1)
        )
        return (low + int(self.dice.random() * (high - low))) * step

    def road(self, town: Area) -> str:
        """City roads in the districts, everyday road names elsewhere."""
        return self.pick(self.city_roads if town.kind == "街道" else self.common_roads)

    def address(self, town: Area, village: Area | None, urban: bool, market: str = "") -> str:
        county = self.place.county_of(town.key)
        head = self.place.city.name + county.name.removeprefix(self.city_name)
        if market:
            return f"{head}{town.name}{market}{self.pick('ABCD')}区{self.number('no')}号摊位"
        if not urban and village is not None:
            spot = self.dice.random()
            if spot < 0.45:
                return f"{head}{town.name}{village.spoken}{self.number('no')}号"
            if spot < 0.75:
                return f"{head}{town.name}{village.spoken}村委会{self.pick(DIRECTIONS)}侧{self.number('m')}米"
            return f"{head}{town.name}{village.spoken}{self.pick(self.suffix['rural'])}"
        return self._street_address(head + town.name, self.road(town))

    def _street_address(self, head: str, road: str) -> str:
        form = self.dice.random()
        if form < 0.5:
            return f"{head}{road}{self.number('no')}号"
        if form < 0.68:
            other = self.pick(self.common_roads)
            return f"{head}{road}与{other}交叉口{self.pick(DIRECTIONS)}{self.number('m')}米"
        if form < 0.85:
            return f"{head}{road}{self.chance('place')}一层{self.number('no') % 40 + 1}号商铺"
        return f"{head}{road}{self.number('no')}号{self.chance('place')}{self.number('b')}号楼底商"
