"""What visits say of a format, an area and a city (regulations §14.3, plausible). Pure.

A point's own score and verdict are those of its form (engine/forms/scoring.py): what does not apply or was not observed
leaves the denominator, and a key item that earned nothing fails the point. A point that refused the check, or stood
closed without a substitute, counts with 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

OVERT, COVERT = "overt", "covert"
PLACES = Decimal("0.01")
HUNDRED = Decimal(100)


class FieldRulesInvalid(ValueError):
    """The pack contradicts itself; the text says where."""


@dataclass(frozen=True)
class FieldRules:
    """A dated version of packs/parameters/field_scores.yaml. Shares are parts of 1; pass_mark, excellent_mark: of 100,
    for points whose sheet is not here; order_days: the least and the most that an order usually gives; revisit_days:
    when a closed problem is looked at again, by its severity."""

    valid_from: date
    basis: str
    confidence: str
    passed_share: Decimal
    mean: Decimal
    pass_mark: Decimal
    excellent_mark: Decimal
    weights: Mapping[str, Decimal]
    order_days: tuple[int, int]
    revisit_days: Mapping[str, int]

    def __post_init__(self) -> None:
        if set(self.weights) != {OVERT, COVERT} or sum(self.weights.values()) != 1:
            raise FieldRulesInvalid("weights must name overt and covert and add up to 1.")
        if not 0 < self.passed_share <= 1:
            raise FieldRulesInvalid("passed_share is a part of 1.")
        if not 0 < self.pass_mark <= self.excellent_mark <= HUNDRED:
            raise FieldRulesInvalid("marks are parts of 100, that of passing not above that of excellence.")
        if not 0 < self.order_days[0] <= self.order_days[1]:
            raise FieldRulesInvalid("order_days are two numbers of days, the smaller first.")


def read_rules(told: Mapping[str, Any]) -> FieldRules:
    """One version of the pack. Raises KeyError, ValueError."""
    first, last = told["order_days"]
    return FieldRules(
        valid_from=told["valid_from"],
        basis=str(told["basis"]),
        confidence=str(told["confidence"]),
        passed_share=Decimal(str(told["passed_share"])),
        mean=Decimal(str(told["mean"])),
        pass_mark=Decimal(str(told["marks"]["passed"])),
        excellent_mark=Decimal(str(told["marks"]["excellent"])),
        weights={mode: Decimal(str(value)) for mode, value in told["weights"].items()},
        order_days=(int(first), int(last)),
        revisit_days={severity: int(days) for severity, days in told["revisit_days"].items()},
    )


@dataclass(frozen=True)
class PointScore:
    """A visited point: its mode, the code of its format, its score of 100, and whether it passed."""

    mode: str
    format: str
    percent: Decimal
    is_passed: bool


@dataclass(frozen=True)
class FormatScore:
    """The points of one format in one mode."""

    mode: str
    format: str
    visited: int
    passed: int
    total: Decimal

    @property
    def mean(self) -> Decimal:
        return (self.total / self.visited).quantize(PLACES, ROUND_HALF_UP)

    def is_passed(self, rules: FieldRules) -> bool:
        """Enough of its points pass, and their mean is high enough; both by equality."""
        return self.passed >= rules.passed_share * self.visited and self.total >= rules.mean * self.visited


def by_format(points: Iterable[PointScore]) -> list[FormatScore]:
    """One score for each mode and format that was visited, overt ones first."""
    found: dict[tuple[str, str], list[PointScore]] = {}
    for point in points:
        found.setdefault((point.mode, point.format), []).append(point)
    scores = [
        FormatScore(
            mode, code, len(group), sum(p.is_passed for p in group), sum((p.percent for p in group), Decimal(0))
        )
        for (mode, code), group in found.items()
    ]
    return sorted(scores, key=lambda each: (each.mode != OVERT, each.format))


def mode_score(scores: Sequence[FormatScore], weights: Mapping[tuple[str, str], Decimal]) -> Decimal | None:
    """Σ(weight × mean) ÷ Σ weight over formats that were visited; None when none was. A format that the dictionary does
    not know weighs 1."""
    weighed = [(weights.get((each.mode, each.format), Decimal(1)), each) for each in scores]
    whole = sum((weight for weight, _score in weighed), Decimal(0))
    if not whole:
        return None
    earned = sum((weight * each.total / each.visited for weight, each in weighed), Decimal(0))
    return (earned / whole).quantize(PLACES, ROUND_HALF_UP)


def field_score(modes: Mapping[str, Decimal | None], rules: FieldRules) -> Decimal | None:
    """Overt and covert together, by their weights; with only one of them, that one. None without any."""
    known = {mode: score for mode, score in modes.items() if score is not None}
    whole = sum((rules.weights[mode] for mode in known), Decimal(0))
    if not whole:
        return None
    earned = sum((rules.weights[mode] * score for mode, score in known.items()), Decimal(0))
    return (earned / whole).quantize(PLACES, ROUND_HALF_UP)


def revisit_day(closed_on: date, severity: str, rules: FieldRules) -> date:
    """When a closed problem is looked at again: the graver, the sooner. One of unknown severity waits longest."""
    return closed_on + timedelta(days=rules.revisit_days.get(severity, max(rules.revisit_days.values())))
