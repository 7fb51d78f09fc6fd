"""The grid that operators are clustered by on a map."""

import math
from dataclasses import dataclass

CELL_PIXELS = 72
TILE_PIXELS = 512  # the world at zoom 0
DEEPEST = 22.0


@dataclass(frozen=True)
class View:
    """What a map shows: its bounds in degrees, and the width of a grid cell at its zoom."""

    west: float
    south: float
    east: float
    north: float
    cell: float


def view_of(bbox: str, zoom: str) -> View:
    """The view that `w,s,e,n` and a zoom describe. Raises ValueError."""
    west, south, east, north = (float(each) for each in bbox.split(","))
    level = float(zoom)
    if not all(map(math.isfinite, (west, south, east, north, level))) or west > east or south > north:
        raise ValueError(bbox)
    return View(west, south, east, north, 360 / 2 ** min(max(level, 0.0), DEEPEST) * CELL_PIXELS / TILE_PIXELS)
