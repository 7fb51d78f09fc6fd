"""The score of a form: total by adding, by one rule wherever it was filled in. Pure.

An item earns its points times the share of the chosen answer, or what counted faults leave of them, never below 0. What
does not apply leaves the denominator. score = 100 × earned ÷ whole, to two places; passed from the pass mark on, unless
a key item earned nothing (the point fails, whatever its score). A form of which nothing applies has no score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from shian.engine.forms.definition import NOT_APPLICABLE, Choice, Definition, Question

PLACES = Decimal("0.01")
NOTHING = Decimal(0)


class Verdict(StrEnum):
    """What a score says of the point."""

    EXCELLENT = "excellent"
    PASSED = "passed"
    FAILED = "failed"
    NONE = "none"  # no scored item applied


@dataclass(frozen=True)
class ItemScore:
    """What one item earned. is_failed: a key item that earned nothing."""

    name: str
    points: Decimal
    earned: Decimal
    is_failed: bool = False

    @property
    def lost(self) -> Decimal:
        return self.points - self.earned


@dataclass(frozen=True)
class Score:
    """earned of whole points over the items that apply; percent is None when none does."""

    items: Sequence[ItemScore]
    earned: Decimal
    whole: Decimal
    percent: Decimal | None
    failed_keys: Sequence[str]
    verdict: Verdict


class TotalDiffers(ValueError):
    """A total came with the answers and is not what the answers give. name: earned, whole or score."""

    def __init__(self, name: str, told: str, counted: str) -> None:
        super().__init__(f"{name}: {told} instead of {counted}")
        self.name, self.told, self.counted = name, told, counted


def score(form: Definition, answers: Mapping[str, Any]) -> Score:
    """Score answers by name: a text for one choice, a list for several, an int for a count.

    An item without an answer was not asked (its condition does not hold) and leaves the denominator like one that does
    not apply; that every item which was asked is answered is checked before (answers.py).
    """
    found = [item_score(form, item, answers[item.name]) for item in form.items if _is_answered(answers.get(item.name))]
    items = [each for each in found if each is not None]
    earned = sum((each.earned for each in items), NOTHING)
    whole = sum((each.points for each in items), NOTHING)
    percent = (100 * earned / whole).quantize(PLACES, ROUND_HALF_UP) if whole else None
    failed = [each.name for each in items if each.is_failed]
    return Score(items, earned, whole, percent, failed, verdict_of(form, percent, failed))


def _is_answered(answer: Any) -> bool:
    return answer not in (None, "", [])


def item_score(form: Definition, item: Question, answer: Any) -> ItemScore | None:
    """What an answered item earned; None when it does not apply."""
    if item.type == "integer":
        taken = Decimal(item.each) * int(answer)
        taken = min(taken, Decimal(item.most)) if item.most else taken
        return _scored(item, max(NOTHING, item.full - taken))
    chosen = _chosen(form, item, answer)
    if any(each.score == NOT_APPLICABLE for each in chosen):
        return None
    if item.type == "select_one":
        return _scored(item, item.full * Decimal(chosen[0].score))
    return _scored(item, max(NOTHING, item.full - sum((Decimal(each.deduct or 0) for each in chosen), NOTHING)))


def _chosen(form: Definition, item: Question, answer: Any) -> list[Choice]:
    by_name = {each.name: each for each in form.choices[item.list_name]}
    names = [answer] if isinstance(answer, str) else answer
    return [by_name[name] for name in names]


def _scored(item: Question, earned: Decimal) -> ItemScore:
    return ItemScore(item.name, item.full, earned, is_failed=item.key_item and not earned)


def verdict_of(form: Definition, percent: Decimal | None, failed_keys: Sequence[str]) -> Verdict:
    """The verdict on a score: both marks are reached by equality."""
    if percent is None:
        return Verdict.NONE
    if failed_keys or percent < Decimal(form.pass_mark or 0):
        return Verdict.FAILED
    is_excellent = form.excellent_mark != "" and percent >= Decimal(form.excellent_mark)
    return Verdict.EXCELLENT if is_excellent else Verdict.PASSED


def check_totals(found: Score, told: Mapping[str, str]) -> None:
    """Compare the totals that came with the answers: "earned", "whole", "score"; those left out are not looked at.

    Raises TotalDiffers for the first that is wrong, also when it is no number.
    """
    counted = {"earned": found.earned, "whole": found.whole, "score": found.percent}
    for name, value in counted.items():
        if name not in told:
            continue
        if _as_decimal(told[name]) != (None if value is None else value.quantize(PLACES, ROUND_HALF_UP)):
            raise TotalDiffers(name, str(told[name])[:40], "" if value is None else format(value.normalize(), "f"))


def _as_decimal(text: str) -> Decimal | None:
    """A total to two places; None for an empty one. What is no number equals nothing."""
    if not str(text).strip():
        return None
    try:
        return Decimal(str(text)).quantize(PLACES, ROUND_HALF_UP)
    except ArithmeticError:
        return Decimal("NaN")
