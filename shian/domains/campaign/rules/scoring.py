"""Points: even split of a section's weight, conversion formulas as data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from shian.domains.campaign.rules.readings import Reading

CENT = Decimal("0.0001")
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Formula:
    """A conversion as data: `kind` with its parameters, and the version that every answer names."""

    kind: str = "step"
    version: str = ""
    parameters: dict[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"unknown conversion {self.kind!r}: {', '.join(_KINDS)}")


def converted(formula: Formula, readings: Sequence[Reading]) -> Decimal:
    """The ratio 0…1 for measured values (折算): the mean over the measures that have a value.

    step: all or nothing for the item. pro_rata: value over threshold, at most 1. floor: 0 at `floor`, 1 at `ceiling`.
    """
    measured = [reading for reading in readings if reading.value is not None]
    if not measured:
        raise ValueError("nothing measured")
    return _rounded(_KINDS[formula.kind](formula, measured))


def points(weight: Decimal, ratio: Decimal) -> Decimal:
    """weight × ratio to four places; halves are rounded up, and never above the weight."""
    return min(weight, _rounded(weight * ratio))


def apportioned(total: Decimal, parts: int) -> list[Decimal]:
    """`total` split evenly into `parts`, to four places; the first parts take the rest, so that the sum is exact."""
    if parts == 0:
        return []
    share = (total / parts).quantize(CENT, rounding=ROUND_DOWN)
    left = int((total - share * parts) / CENT)
    return [share + (CENT if i < left else ZERO) for i in range(parts)]


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(CENT, rounding=ROUND_HALF_UP)


def _step(formula: Formula, readings: Sequence[Reading]) -> Decimal:
    return ONE if all(reading.met for reading in readings) else ZERO


def _pro_rata(formula: Formula, readings: Sequence[Reading]) -> Decimal:
    return sum((reading.attainment for reading in readings), ZERO) / len(readings)


def _share_met(formula: Formula, readings: Sequence[Reading]) -> Decimal:
    return Decimal(sum(1 for reading in readings if reading.met)) / len(readings)


def _floor(formula: Formula, readings: Sequence[Reading]) -> Decimal:
    low, high = formula.parameters["floor"], formula.parameters["ceiling"]
    shares = [((reading.value or ZERO) - low) / (high - low) for reading in readings]
    return sum((min(ONE, max(ZERO, share)) for share in shares), ZERO) / len(shares)


_KINDS = {"step": _step, "pro_rata": _pro_rata, "share_met": _share_met, "floor": _floor}
