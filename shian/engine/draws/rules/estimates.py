"""What a stratified sample tells of the whole: pass rate and mean with intervals for finite populations.

A *part* is one stratum, or what of it lies in one area: give the parts of an area for the area, all for the whole. A
part's share is its population ÷ that of all parts; rates and means are weighted by it (Cochran, Sampling Techniques).

- Rate of one part: Wilson's interval with n × (N - 1) ÷ (N - n) instead of n, so that it closes when all were visited.
- Rate of several: the variance Σ share² × (1 - n ÷ N) × p(1 - p) ÷ (n - 1), turned into the size of a simple sample of
  the same variance, and Wilson's interval for that size. Where every part passed or failed as a whole, the variance
  says nothing: the parts' own corrected sizes are then combined as 1 ÷ Σ share² ÷ size.
- Mean: normal interval over Σ share² × (1 - n ÷ N) × s² ÷ n. A part of one visited among several takes p(1 - p) or s²
  of all visited together, because one value has none of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf, sqrt
from statistics import NormalDist, variance


class NotEstimable(ValueError):
    """A part with a population and nobody visited. The message is its name."""


@dataclass(frozen=True)
class Part:
    """`passed` and `scores` of the units visited, one entry for each, of `population` units (at least as many)."""

    name: str
    population: int
    passed: Sequence[bool]
    scores: Sequence[float] = ()


@dataclass(frozen=True)
class Estimate:
    """`value` between `low` and `high` at the level asked for; rates from 0 to 1, means in points."""

    value: float
    low: float
    high: float
    visited: int
    population: int

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


def rate(parts: Sequence[Part], level: float = 0.95) -> Estimate:
    """The share of units that pass. Raises NotEstimable."""
    shares = _shares(parts, [len(part.passed) for part in parts])
    value = sum(share * sum(part.passed) / len(part.passed) for part, share in shares)
    low, high = _wilson(value, _effective(shares, value), level)
    visited = sum(len(part.passed) for part, _share in shares)
    return Estimate(value, low, high, visited, sum(part.population for part, _share in shares))


def mean(parts: Sequence[Part], level: float = 0.95) -> Estimate:
    """The mean score of all units. Raises NotEstimable."""
    shares = _shares(parts, [len(part.scores) for part in parts])
    value = sum(share * sum(part.scores) / len(part.scores) for part, share in shares)
    every = [score for part, _share in shares for score in part.scores]
    pooled = variance(every) if len(every) > 1 else 0.0
    spread = 0.0
    for part, share in shares:
        own = variance(part.scores) if len(part.scores) > 1 else pooled
        spread += share**2 * _left(part.population, len(part.scores)) * own / len(part.scores)
    half = _quantile(level) * sqrt(spread)
    return Estimate(value, value - half, value + half, len(every), sum(part.population for part, _share in shares))


def visits_to_halve(population: int, visited: int) -> int:
    """How many of a part must be visited for an interval half as wide, if what is found stays alike.

    The variance goes with 1 ÷ n - 1 ÷ N, so that this must become a quarter.
    """
    if visited >= population:
        return population
    return min(population, ceil(1 / (1 / population + (1 / visited - 1 / population) / 4) - 1e-9))


def _shares(parts: Sequence[Part], visits: Sequence[int]) -> list[tuple[Part, float]]:
    whole = sum(part.population for part in parts)
    for part, visited in zip(parts, visits, strict=True):
        if part.population and not visited:
            raise NotEstimable(part.name)
        if visited > part.population:
            raise ValueError(part.name)
    if not whole:
        raise NotEstimable("")
    return [(part, part.population / whole) for part in parts if part.population]


def _left(population: int, visited: int) -> float:
    """The finite population correction."""
    return 1 - visited / population


def _effective(shares: Sequence[tuple[Part, float]], value: float) -> float:
    """The size of a simple sample of an endless population with the same variance."""
    if len(shares) == 1:
        return _corrected(shares[0][0])
    spread = 0.0
    for part, share in shares:
        visited = len(part.passed)
        own = sum(part.passed) / visited
        alone = own * (1 - own) / (visited - 1) if visited > 1 else value * (1 - value)
        spread += share**2 * _left(part.population, visited) * alone
    if spread > 0:
        return value * (1 - value) / spread
    total = sum(share**2 / _corrected(part) for part, share in shares)
    return 1 / total if total else inf


def _corrected(part: Part) -> float:
    visited = len(part.passed)
    return visited * (part.population - 1) / (part.population - visited) if visited < part.population else inf


def _quantile(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)


def _wilson(value: float, size: float, level: float) -> tuple[float, float]:
    """Wilson's score interval; the value itself for an endless size."""
    if size == inf:
        return value, value
    z = _quantile(level)
    centre = (value + z * z / (2 * size)) / (1 + z * z / size)
    half = z * sqrt(value * (1 - value) / size + z * z / (4 * size * size)) / (1 + z * z / size)
    return max(0.0, centre - half), min(1.0, centre + half)
