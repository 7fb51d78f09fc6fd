"""Random tests (监督抽考): the dated numbers of trainings and tests; pure. How a paper is drawn and judged is the
engine's (engine/forms/question_papers.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shian.engine.forms.question_banks import PaperTerms

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

    @property
    def paper(self) -> PaperTerms:
        """How a test is taken."""
        return PaperTerms(self.questions, self.minutes, self.pass_mark)


def read_training(told: Mapping[str, Any]) -> TrainingNumbers:
    """One version of the file. Raises KeyError, ValueError."""
    return TrainingNumbers(
        told["valid_from"], Decimal(told["hours"]), int(told["questions"]), int(told["minutes"]),
        Decimal(told["pass_mark"]), int(told["retest_days"]), Decimal(told["rate"]),
    )  # fmt: skip
