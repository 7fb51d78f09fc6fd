"""Random tests (监督抽考): questions drawn by a seed that anybody can check, options in an order of it; pure.

The seed's SHA-256 is sealed when a person is called, the seed with the result. Question k of an edition comes before
question l when SHA-256(seed ‖ ":" ‖ k) is smaller; the first n are drawn.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

LEAST_BANK = 60


@dataclass(frozen=True)
class Question:
    """A question of the bank; `right` are the positions of right options. Single choice unless several are right."""

    key: str
    topic: str
    stem: str
    options: tuple[str, ...]
    right: frozenset[int]
    basis: str


@dataclass(frozen=True)
class Bank:
    edition: str
    questions: Mapping[str, Question]


@dataclass(frozen=True)
class TrainingNumbers:
    """A version of packs/parameters/selfcontrol/training.yaml."""

    valid_from: date
    hours: Decimal
    questions: int
    minutes: int
    pass_mark: Decimal
    retest_days: int
    rate: Decimal


def read_training(told: Mapping[str, Any]) -> TrainingNumbers:
    """One version of the file. Raises KeyError, ValueError."""
    return TrainingNumbers(
        told["valid_from"], Decimal(told["hours"]), int(told["questions"]), int(told["minutes"]),
        Decimal(told["pass_mark"]), int(told["retest_days"]), Decimal(told["rate"]),
    )  # fmt: skip


def read_bank(told: Mapping[str, Any]) -> Bank:
    """The bank of the pack. Raises KeyError; ValueError for one too small or a question without right answer."""
    found: dict[str, Question] = {}
    for each in told["questions"]:
        question = Question(
            each["key"], each["topic"], each["stem"], tuple(each["options"]), frozenset(each["right"]), each["basis"]
        )
        if not question.right or not question.right < set(range(len(question.options))) or question.key in found:
            raise ValueError(question.key)
        found[question.key] = question
    if len(found) < LEAST_BANK:
        raise ValueError(f"{len(found)} questions.")
    return Bank(str(told["version"]), found)


def promise_of(seed: str) -> str:
    """What is sealed before a test: the SHA-256 of the seed in hex."""
    return hashlib.sha256(seed.encode()).hexdigest()


def drawn(seed: str, keys: Collection[str], count: int) -> list[str]:
    """The keys that the seed draws, in the order of the test."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())[:count]


def option_order(seed: str, question: Question) -> list[int]:
    """In which order the options are shown."""
    positions = range(len(question.options))
    return sorted(positions, key=lambda each: hashlib.sha256(f"{seed}:{question.key}:{each}".encode()).digest())


def score_of(questions: Sequence[Question], answers: Mapping[str, Collection[int]]) -> Decimal:
    """Per cent of the questions answered exactly right, to two places."""
    right = sum(set(answers.get(each.key, ())) == each.right for each in questions)
    return (Decimal(100 * right) / len(questions)).quantize(Decimal("0.01"), ROUND_HALF_UP)
