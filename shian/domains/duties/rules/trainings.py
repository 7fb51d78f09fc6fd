"""The paper of a training's test: questions drawn by the training's number, so that the same number gives the same
paper; pure. Question k comes before l when SHA-256(number ‖ ":" ‖ k) is smaller."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

LEAST_BANK = 20


@dataclass(frozen=True)
class Question:
    """`right`: positions of the right options."""

    key: str
    stem: str
    options: tuple[str, ...]
    right: frozenset[int]
    basis: str


@dataclass(frozen=True)
class Bank:
    edition: str
    questions: tuple[Question, ...]


def read_bank(told: Mapping[str, Any]) -> Bank:
    """packs/controls/officials.yaml. Raises KeyError; ValueError for a bank too small, a key that comes twice or a
    question without an answer that is right or one that is wrong."""
    found: dict[str, Question] = {}
    for each in told["questions"]:
        question = Question(each["key"], each["stem"], tuple(each["options"]), frozenset(each["right"]), each["basis"])
        if not question.right or not question.right < set(range(len(question.options))) or question.key in found:
            raise ValueError(question.key)
        found[question.key] = question
    if len(found) < LEAST_BANK:
        raise ValueError(f"{len(found)} questions.")
    return Bank(str(told["version"]), tuple(found.values()))


def paper(bank: Bank, number: str, count: int) -> list[Question]:
    """The questions of a training, in the order of its paper."""
    return sorted(bank.questions, key=lambda each: hashlib.sha256(f"{number}:{each.key}".encode()).digest())[:count]


def score_of(right: int, asked: int) -> Decimal:
    """Of a hundred points, to two places. Raises ValueError for more right answers than questions."""
    if not 0 <= right <= asked or not asked:
        raise ValueError(right)
    return (Decimal(100 * right) / asked).quantize(Decimal("0.01"), ROUND_HALF_UP)


def letters_of(right: Sequence[int] | frozenset[int]) -> str:
    """The right options as letters: A, BD."""
    return "".join("ABCDEFGH"[each] for each in sorted(right))
