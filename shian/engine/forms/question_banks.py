"""Banks of questions that packs bring, papers drawn from them by a seed that anybody can check, and their score; pure.

Question k comes before question l when SHA-256(seed ‖ ":" ‖ k) is smaller; the first n are the paper.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


@dataclass(frozen=True)
class Question:
    """A question of a bank; `right` are the positions of right options. Single choice unless several are right."""

    key: str
    stem: str
    options: tuple[str, ...]
    right: frozenset[int]
    basis: str
    topic: str = ""


@dataclass(frozen=True)
class Bank:
    """An edition's questions by their keys."""

    edition: str
    questions: Mapping[str, Question]


@dataclass(frozen=True)
class PaperTerms:
    """How a paper is taken: number of questions, minutes for it, points of a hundred that pass."""

    questions: int
    minutes: int
    pass_mark: Decimal


def read_bank(told: Mapping[str, Any], least: int) -> Bank:
    """The bank of a pack's file. Raises KeyError; ValueError for fewer than `least` questions, a key that comes twice,
    a question without an answer that is right or one that is wrong."""
    found: dict[str, Question] = {}
    for each in told["questions"]:
        options, right = tuple(each["options"]), frozenset(each["right"])
        if not right or not right < set(range(len(options))) or each["key"] in found:
            raise ValueError(each["key"])
        found[each["key"]] = Question(each["key"], each["stem"], options, right, each["basis"], each.get("topic", ""))
    if len(found) < least:
        raise ValueError(f"{len(found)} questions.")
    return Bank(str(told["version"]), found)


def drawn(seed: str, keys: Collection[str], count: int) -> list[str]:
    """The keys that the seed draws, in the order of the paper."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())[:count]


def percent_right(right: int, asked: int) -> Decimal:
    """Of a hundred points, to two places. Raises ValueError for more right answers than questions, or none asked."""
    if not 0 <= right <= asked or not asked:
        raise ValueError(right)
    return (Decimal(100 * right) / asked).quantize(Decimal("0.01"), ROUND_HALF_UP)
