"""One item in one area: which of the five states, on what basis.

Order of the rules: level → verdict "not applicable" → external result → measured values → verdict → unknown.
The number is automatic, the acceptance human: what is measured as unmet stays unmet, whatever the verdict says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shian.domains.campaign.rules.readings import Reading
from shian.domains.campaign.rules.scoring import Formula, converted

COMPUTED, VERDICT, EXTERNAL = "computed", "verdict", "external"
UNKNOWN, NOT_APPLICABLE = "unknown", "not_applicable"
LEVEL_REASON = "不适用于本级"
WANTED = {
    "human": "尚无评审结论：须由评审人员审阅资料后认定",
    "semi": "尚无评审结论：登记数据须经评审人员认定",
    "field": "尚无评审结论：须经现场核查认定",
    "field+register": "尚无评审结论：须经现场核查认定",
    "external": "尚未录入外部测评或抽检结果",
    "auto": "没有可用数据，也没有评审结论",
}


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
    """The state with what decided it: `headline` is the measure that a list shows (the worst one)."""

    state: str
    ratio: Decimal | None = None
    met: bool | None = None
    reason: str = ""
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
        return Outcome(NOT_APPLICABLE, reason=LEVEL_REASON)
    if judgement and judgement.is_not_applicable:
        return Outcome(
            NOT_APPLICABLE,
            reason=judgement.reason or f"{judgement.reviewer}认定不适用",
            readings=tuple(readings),
            judgement=judgement,
        )
    measured = [reading for reading in readings if reading.value is not None]
    bound = [reading for reading in readings if reading.is_bound]
    if bound and len(measured) == len(bound):
        return _measured(item, readings, measured, judgement)
    if judgement:
        return _judged(item, readings, measured, judgement)
    return Outcome(UNKNOWN, reason=_missing(item, readings), headline=_worst(measured), readings=tuple(readings))


def _measured(
    item: Item, readings: Sequence[Reading], measured: Sequence[Reading], judgement: Judgement | None
) -> Outcome:
    met = all(reading.met for reading in measured)
    ratio = converted(item.formula, measured)
    notes = [f"{reading.title}：{reading.reason}" for reading in readings if reading.value is None]
    if judgement:
        notes.insert(0, _beside(met, judgement))
        ratio, met = min(ratio, judgement.ratio), met and judgement.ratio == 1
    return Outcome(
        EXTERNAL if item.computability == "external" else COMPUTED,
        ratio=ratio,
        met=met,
        reason="；".join(notes),
        headline=_worst(measured),
        readings=tuple(readings),
        judgement=judgement,
    )


def _judged(item: Item, readings: Sequence[Reading], measured: Sequence[Reading], judgement: Judgement) -> Outcome:
    met, ratio = judgement.ratio == 1, judgement.ratio
    notes = [judgement.reason] if judgement.reason else []
    if measured:
        measured_met = all(reading.met for reading in measured)
        notes.append(_beside(measured_met, judgement))
        met, ratio = met and measured_met, min(ratio, converted(item.formula, measured))
    return Outcome(
        VERDICT,
        ratio=ratio,
        met=met,
        reason="；".join(notes),
        headline=_worst(measured),
        readings=tuple(readings),
        judgement=judgement,
    )


def _beside(met: bool, judgement: Judgement) -> str:
    """Both halves of a combined item in one sentence."""
    number = "达到目标值" if met else "未达到目标值"
    tail = "，以实测为准" if not met and judgement.ratio > 0 else ""
    return f"实测{number}，评审结论为{judgement.verdict}{tail}"


def _missing(item: Item, readings: Sequence[Reading]) -> str:
    reasons = [f"{reading.title}：{reading.reason}" for reading in readings if reading.value is None and reading.reason]
    return "；".join([WANTED.get(item.computability, WANTED["human"]), *reasons])


def _worst(measured: Sequence[Reading]) -> Reading | None:
    """The first unmet measure, else the first one."""
    return next((reading for reading in measured if not reading.met), measured[0] if measured else None)
