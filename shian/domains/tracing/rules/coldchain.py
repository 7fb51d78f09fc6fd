"""Temperatures over time (E-10): when they count as an excursion, and a curve that shows its gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True)
class Reading:
    """°C at a moment, and per cent of relative humidity where it was measured."""

    at: datetime
    celsius: Decimal
    humidity: Decimal | None = None


@dataclass(frozen=True)
class Limits:
    """°C between which goods are to lie; None: no bound on that side."""

    low: Decimal | None = None
    high: Decimal | None = None

    def breached(self, celsius: Decimal) -> Decimal | None:
        """The bound beyond which the temperature lies; None inside."""
        if self.high is not None and celsius > self.high:
            return self.high
        return self.low if self.low is not None and celsius < self.low else None


@dataclass(frozen=True)
class Spell:
    """Readings in a row beyond one bound. `peak` is the furthest. ended_at: the first reading that is inside again."""

    began_at: datetime
    last_at: datetime
    bound: Decimal
    peak: Decimal
    ended_at: datetime | None = None

    @property
    def is_warm(self) -> bool:
        return self.peak > self.bound


def spells(readings: Iterable[Reading], limits: Limits, shortest: timedelta) -> list[Spell]:
    """Excursions in readings that are ordered by time: those that lasted at least `shortest`, between the first and the
    last reading beyond the bound. A gap ends none: nothing says that it had become cold again."""
    found: list[Spell] = []
    present: Spell | None = None
    for each in readings:
        bound = limits.breached(each.celsius)
        if present is not None and bound != present.bound:
            found.append(Spell(present.began_at, present.last_at, present.bound, present.peak, each.at))
            present = None
        if bound is not None:
            present = _longer(present, each, bound)
    return [each for each in [*found, *([present] if present else [])] if each.last_at - each.began_at >= shortest]


def _longer(present: Spell | None, each: Reading, bound: Decimal) -> Spell:
    if present is None:
        return Spell(each.at, each.at, bound, each.celsius)
    peak = max(present.peak, each.celsius) if each.celsius > bound else min(present.peak, each.celsius)
    return Spell(present.began_at, each.at, bound, peak)


def slots(first: datetime, last: datetime, step: timedelta) -> list[datetime]:
    """The beginnings of the steps from first to last."""
    return [first + step * place for place in range(int((last - first) / step) + 1)]


def curve(readings: Iterable[Reading], starts: Sequence[datetime], step: timedelta) -> list[float | None]:
    """The warmest reading of each step; None where there is none: a gap is shown as a gap."""
    found: list[float | None] = [None] * len(starts)
    for each in readings:
        place = int((each.at - starts[0]) / step)
        if 0 <= place < len(starts):
            told, known = float(each.celsius), found[place]
            found[place] = told if known is None else max(known, told)
    return found


def gaps(times: Sequence[datetime], until: datetime, longest: timedelta) -> list[tuple[datetime, datetime]]:
    """Pauses longer than `longest` between readings in order of time, and after the last one."""
    ends = [*times[1:], until] if times else []
    return [(begin, end) for begin, end in zip(times, ends, strict=True) if end - begin > longest]
