"""Spot checks of visits (C-09): who is below, what a sheet comes to, scores and places; pure.

Basis: 食安委发〔2022〕7号 and the plan of supervision; every number is a dated parameter
(packs/parameters/duty_spotchecks.yaml).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shian.domains.duties.rules.visits import Quarter

YES, NO, NOT_ASKED = "yes", "no", "na"
ANSWERS = frozenset({YES, NO, NOT_ASKED})
CENT = Decimal("0.01")
HUNDRED = Decimal(100)
# Who is looked at by the level of whoever looks: officials of the levels below, by the tiers that they take.
TIERS_BELOW = {"province": ("A", "B", "C", "D"), "city": ("B", "C", "D"), "county": ("C", "D"), "township": ("D",)}


@dataclass(frozen=True)
class SheetItem:
    """One thing that is looked at on the spot; `weight` among those that apply."""

    key: str
    title: str
    weight: int


@dataclass(frozen=True)
class SpotNumbers:
    """One version of packs/parameters/duty_spotchecks.yaml, which says what each means."""

    valid_from: date
    basis: str
    confidence: str
    share: Decimal
    least: int
    completion: Decimal
    truth: Decimal
    quality: Decimal
    items: tuple[SheetItem, ...]


def read_spot_numbers(told: Mapping[str, Any]) -> SpotNumbers:
    """One version of the file. Raises KeyError, TypeError, ValueError."""
    weights = {name: Decimal(told["weights"][name]) for name in ("completion", "truth", "quality")}
    items = tuple(SheetItem(str(each["key"]), str(each["title"]), int(each["weight"])) for each in told["items"])
    numbers = SpotNumbers(
        told["valid_from"], str(told["basis"]), str(told["confidence"]), Decimal(told["share"]), int(told["least"]),
        weights["completion"], weights["truth"], weights["quality"], items,
    )  # fmt: skip
    if not 0 < numbers.share <= 1 or numbers.least < 1:
        raise ValueError("share is a part of 1, least at least one.")
    if sum(weights.values()) != HUNDRED or min(weights.values()) < 0:
        raise ValueError("weights come to a hundred.")
    if not items or len({each.key for each in items}) < len(items) or min(each.weight for each in items) < 1:
        raise ValueError("items have different keys and weigh something.")
    return numbers


def sheet_score(answers: Mapping[str, str], items: Sequence[SheetItem]) -> Decimal:
    """Score of 100: what was answered 是 among what applies; 100 where nothing does. Raises ValueError for an item
    without an answer, or with another one."""
    if any(answers.get(each.key) not in ANSWERS for each in items):
        raise ValueError("every item has an answer")
    asked = sum(each.weight for each in items if answers[each.key] != NOT_ASKED)
    good = sum(each.weight for each in items if answers[each.key] == YES)
    return (HUNDRED * good / asked).quantize(CENT) if asked else HUNDRED.quantize(CENT)


@dataclass(frozen=True)
class Findings:
    """What was found in an area: businesses to be visited and visited, drawn visits, untrue ones, mean of the sheets of
    the true ones (None without any)."""

    in_force: int
    visited: int
    checked: int
    untrue: int
    quality: Decimal | None


def spot_score(found: Findings, numbers: SpotNumbers) -> Decimal:
    """Score of 100. Whoever made no visit that could be drawn has neither truth nor quality to show."""
    done = Decimal(found.visited) / found.in_force if found.in_force else Decimal(1)
    true = Decimal(found.checked - found.untrue) / found.checked if found.checked else Decimal(0)
    quality = (found.quality or Decimal(0)) / HUNDRED
    return (done * numbers.completion + true * numbers.truth + quality * numbers.quality).quantize(CENT)


def places(scores: Mapping[str, Decimal]) -> dict[str, int]:
    """Area → place; equal scores share one, and the next place is left out."""
    ordered = sorted(scores.values(), reverse=True)
    return {area: ordered.index(score) + 1 for area, score in scores.items()}


def whole_quarters(since: date, until: date) -> list[Quarter]:
    """The quarters of a period of whole ones, earliest first. Raises ValueError for any other period."""
    found = [Quarter.of(since)]
    while found[-1].last < until:
        found.append(found[-1].following)
    if found[0].first != since or found[-1].last != until:
        raise ValueError(f"{since} {until}")
    return found
