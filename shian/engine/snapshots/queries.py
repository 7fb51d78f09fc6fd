"""Reads of snapshots: which measures are published, a figure day by day, a frozen day beside a count of today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Count, Max, Q

from shian.engine.measures.declarations import measure
from shian.engine.measures.queries import figure
from shian.engine.measures.rules import PeriodInvalid
from shian.engine.snapshots.models import DailyFigure

CATCH_UP_DAYS = 31


@dataclass(frozen=True)
class Published:
    """What the city's pack binds: the city's code, and the measures of its published figures."""

    area: str
    measures: tuple[str, ...]


@dataclass(frozen=True)
class DayValue:
    """A figure of one area as it was frozen for a day."""

    day: date
    value: Decimal | None
    part: Decimal | None
    whole: Decimal | None
    reason: str
    decimals: int
    definition: str
    taken_at: datetime
    is_late: bool

    @property
    def shown(self) -> Decimal | None:
        """The value as pages round it."""
        return rounded(self.value, self.decimals)


@dataclass(frozen=True)
class Compared:
    """A frozen day beside what the registers answer now: for that same day, and for today."""

    frozen: DayValue
    again: Decimal | None
    today: Decimal | None
    is_redefined: bool

    @property
    def is_changed(self) -> bool:
        """Do the registers say something else of that day than they said then?"""
        return self.frozen.shown != self.again


@dataclass(frozen=True)
class Day:
    """One night's work."""

    day: date
    figures: int
    taken_at: datetime
    is_late: bool


def published() -> Published:
    """The bound figures of the configured city; none where the city has no pack."""
    return _published(Path(settings.SHIAN_PACKS) / "cities" / settings.SHIAN_CITY / "figures.yaml")


@lru_cache(maxsize=4)
def _published(path: Path) -> Published:
    if not path.exists():
        return Published("", ())
    lines = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    bound = [line for line in lines.values() if line.get("status") == "bound"]
    cities = [str(line["area"]) for line in bound if str(line["area"]).endswith("00")]
    return Published(cities[0] if cities else "", tuple(sorted({str(line["measure"]) for line in bound})))


def missing_days(today: date) -> list[date]:
    """The days that no night has frozen yet, oldest first, up to yesterday and at most a month back."""
    yesterday = today - timedelta(days=1)
    last = DailyFigure.objects.aggregate(last=Max("day"))["last"]
    first = yesterday if last is None else max(last + timedelta(days=1), today - timedelta(days=CATCH_UP_DAYS))
    return [first + timedelta(days=step) for step in range((yesterday - first).days + 1)]


def days() -> list[Day]:
    """Every frozen day, newest first."""
    late = Count("pk", filter=Q(is_late=True))
    rows = DailyFigure.objects.values("day").annotate(n=Count("pk"), at=Max("taken_at"), late=late)
    return [Day(row["day"], row["n"], row["at"], bool(row["late"])) for row in rows.order_by("-day")]


def history(key: str, area: str, *, since: date | None = None) -> list[DayValue]:
    """The frozen days of a figure, oldest first; `area` is a key. The caller has checked that the area is in reach."""
    rows = DailyFigure.objects.filter(measure=key, areas__has_key=area)
    rows = rows.filter(day__gte=since) if since else rows
    decimals = measure(key).decimals
    return [_day_value(row, area, decimals) for row in rows.order_by("day")]


def _day_value(row: DailyFigure, area: str, decimals: int) -> DayValue:
    value, part, whole, reason = row.areas[area]
    return DayValue(
        row.day, _number(value), _number(part), _number(whole), reason, decimals, row.definition, row.taken_at,
        row.is_late,
    )  # fmt: skip


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def compared(key: str, area: str, frozen: DayValue, today: date) -> Compared:
    """Count the frozen day again, and today besides."""
    found: Mapping[date, Any] = {day: _now(key, area, day) for day in {frozen.day, today}}
    return Compared(frozen, found[frozen.day], found[today], measure(key).digest != frozen.definition)


def _now(key: str, area: str, day: date) -> Decimal | None:
    try:
        return figure(key, area=area, as_of=day).shown
    except (LookupError, PeriodInvalid):
        return None


def rounded(value: Decimal | None, decimals: int) -> Decimal | None:
    """A value as a measure of so many decimals shows it."""
    return None if value is None else value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
