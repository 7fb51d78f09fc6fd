"""The place a city is made for: its pack parameters and its real divisions."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.democity.geometry import Cell, read_cells

PACKS = Path(__file__).resolve().parents[2] / "packs"
WIDTHS = {"省": 6, "市": 6, "县": 6, "乡": 9, "村": 12}
VILLAGE_WORDS = ("居民委员会", "村民委员会", "居委会", "村委会")


@dataclass(frozen=True)
class Area:
    """A division; `key` is cut by its level, `code` is what people see."""

    key: str
    name: str
    level: str
    kind: str
    parent: str
    is_pseudo: bool

    @property
    def code(self) -> str:
        return self.key.ljust(WIDTHS[self.level], "0")

    @property
    def spoken(self) -> str:
        """The name of a village as it stands in an address."""
        for word in VILLAGE_WORDS:
            if self.name.endswith(word):
                stem = self.name.removesuffix(word)
                return stem if stem.endswith(("村", "社区")) else stem + ("村" if "村" in word else "社区")
        return self.name


@dataclass
class Place:
    """Everything the makers of registers need to know about one city pack."""

    name: str
    parameters: Mapping[str, Any]
    areas: list[Area]
    cells: Mapping[str, Cell]
    seed: int
    today: date
    scale: float

    def __post_init__(self) -> None:
        self.by_key = {area.key: area for area in self.areas}
        self.children: dict[str, list[Area]] = defaultdict(list)
        for area in self.areas:
            self.children[area.parent].append(area)
        code = str(self.parameters["area"])
        self.unit = next(area for area in self.areas if area.code == code)
        self.counties = [area for area in self.areas if area.level == "县"]
        self.townships = [area for area in self.areas if area.level == "乡"]
        self.as_of: date = self.parameters["as_of"]

    def dice(self, purpose: str, with_today: bool = False) -> random.Random:
        """One stream of chance per purpose, so that one register never shifts another."""
        day = f" {self.today}" if with_today else ""
        return random.Random(f"{self.name} {self.seed} {purpose}{day}")

    def scaled(self, count: int) -> int:
        return max(1, round(count * self.scale)) if count else 0

    def town_of(self, key: str) -> Area:
        return self.by_key[key[:9]]

    def county_of(self, key: str) -> Area:
        return self.by_key[key[:6]]

    @property
    def city(self) -> Area:
        return next(area for area in self.areas if area.level == "市")


def read_yaml(path: Path) -> Any:
    """Safe loading, with the C parser where PyYAML has one; the same text is read once, and nobody changes what it
    says."""
    return _parsed(path.read_text(encoding="utf-8"))


@cache
def _parsed(text: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506


def read_areas(path: Path) -> list[Area]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Area(r["code"], r["name"], r["level"], r["kind"], r["parent_code"], r["is_pseudo"] == "1")
            for r in csv.DictReader(stream)
        ]


def read_place(name: str, *, seed: int, today: date, scale: float = 1.0, packs: Path = PACKS) -> Place:
    parameters = read_yaml(packs / "cities" / name / "city.yaml")
    folder = packs / "areas" / parameters.get("areas_pack", name)
    cells = read_cells(folder / "township_cells.geojson")
    return Place(name, parameters, read_areas(folder / "divisions.csv"), cells, seed, today, scale)
