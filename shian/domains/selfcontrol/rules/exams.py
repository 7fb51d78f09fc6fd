"""Random tests (监督抽考): questions drawn by a seed that anybody can check, options in an order of it; pure.

The seed's SHA-256 is sealed when a person is called, the seed with the result.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shian.engine.forms.question_banks import Question, percent_right

LEAST_BANK = 60


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


def promise_of(seed: str) -> str:
    """What is sealed before a test: the SHA-256 of the seed in hex."""
    return hashlib.sha256(seed.encode()).hexdigest()


def option_order(seed: str, question: Question) -> list[int]:
    """In which order the options are shown."""
    positions = range(len(question.options))
    return sorted(positions, key=lambda each: hashlib.sha256(f"{seed}:{question.key}:{each}".encode()).digest())


def score_of(questions: Sequence[Question], answers: Mapping[str, Collection[int]]) -> Decimal:
    """Per cent of the questions answered exactly right, to two places."""
    right = sum(set(answers.get(each.key, ())) == each.right for each in questions)
    return percent_right(right, len(questions))
