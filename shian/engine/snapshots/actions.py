"""The one verb: freeze what the registers answer for a day."""

import hashlib
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from shian.engine.measures.declarations import all_measures
from shian.engine.measures.queries import Figure, figures
from shian.engine.snapshots.models import DailyFigure
from shian.engine.snapshots.queries import published
from shian.kernel.notary.actions import seal_batch
from shian.kernel.scope.rules import Level, code_of_key, key_of_code
from shian.registers.areas.queries import area_at

LEVELS = (Level.CITY, Level.COUNTY)


@transaction.atomic
def take_snapshot(*, day: date, by: str, at: datetime) -> int:
    """Freeze every published figure of the city and its counties for the day; how many measures were frozen.

    Measures frozen for the day before stay as they are, so that a second run adds nothing. 0 before the city's
    divisions are imported. Raises ValueError for a day that is not over.
    """
    local = timezone.localdate(at)
    if day > local:
        raise ValueError(f"{day} is still to come.")
    wanted = published()
    if not wanted.area or area_at(wanted.area, day) is None:
        return 0
    known = all_measures()
    there = set(DailyFigure.objects.filter(day=day).values_list("measure", flat=True))
    keys = [key for key in wanted.measures if key in known and key not in there]
    if not keys:
        return 0
    with override(settings.LANGUAGE_CODE):
        found = figures(keys, as_of=day, area_prefix=key_of_code(wanted.area), levels=LEVELS)
    is_late = local - day > timedelta(days=1)
    rows = [
        DailyFigure(
            day=day, measure=key, definition=known[key].digest, areas=_areas(found[key]), taken_at=at, is_late=is_late
        )
        for key in keys
    ]
    DailyFigure.objects.bulk_create(rows)
    seal_batch(
        action="snapshots.taken",
        by=by,
        subject=f"snapshots.day:{day}/{code_of_key(key_of_code(wanted.area))}",
        data={"day": day, "area": wanted.area, "measures": len(rows), "is_late": is_late},
        digests=[_digest(row) for row in rows],
        at=at,
    )
    return len(rows)


def _areas(found: dict[str, Figure]) -> dict[str, list[Any]]:
    return {area: [_text(each.value), _text(each.part), _text(each.whole), each.reason] for area, each in found.items()}


def _text(number: Decimal | None) -> str | None:
    """Exact to eight places, without trailing zeros."""
    if number is None:
        return None
    text = format(number.quantize(Decimal("1e-8")), "f")
    return text.rstrip("0").rstrip(".")


def _digest(row: DailyFigure) -> bytes:
    """SHA-256 over the row as JSON with sorted keys."""
    told = [row.measure, row.day.isoformat(), row.definition, row.areas]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).digest()
