"""Levels and clocks of a recall (食品召回管理办法 12, 13, 18), and what a drill scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class LevelClock:
    """Hours from knowing until the recall has begun; working days from there until it is over."""

    start_hours: int
    finish_wd: int


def start_due(known_at: datetime, clock: LevelClock) -> datetime:
    """By when a recall must have begun: hours run through nights and holidays (第十三条)."""
    return known_at + timedelta(hours=clock.start_hours)


def rate(part: float, whole: float) -> float | None:
    """Percent with one decimal; None where there is nothing to be had."""
    return round(100 * part / whole, 1) if whole else None


@dataclass(frozen=True)
class DrillResult:
    """What a drill found out. `minutes` None: never found. `buyers`: of so many buyers, so many were found in time."""

    source_minutes: float | None
    is_source_right: bool
    found: int
    buyers: int
    buyers_minutes: float | None


def drill_score(result: DrillResult, target: float, weights: Mapping[str, int]) -> int:
    """0 to 100. Source: found and right, or nothing. Buyers: their share. Time: whole while both were found within
    the target, then less by the share of the target that it took longer; nothing where one of them was never found."""
    source = weights["source"] if result.is_source_right else 0
    buyers = weights["buyers"] * (result.found / result.buyers if result.buyers else 1)
    times = [result.source_minutes, result.buyers_minutes]
    slowest = max((each for each in times if each is not None), default=0.0)
    in_time = 0.0 if None in times else max(0.0, min(1.0, 2 - slowest / target))
    return round(source + buyers + weights["time"] * in_time)
