"""Points inside township cells, without any geometry library."""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass, field
from pathlib import Path

Ring = list[tuple[float, float]]
KM_PER_DEGREE = 111.195
TRIES = 12


def inside(ring: Ring, x: float, y: float) -> bool:
    """Even-odd rule on one closed ring."""
    result = False
    x1, y1 = ring[-1]
    for x2, y2 in ring:
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            result = not result
        x1, y1 = x2, y2
    return result


@dataclass
class Cell:
    """A township's synthetic cell with the settlements generated in it."""

    code: str
    km2: float
    rings: list[Ring]
    centres: dict[str, tuple[float, float]] = field(default_factory=dict)

    def contains(self, x: float, y: float) -> bool:
        return any(inside(ring, x, y) for ring in self.rings)

    def any_point(self, dice: random.Random) -> tuple[float, float]:
        ring = max(self.rings, key=len)
        xs, ys = [p[0] for p in ring], [p[1] for p in ring]
        while True:
            x, y = dice.uniform(min(xs), max(xs)), dice.uniform(min(ys), max(ys))
            if inside(ring, x, y):
                return x, y

    def point_near(self, settlement: str, spread_km: float, dice: random.Random) -> tuple[float, float]:
        """A point normally spread round a settlement, cut at the cell's border."""
        cx, cy = self.centres[settlement]
        dy = spread_km / KM_PER_DEGREE
        dx = dy / math.cos(math.radians(cy))
        for _ in range(TRIES):
            x, y = round(dice.gauss(cx, dx), 6), round(dice.gauss(cy, dy), 6)
            if self.contains(x, y):
                return x, y
        return round(cx, 6), round(cy, 6)


def read_cells(path: Path) -> dict[str, Cell]:
    document = json.loads(path.read_text(encoding="utf-8"))
    cells = {}
    for item in document["features"]:
        shape = item["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rings = [[(x, y) for x, y in polygon[0]] for polygon in polygons]
        code = item["properties"]["code"]
        cells[code] = Cell(code, float(item["properties"]["km2"]), rings)
    return cells
