"""Notices of a quarter (C-10): which figures they tell, and what the figures propose; pure.

Every number is a dated parameter (packs/parameters/duty_notices.yaml).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

PRAISE, CRITICISM = "praise", "criticism"
# What a notice tells of an area, in order.
FIGURES = ("completion", "due", "late", "faults", "problems", "handled", "checked", "untrue", "score")
RATES = frozenset({"completion"})


@dataclass(frozen=True)
class Bounds:
    """Of completion in per cent, untrue visits, score of 100."""

    completion: Decimal
    untrue: int
    score: Decimal


@dataclass(frozen=True)
class NoticeNumbers:
    """One version of packs/parameters/duty_notices.yaml, which says what each means."""

    valid_from: date
    basis: str
    confidence: str
    praise: Bounds
    criticism: Bounds
    follow_days: int


def _bounds(told: Mapping[str, Any]) -> Bounds:
    return Bounds(Decimal(str(told["completion"])), int(told["untrue"]), Decimal(str(told["score"])))


def read_notice_numbers(told: Mapping[str, Any]) -> NoticeNumbers:
    """One version of the file. Raises KeyError, TypeError, ValueError."""
    numbers = NoticeNumbers(
        told["valid_from"], str(told["basis"]), str(told["confidence"]), _bounds(told["praise"]),
        _bounds(told["criticism"]), int(told["follow_days"]),
    )  # fmt: skip
    good, bad = numbers.praise, numbers.criticism
    if good.completion < bad.completion or good.score < bad.score or good.untrue >= bad.untrue:
        raise ValueError("nobody is praised and criticised for the same.")
    return numbers


@dataclass(frozen=True)
class Told:
    """One figure: a number; of a rate the percentage with part and whole. None: nothing answers it."""

    value: Decimal | None = None
    part: int | None = None
    whole: int | None = None


def rate(part: int, whole: int) -> Told:
    """The percentage of a part, rounded down, so that only all of them are 100."""
    return Told(Decimal(10_000 * part // whole) / 100 if whole else None, part, whole)


def proposal(figures: Mapping[str, Told], numbers: NoticeNumbers) -> tuple[str, list[str]]:
    """(praise, criticism or "", the figures that it follows from). Without a spot check completion alone decides."""
    told = {key: figures[key].value for key in ("completion", "untrue", "score") if key in figures}
    done, untrue, score = told.get("completion"), told.get("untrue"), told.get("score")
    bad = numbers.criticism
    reasons = [
        key
        for key, is_bad in (
            ("completion", done is not None and done < bad.completion),
            ("untrue", untrue is not None and untrue >= bad.untrue),
            ("score", score is not None and score < bad.score),
        )
        if is_bad
    ]
    if reasons:
        return CRITICISM, reasons
    good = numbers.praise
    is_good = done is not None and done >= good.completion
    is_good = is_good and (untrue or 0) <= good.untrue and (score is None or score >= good.score)
    return (
        (PRAISE, [key for key in ("completion", "untrue", "score") if told.get(key) is not None])
        if is_good
        else ("", [])
    )
