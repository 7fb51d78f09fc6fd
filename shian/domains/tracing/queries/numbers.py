"""Dated numbers of tracing, from the pack."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from shian.domains.tracing.rules.meals import Meals
from shian.kernel.parameters.dated import Dated


@dataclass(frozen=True)
class Numbers:
    """silent_days: without an upload a producer has stopped; producers, certificates: targets of the year."""

    silent_days: int
    producers: int
    certificates: int


@dataclass(frozen=True)
class ColdNumbers:
    """excursion: how long the temperature is beyond the limits before it is an alert; gap_factor: intervals without a
    reading that are a gap; silent: how long a device may be unheard of; due_days: of what an alert opens."""

    excursion: timedelta
    gap_factor: float
    silent: timedelta
    due_days: int

    def silence_of(self, every_minutes: int) -> timedelta:
        """How long a device that measures every so many minutes may be unheard of before it counts as silent."""
        return max(self.silent, timedelta(minutes=every_minutes * self.gap_factor))


def _read(told: Mapping[str, Any]) -> Numbers:
    targets = told["targets"]
    return Numbers(int(told["silent_days"]), int(targets["producers"]), int(targets["certificates"]))


def _cold(told: Mapping[str, Any]) -> ColdNumbers:
    return ColdNumbers(
        timedelta(minutes=told["excursion_minutes"]), float(told["gap_factor"]),
        timedelta(minutes=told["silent_minutes"]), int(told["due_days"]),
    )  # fmt: skip


def _meals(told: Mapping[str, Any]) -> Meals:
    return Meals(
        timedelta(minutes=told["serve_minutes"]), Decimal(str(told["hot"])), Decimal(str(told["core"])),
        int(told["sample"]), timedelta(hours=told["sample_hours"]),
    )  # fmt: skip


NUMBERS: Dated[Numbers] = Dated("tracing", _read)
COLD_NUMBERS: Dated[ColdNumbers] = Dated("coldchain", _cold)
MEAL_NUMBERS: Dated[Meals] = Dated("kitchens", _meals)
