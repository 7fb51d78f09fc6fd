"""One item in one area: which of the five states, on what basis.

Order of the rules: level → verdict "not applicable" → external result → measured values → verdict → unknown.
The number is automatic, the acceptance human: what is measured as unmet stays unmet, whatever the verdict says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shian.domains.campaign.rules.readings import Reading
from shian.domains.campaign.rules.scoring import Formula, converted

COMPUTED, VERDICT, EXTERNAL = "computed", "verdict", "external"
UNKNOWN, NOT_APPLICABLE = "unknown", "not_applicable"
NOT_OF_LEVEL, JUDGED_NOT_APPLICABLE, WANTED = "not_of_level", "judged_not_applicable", "wanted"
SAID, NO_VALUE, BESIDE = "said", "no_value", "beside"
Reason = Mapping[str, object]  # {"code": one of the above, …facts}; models/reasons.py says it in words


def _reason(code: str, **facts: object) -> Reason:
    return {"code": code, **facts}


@dataclass(frozen=True)
class Item:
    """What the rules need of an indicator."""

    code: str
    computability: str
    levels: frozenset[str]
    formula: Formula = field(default_factory=Formula)


@dataclass(frozen=True)
class Judgement:
    """The valid verdict of a reviewer."""

    verdict: str
    ratio: Decimal
    reviewer: str
    reviewed_on: date
    reason: str = ""

    @property
    def is_not_applicable(self) -> bool:
        return self.verdict == "不适用"

    def as_json(self) -> dict[str, object]:
        return {
            "verdict": self.verdict,
            "ratio": str(self.ratio),
            "reviewer": self.reviewer,
            "reviewed_on": self.reviewed_on.isoformat(),
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Outcome:
    """The state with what decided it and why, as codes; `headline` is the measure that a list shows (the worst one)."""

    state: str
    ratio: Decimal | None = None
    met: bool | None = None
    reasons: tuple[Reason, ...] = ()
    headline: Reading | None = None
    readings: tuple[Reading, ...] = ()
    judgement: Judgement | None = None

    @property
    def basis(self) -> dict[str, object]:
        return {
            "measures": [reading.as_json() for reading in self.readings],
            "verdict": self.judgement.as_json() if self.judgement else None,
        }


def assess(item: Item, level: str, readings: Sequence[Reading], judgement: Judgement | None) -> Outcome:
    """The outcome of `item` in an area of `level`. `readings` are the measures declared for that level."""
    if level not in item.levels:
        return Outcome(NOT_APPLICABLE, reasons=(_reason(NOT_OF_LEVEL),))
    if judgement and judgement.is_not_applicable:
        return Outcome(
            NOT_APPLICABLE,
            reasons=_said(judgement) or (_reason(JUDGED_NOT_APPLICABLE, reviewer=judgement.reviewer),),
            readings=tuple(readings),
            judgement=judgement,
        )
    measured = [reading for reading in readings if reading.value is not None]
    bound = [reading for reading in readings if reading.is_bound]
    if bound and len(measured) == len(bound):
        return _measured(item, readings, measured, judgement)
    if judgement:
        return _judged(item, readings, measured, judgement)
    missing = (_reason(WANTED, computability=item.computability), *_without_value(readings))
    return Outcome(UNKNOWN, reasons=missing, headline=_worst(measured), readings=tuple(readings))


def _measured(
    item: Item, readings: Sequence[Reading], measured: Sequence[Reading], judgement: Judgement | None
) -> Outcome:
    met = all(reading.met for reading in measured)
    ratio = converted(item.formula, measured)
    reasons = _without_value(readings)
    if judgement:
        reasons = (_beside(met, judgement), *reasons)
        ratio, met = min(ratio, judgement.ratio), met and judgement.ratio == 1
    return Outcome(
        EXTERNAL if item.computability == "external" else COMPUTED,
        ratio=ratio,
        met=met,
        reasons=reasons,
        headline=_worst(measured),
        readings=tuple(readings),
        judgement=judgement,
    )


def _judged(item: Item, readings: Sequence[Reading], measured: Sequence[Reading], judgement: Judgement) -> Outcome:
    met, ratio = judgement.ratio == 1, judgement.ratio
    reasons = _said(judgement)
    if measured:
        measured_met = all(reading.met for reading in measured)
        reasons = (*reasons, _beside(measured_met, judgement))
        met, ratio = met and measured_met, min(ratio, converted(item.formula, measured))
    return Outcome(
        VERDICT,
        ratio=ratio,
        met=met,
        reasons=reasons,
        headline=_worst(measured),
        readings=tuple(readings),
        judgement=judgement,
    )


def _beside(met: bool, judgement: Judgement) -> Reason:
    """Both halves of a combined item; `lowered`: the verdict says more than was measured."""
    return _reason(BESIDE, met=met, verdict=judgement.verdict, lowered=not met and judgement.ratio > 0)


def _said(judgement: Judgement) -> tuple[Reason, ...]:
    """The reviewer's own words."""
    return (_reason(SAID, text=judgement.reason),) if judgement.reason else ()


def _without_value(readings: Sequence[Reading]) -> tuple[Reason, ...]:
    """The measures that have no value, each with its reason."""
    empty = (reading for reading in readings if reading.value is None and reading.reason)
    return tuple(_reason(NO_VALUE, title=reading.title, reason=reading.reason) for reading in empty)


def _worst(measured: Sequence[Reading]) -> Reading | None:
    """The first unmet measure, else the first one."""
    return next((reading for reading in measured if not reading.met), measured[0] if measured else None)
