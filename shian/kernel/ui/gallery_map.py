"""Invented outlines and points for the map of the gallery."""

import math
from typing import Any

_CENTRES = {
    "130001": (116.70, 39.52),
    "130002": (116.45, 39.35),
    "130003": (116.95, 39.30),
    "130004": (116.93, 39.68),
    "130005": (116.40, 39.70),
    "130006": (116.68, 39.12),
}


def outlines() -> dict[str, Any]:
    """Every place owns the points nearest to its centre, drawn on a coarse grid of rays: cells without real borders."""
    features = [
        {
            "type": "Feature",
            "properties": {"key": key},
            "geometry": {"type": "Polygon", "coordinates": [_cell(key)]},
        }
        for key in _CENTRES
    ]
    return {"type": "FeatureCollection", "features": features}


def _cell(key: str) -> list[tuple[float, float]]:
    x, y = _CENTRES[key]
    ring = []
    for degrees in range(0, 360, 6):
        dx, dy = math.cos(math.radians(degrees)), math.sin(math.radians(degrees)) * 0.78
        reach = 0.26 + 0.012 * math.sin(degrees / 9 + x * 40)
        for other, (ox, oy) in _CENTRES.items():
            if other != key:
                reach = min(reach, _halfway(dx, dy, ox - x, oy - y))
        ring.append((round(x + dx * reach, 5), round(y + dy * reach, 5)))
    return [*ring, ring[0]]


def _halfway(dx: float, dy: float, ox: float, oy: float) -> float:
    along = dx * ox + dy * oy
    return (ox * ox + oy * oy) / (2 * along) if along > 1e-9 else math.inf


def points(zoom: float) -> dict[str, Any]:
    """A grid of counts that gets finer with the zoom, as a server-side cluster answers."""
    steps = 2 if zoom < 9 else 4
    features = []
    for i, (x, y) in enumerate(_CENTRES.values()):
        for j in range(steps):
            angle = 2 * math.pi * j / steps + i
            at = [round(x + math.cos(angle) * 0.09, 5), round(y + math.sin(angle) * 0.07, 5)]
            count = (i * 37 + j * 911) % 1400 // (steps - 1) + (1 if j else 0)
            properties = {"count": max(1, count), "name": f"示例主体 {i}-{j}", "url": "#"}
            features.append(
                {
                    "type": "Feature",
                    "properties": properties,
                    "geometry": {"type": "Point", "coordinates": at},
                }
            )
    return {"type": "FeatureCollection", "features": features}
