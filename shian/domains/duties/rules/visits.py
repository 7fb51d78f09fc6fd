"""Visits of officials: periods, what is due, how near, whether remotely, whether alone; pure.

Basis: 食安委发〔2022〕7号 and the work platform's sheets (regulations.md §8.1, §8.2); every number is a dated parameter
(packs/parameters/duty_visits.yaml).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from shian.engine.forms.question_banks import PaperTerms

EARTH_M = 6_371_008.8
MONTHS = 12
TIERS = ("A", "B", "C", "D")


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year; `key` is how records name it: 2023Q1."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter in which a day lies."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, key: str) -> Self:
        """Raises ValueError for a text that names none."""
        year, mark, number = key.partition("Q")
        if not (mark and len(year) == 4 and year.isdecimal() and year.isascii() and number in {"1", "2", "3", "4"}):
            raise ValueError(key)
        return cls(int(year), int(number))

    @property
    def key(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def former(self) -> "Quarter":
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    def until(self, today: date) -> date:
        """The last day of the quarter that has come: figures of the present quarter are those of today."""
        return min(self.last, today)


def period_of(day: date, per_year: int) -> tuple[date, date]:
    """First and last day of the period in which one visit is due: with four a year the quarter, with two the half
    year, with one the year. Raises ValueError for a number that does not divide the year."""
    if per_year < 1 or MONTHS % per_year:
        raise ValueError(per_year)
    length = MONTHS // per_year
    month = (day.month - 1) // length * length + 1
    end = month + length
    after = date(day.year + (end > MONTHS), (end - 1) % MONTHS + 1, 1)
    return date(day.year, month, 1), after - timedelta(days=1)


class Near(StrEnum):
    """What the position of a sheet says. UNSURE: the device was not exact enough to tell."""

    NEAR = "near"
    UNSURE = "unsure"
    FAR = "far"
    UNKNOWN = "unknown"


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres between two places in degrees (WGS-84), on a sphere."""
    one, other = math.radians(lat), math.radians(other_lat)
    half_lat, half_lon = (other - one) / 2, math.radians(other_lon - lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(one) * math.cos(other) * math.sin(half_lon) ** 2
    return 2 * EARTH_M * math.asin(min(1, math.sqrt(chord)))


def nearness(distance: float | None, accuracy: float | None, allowed: int) -> Near:
    """Within the allowed metres, certainly beyond them, or not to be told at the stated accuracy (all in metres)."""
    if distance is None:
        return Near.UNKNOWN
    if distance <= allowed:
        return Near.NEAR
    return Near.FAR if distance - (accuracy or 0) > allowed else Near.UNSURE


@dataclass(frozen=True)
class VisitNumbers:
    """One version of packs/parameters/duty_visits.yaml, which says what each means."""

    valid_from: date
    basis: str
    confidence: str
    near_m: int
    on_site: Mapping[str, frozenset[str]]
    remind_before: tuple[int, ...]
    close_after: int
    needs_training: bool
    training_months: int | None
    paper: PaperTerms
    paper_tries: int
    sheets: Mapping[str, Mapping[str, str]]
    per_year: Mapping[str, int]


def read_numbers(told: Mapping[str, Any]) -> VisitNumbers:
    """One version of the file. Raises KeyError, TypeError, ValueError."""
    training = told["training"]
    months = training["months"]
    numbers = VisitNumbers(
        told["valid_from"], str(told["basis"]), str(told["confidence"]), int(told["near_m"]),
        {name: frozenset(map(str, told["on_site"][name])) for name in ("tiers", "sheets", "formats")},
        tuple(sorted(map(int, told["remind_before"]), reverse=True)), int(told["close_after"]),
        bool(training["required"]), None if months is None else int(months),
        PaperTerms(int(training["questions"]), int(training["minutes"]), Decimal(training["pass_mark"])),
        int(training["tries"]),
        {name: dict(told["sheets"][name]) for name in ("formats", "small", "kinds")},
        {tier: int(told["visits_per_year"][tier]) for tier in TIERS},
    )  # fmt: skip
    if any(each < 1 or MONTHS % each for each in numbers.per_year.values()):
        raise ValueError("visits_per_year must divide the year.")
    return numbers


def due_since(day: date, numbers: VisitNumbers) -> dict[str, date]:
    """By tier, the first day of the period that the day lies in: who was not visited since then is due."""
    return {tier: period_of(day, times)[0] for tier, times in numbers.per_year.items()}


def sheet_for(kind: str, small_kind: str, format: str, numbers: VisitNumbers) -> str:
    """The key of the sheet that a business gets: by format, else by kind of small business, else by kind; "" where the
    pack names none."""
    sheets = numbers.sheets
    return sheets["formats"].get(format) or sheets["small"].get(small_kind) or sheets["kinds"].get(kind, "")


def may_be_remote(tier: str, sheet: str, format: str, numbers: VisitNumbers) -> bool:
    """High risk must be seen on the spot (§8.2)."""
    on_site = numbers.on_site
    return tier not in on_site["tiers"] and sheet not in on_site["sheets"] and format not in on_site["formats"]


def months_before(day: date, months: int) -> date:
    """The same day so many months ago, or the last of that month."""
    year, month = divmod(day.year * MONTHS + day.month - 1 - months, MONTHS)
    following = date(year + (month + 1) // MONTHS, (month + 1) % MONTHS + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def trained_since(day: date, numbers: VisitNumbers) -> date:
    """A training counts on the day when it was held on this day or later."""
    return date.min if numbers.training_months is None else months_before(day, numbers.training_months)


class Refusal(StrEnum):
    """Why a sheet is not taken as a visit."""

    REMOTE = "remote"
    ALONE = "alone"


@dataclass(frozen=True)
class Filing:
    """How a visit was made: remotely or not, and may it be; trained or not, and who came along."""

    is_remote: bool
    may_be_remote: bool
    is_trained: bool
    companion: str


def refusals(filing: Filing, numbers: VisitNumbers) -> list[Refusal]:
    """Remote only where it is allowed; without training only in company (where the numbers ask for training)."""
    found = [Refusal.REMOTE] if filing.is_remote and not filing.may_be_remote else []
    is_alone = numbers.needs_training and not filing.is_trained and not filing.companion.strip()
    return [*found, *([Refusal.ALONE] if is_alone else [])]


def reminder_days(last: date, before: Sequence[int]) -> list[date]:
    """The dated points at which an official hears of what is left, earliest first."""
    return sorted(last - timedelta(days=days) for days in before)


def close_day(quarter: Quarter, numbers: VisitNumbers) -> date:
    """From this day on the figures of the quarter are frozen."""
    return quarter.last + timedelta(days=numbers.close_after)
