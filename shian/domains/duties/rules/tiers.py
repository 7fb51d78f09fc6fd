"""Which tier an operator has: 统计上大中小微型企业划分办法（2017）, and what cities raise (docs/duties.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

LETTERS = "ABCD"
KEYS = ("format", "kind", "small_kind")


@dataclass(frozen=True)
class Threshold:
    """Both are needed for the letter: employees, and a year's turnover in 10,000 yuan."""

    letter: str
    employees: int
    output: Decimal


@dataclass(frozen=True)
class Industry:
    """Its thresholds, the highest first."""

    key: str
    title: str
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True)
class IndustryOf:
    """An industry for these formats, kinds or small kinds; all three empty: for whatever is left."""

    industry: str
    column: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class TierRules:
    """One dated version. `raised`: format → steps. `diners`: (letter, at least so many), the highest first."""

    version: str
    basis: str
    confidence: str
    sizes: Mapping[str, str]
    industries: Mapping[str, Industry]
    industry_of: tuple[IndustryOf, ...]
    raised: Mapping[str, int]
    canteens: tuple[str, ...]
    diners: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Facts:
    """What a tier depends on; None where the census does not say."""

    kind: str
    format: str
    small_kind: str = ""
    employees: int | None = None
    output: Decimal | None = None
    diners: int | None = None


@dataclass(frozen=True)
class Decision:
    letter: str
    industry: str
    reason: str


def read_rules(told: Mapping[str, Any]) -> TierRules:
    """A version of packs/parameters/duty_tiers.yaml. Raises KeyError, TypeError, ValueError where it is wrong."""
    industries = {key: _industry(key, each) for key, each in told["industries"].items()}
    chosen = tuple(_industry_of(each) for each in told["industry_of"])
    unknown = {each.industry for each in chosen} - set(industries)
    if unknown or chosen[-1].column:
        raise ValueError(f"industry_of: {sorted(unknown) or 'the last line matches everything'}")
    return TierRules(
        version=str(told["version"]), basis=told["basis"], confidence=told["confidence"], sizes=dict(told["sizes"]),
        industries=industries, industry_of=chosen,
        raised={name: int(steps) for name, steps in told["raised"].items()},
        canteens=tuple(told["diners"]["formats"]),
        diners=tuple((letter, int(told["diners"][letter])) for letter in LETTERS if letter in told["diners"]),
    )  # fmt: skip


def tier_of(facts: Facts, rules: TierRules) -> Decision:
    """The letter by size, the lower one where either number falls short or is unknown; then what is raised above it,
    at most to A; then canteens by their diners."""
    industry = rules.industries[industry_of(facts, rules)]
    by_size = _by_size(facts, industry)
    raised = LETTERS[max(0, LETTERS.index(by_size) - rules.raised.get(facts.format, 0))]
    by_diners = _by_diners(facts, rules)
    letter = min(raised, by_diners)
    return Decision(letter, industry.key, _reason(facts, rules, industry, (by_size, raised, by_diners)))


def industry_of(facts: Facts, rules: TierRules) -> str:
    """The first line that matches."""
    for each in rules.industry_of:
        if not each.column or getattr(facts, each.column) in each.values:
            return each.industry
    raise LookupError(facts.format)


def _by_size(facts: Facts, industry: Industry) -> str:
    for each in industry.thresholds:
        if (facts.employees or 0) >= each.employees and (facts.output or 0) >= each.output:
            return each.letter
    return LETTERS[-1]


def _by_diners(facts: Facts, rules: TierRules) -> str:
    if facts.format in rules.canteens:
        for letter, least in rules.diners:
            if (facts.diners or 0) >= least:
                return letter
    return LETTERS[-1]


def _reason(facts: Facts, rules: TierRules, industry: Industry, found: tuple[str, str, str]) -> str:
    """As the statement over the whole city writes it, too (queries/tiering.py)."""
    by_size, raised, by_diners = found
    unknown = facts.employees is None or facts.output is None
    told = f"{industry.title}{rules.sizes[by_size]}" + ("（缺从业人数或产值）" if unknown else "")
    if raised < by_size:
        told += f"，{facts.format}上调"
    if by_diners < raised:
        told += f"，就餐 {facts.diners} 人"
    return told


def _industry(key: str, told: Mapping[str, Any]) -> Industry:
    found = [Threshold(letter, int(told[letter][0]), Decimal(str(told[letter][1]))) for letter in LETTERS[:-1]]
    falling = all(one.employees >= two.employees and one.output >= two.output for one, two in pairwise(found))
    if not falling:
        raise ValueError(f"industries.{key}: thresholds do not fall")
    return Industry(key, told["title"], tuple(found))


def _industry_of(told: Mapping[str, Any]) -> IndustryOf:
    column = next((key for key in KEYS if key in told), "")
    return IndustryOf(told["industry"], column, tuple(told.get(column, ())))
