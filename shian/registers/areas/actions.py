"""Verbs of divisions."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import key_of_code
from shian.registers.areas.models import AreaOutline


class OutlinesUnreadable(ValueError):
    """The file is no GeoJSON FeatureCollection of polygons with a property `code`."""


@transaction.atomic
def load_outlines(*, path: Path, source: str, is_synthetic: bool, by: str, at: datetime) -> int:
    """Upsert outlines from a GeoJSON file (WGS-84) and return how many there are in it. Raises OutlinesUnreadable.

    `source` and `is_synthetic` hold for outlines that do not state their own.
    """
    rows = [
        AreaOutline(
            key=key,
            geometry=feature["geometry"],
            source=str(feature["properties"].get("source", source))[:120],
            is_synthetic=bool(feature["properties"].get("synthetic", is_synthetic)),
        )
        for key, feature in _outlines(path).items()
    ]
    AreaOutline.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["geometry", "source", "is_synthetic"],
        batch_size=500,
    )
    seal(
        action="areas.outlines_loaded",
        by=by,
        subject=f"areas.areaoutline:{path.name}",
        data={"source": source, "count": len(rows), "is_synthetic": is_synthetic},
        at=at,
    )
    return len(rows)


def _outlines(path: Path) -> dict[str, Any]:
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        found = {key_of_code(str(each["properties"]["code"])): each for each in features}
    except (ValueError, KeyError, TypeError) as error:
        raise OutlinesUnreadable(f"{path.name}: {error}") from error
    polygons = {"Polygon", "MultiPolygon"}
    wrong = [key for key, each in found.items() if (each.get("geometry") or {}).get("type") not in polygons]
    if wrong:
        raise OutlinesUnreadable(f"{path.name}: {', '.join(wrong[:5])} have no polygon.")
    return found
