"""Running scores of units (A-16): how a dimension earns its points, what each matter loses, who stands where."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from shian.engine.measures.rules import Window, parse_period

DIMENSIONS = ("document", "field", "tasks", "closeouts", "evidence", "weeks")
RATIOS = (
    "in_time", "late", "overdue", "passed", "conditional", "returned", "none", "week_filed", "week_late",
    "week_missing",
)  # fmt: skip
MONTH, QUARTER = "month", "quarter"
FOUR = Decimal("0.0001")
Key = TypeVar("Key", bound=Hashable)


class ScoreRuleInvalid(ValueError):
    """The pack contradicts itself; the text says where."""


@dataclass(frozen=True)
class ScoreRule:
    """A dated version of packs/parameters/unit_scores.yaml."""

    valid_from: date
    basis: str
    confidence: str
    total: Decimal
    periods: str
    appeal_within: int
    trend: int
    placed_from: Decimal
    weights: Mapping[str, Decimal]
    ratios: Mapping[str, Decimal]

    def __post_init__(self) -> None:
        if set(self.weights) != set(DIMENSIONS):
            raise ScoreRuleInvalid(f"dimensions must be {', '.join(DIMENSIONS)}.")
        if (found := sum(self.weights.values(), Decimal(0))) != self.total:
            raise ScoreRuleInvalid(f"dimensions add up to {found}, total is {self.total}.")
        if set(self.ratios) != set(RATIOS) or not all(0 <= each <= 1 for each in self.ratios.values()):
            raise ScoreRuleInvalid(f"ratios must be {', '.join(RATIOS)}, each between 0 and 1.")
        if self.periods not in (MONTH, QUARTER):
            raise ScoreRuleInvalid("periods must be month or quarter.")


@dataclass(frozen=True)
class Tally:
    """What is decided in a dimension: the weights of the matters, and what they earn."""

    weight: Decimal = Decimal(0)
    earned: Decimal = Decimal(0)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.weight + other.weight, self.earned + other.earned)


@dataclass(frozen=True)
class Part:
    """One dimension of a unit: of `maximum` points `score`; `weight` is what its matters weigh together."""

    key: str
    maximum: Decimal
    score: Decimal
    weight: Decimal = Decimal(0)

    @property
    def lost(self) -> Decimal:
        return self.maximum - self.score

    def lost_by(self, weight: Decimal, ratio: Decimal) -> Decimal:
        """The points that one matter of the dimension loses; over all matters they add up to `lost`."""
        return self.maximum * weight * (1 - ratio) / self.weight if self.weight else Decimal(0)


def parts_of(rule: ScoreRule, tallies: Mapping[str, Tally]) -> list[Part]:
    """The dimensions in which something is decided, converted so that their maxima add up to the rule's total."""
    counted = {key: tallies[key] for key in DIMENSIONS if key in tallies and tallies[key].weight > 0}
    held = sum((rule.weights[key] for key in counted), Decimal(0))
    found = []
    for key, tally in counted.items():
        maximum = rule.weights[key] * rule.total / held if held else Decimal(0)
        found.append(Part(key, maximum, maximum * tally.earned / tally.weight, tally.weight))
    return found


def is_placed(rule: ScoreRule, parts: Iterable[Part]) -> bool:
    """Is enough decided for a place? A unit that has nothing but its weekly ledgers is not the best one."""
    return sum((rule.weights[each.key] for each in parts), Decimal(0)) >= rule.placed_from


def total_of(parts: Iterable[Part]) -> Decimal | None:
    """The unit's score, to four decimals; None while nothing is decided."""
    found = list(parts)
    return sum((each.score for each in found), Decimal(0)).quantize(FOUR, ROUND_HALF_UP) if found else None


def places(scores: Mapping[Key, Decimal | None]) -> dict[Key, int]:
    """The place of each: equal scores share a place and the next one is passed over; without a score there is none."""
    known = [score for score in scores.values() if score is not None]
    return {key: 1 + sum(other > score for other in known) for key, score in scores.items() if score is not None}


def period_of(day: date, kind: str) -> str:
    """The period that the day lies in, as it is written: 202303 or 2023Q1."""
    return f"{day.year}{day.month:02d}" if kind == MONTH else f"{day.year}Q{(day.month + 2) // 3}"


def periods_before(day: date, kind: str, count: int) -> list[Window]:
    """The period of the day and those before it, newest first; `count` in all."""
    found: list[Window] = []
    while len(found) < count:
        found.append(parse_period(period_of(day, kind)))
        day = found[-1].start - timedelta(days=1)
    return found
