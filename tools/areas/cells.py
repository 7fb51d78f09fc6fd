"""Synthetic township cells: a relaxed Voronoi tessellation of a county outline (needs shapely)."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.affinity import scale
from shapely.geometry import MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

Sites = dict[str, tuple[float, float]]
RELAXATIONS = 14
STREET_RING_KM = 2.6
RING_OF_COUNTY = 0.2  # the ring of streets is never wider than this part of the county's width
KM_PER_DEGREE = 111.195
EARTH_KM = 6371.0088


def km2_of(shape: BaseGeometry) -> float:
    """Area on the sphere of a lon/lat polygon, in square kilometres."""
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    return sum(_ring_km2(part.exterior.coords) - sum(_ring_km2(r.coords) for r in part.interiors) for part in parts)


def _ring_km2(coords: Any) -> float:
    points = [(math.radians(x), math.radians(y)) for x, y in coords]
    total = sum((x2 - x1) * (2 + math.sin(y1) + math.sin(y2)) for (x1, y1), (x2, y2) in itertools.pairwise(points))
    return abs(total) * EARTH_KM * EARTH_KM / 2


def ring_of_points(centre: Sequence[float], count: int, radius_km: float, start: float) -> list[tuple[float, float]]:
    """`count` points around a centre, the first in the middle when there are more than three."""
    points = [(centre[0], centre[1])] if count > 3 else []
    outer = count - len(points)
    squeeze = math.cos(math.radians(centre[1]))
    for index in range(outer):
        angle = start + 2 * math.pi * index / outer
        radius = radius_km / KM_PER_DEGREE if count > 1 else 0.0
        points.append((centre[0] + radius * math.cos(angle) / squeeze, centre[1] + radius * math.sin(angle)))
    return points


def tessellate(outline: Polygon, fixed: Sites, free: Sequence[str], dice: random.Random) -> dict[str, BaseGeometry]:
    """Cells that fill `outline`: fixed sites stay, free ones are spread evenly by Lloyd's relaxation."""
    squeeze = math.cos(math.radians(outline.centroid.y))
    flat = scale(outline, xfact=squeeze, yfact=1.0, origin=(0, 0))
    sites: Sites = {code: (x * squeeze, y) for code, (x, y) in fixed.items()}
    for code in free:
        sites[code] = _random_inside(flat, dice)
    cells = _voronoi(flat, sites)
    for _ in range(RELAXATIONS):
        for code in free:
            centre = cells[code].centroid
            sites[code] = (centre.x, centre.y) if flat.contains(centre) else _random_inside(flat, dice)
        cells = _voronoi(flat, sites)
    return {code: scale(cell, xfact=1 / squeeze, yfact=1.0, origin=(0, 0)) for code, cell in cells.items()}


def _random_inside(shape: Polygon, dice: random.Random) -> tuple[float, float]:
    west, south, east, north = shape.bounds
    while True:
        x, y = dice.uniform(west, east), dice.uniform(south, north)
        if shape.contains(Point(x, y)):
            return x, y


def _voronoi(outline: Polygon, sites: Sites) -> dict[str, Polygon]:
    if len(sites) == 1:
        return dict.fromkeys(sites, outline)
    regions = shapely.voronoi_polygons(MultiPoint(list(sites.values())), extend_to=outline.envelope)
    whole: dict[str, Polygon] = {}
    strays: list[Polygon] = []
    for code, site in sites.items():
        region = next(r for r in regions.geoms if r.contains(Point(site)))
        cut = region.intersection(outline)
        parts = sorted(_polygons(cut), key=lambda p: p.area, reverse=True)
        if not parts or parts[0].is_empty:
            message = f"{code}: its site {site} lies outside the outline"
            raise ValueError(message)
        whole[code] = parts[0]
        strays.extend(parts[1:])
    return _adopt(whole, strays)


def _adopt(cells: dict[str, Polygon], strays: list[Polygon]) -> dict[str, Polygon]:
    """Gives every part cut off by a bend of the outline to the neighbour with the longest common border."""
    for stray in strays:
        best = max(sorted(cells), key=lambda code: cells[code].intersection(stray).length)
        joined = _polygons(cells[best].union(stray))
        cells[best] = max(joined, key=lambda p: p.area)
    return cells


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    if isinstance(shape, Polygon):
        return [shape]
    return [part for part in getattr(shape, "geoms", []) if isinstance(part, Polygon) and not part.is_empty]


def county_sites(
    townships: Mapping[str, str],
    seat: Sequence[float] | None,
    zones: Sequence[Mapping[str, Any]],
    code: str,
    outline_km2: float,
) -> tuple[Sites, list[str]]:
    """Fixed sites (streets round the seat, zone townships round their point) and the free rest."""
    dice = random.Random(f"sites {code}")
    fixed: Sites = {}
    streets = [key for key, kind in townships.items() if kind == "街道"]
    if seat is not None:
        central = streets or [min(townships)]
        radius = min(STREET_RING_KM, RING_OF_COUNTY * math.sqrt(outline_km2))
        points = ring_of_points(seat, len(central), radius, dice.uniform(0, math.pi))
        fixed.update(zip(central, points, strict=True))
    for zone in zones:
        points = ring_of_points(zone["near"], len(zone["townships"]), zone["radius_km"], 0.4)
        fixed.update(zip(zone["townships"], points, strict=True))
    return fixed, [key for key in townships if key not in fixed]
