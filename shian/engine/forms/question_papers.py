"""Papers that somebody takes: questions drawn from a bank by a secret seed, answered in time, judged at once.

The seed's SHA-256 is sealed before anybody sees a question, the seed with the result, so that anybody can draw again.
An app keeps them in a table of its own (`TakenPaper`), saves and seals; this says what becomes of a paper.
"""

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.engine.forms.question_banks import Bank, PaperTerms, Question, drawn, percent_right

Answers = Mapping[str, Collection[int]]


@dataclass(frozen=True)
class Asked:
    """A question as it is shown: options with their positions, in the order of the seed; `chosen` once it is judged."""

    question: Question
    options: list[tuple[int, str]]
    chosen: frozenset[int] = frozenset()

    @property
    def is_right(self) -> bool:
        return self.chosen == self.question.right

    @property
    def has_several(self) -> bool:
        return len(self.question.right) > 1


class TakenPaper(models.Model):
    """begun → finished (or run out). `questions` are the keys drawn from `edition` of the bank by `seed`."""

    edition = models.CharField(max_length=10, blank=True, default="")
    seed = models.CharField(max_length=64, blank=True, default="")
    questions = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    begun_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    score = models.DecimalField(_("得分"), max_digits=5, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(_("合格"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_judged(self) -> bool:
        return self.score is not None

    def is_open(self, at: datetime) -> bool:
        """Begun, and still to be finished in time."""
        return not self.is_judged and self.ends_at is not None and at <= self.ends_at

    def begin(self, bank: Bank, terms: PaperTerms, at: datetime) -> None:
        """Draw the questions; the clock runs. Not saved."""
        self.questions = drawn(self.seed, bank.questions.keys(), terms.questions)
        self.begun_at, self.ends_at = at, at + timedelta(minutes=terms.minutes)

    def judge(self, bank: Bank, answers: Answers, pass_mark: Decimal, at: datetime) -> None:
        """Score the answers; after the time they do not count. Not saved."""
        counted = answers if self.is_open(at) else {}
        self.answers = {key: sorted(chosen) for key, chosen in counted.items() if key in self.questions}
        self.score = score_of(bank, self.questions, self.answers)
        self.passed, self.finished_at = self.score >= pass_mark, at

    def asked(self, bank: Bank) -> list[Asked]:
        """The questions in their order, those left out that the bank no longer has."""
        known = [bank.questions[key] for key in self.questions if key in bank.questions]
        return [
            Asked(
                each,
                [(position, each.options[position]) for position in option_order(self.seed, each)],
                frozenset(self.answers.get(each.key, ())),
            )
            for each in known
        ]


def new_seed() -> str:
    """A secret that nobody can guess, 64 hex digits."""
    return secrets.token_hex(32)


def promise_of(seed: str) -> str:
    """What is sealed before: the SHA-256 of the seed in hex."""
    return hashlib.sha256(seed.encode()).hexdigest()


def option_order(seed: str, question: Question) -> list[int]:
    """In which order the options are shown."""
    positions = range(len(question.options))
    return sorted(positions, key=lambda each: hashlib.sha256(f"{seed}:{question.key}:{each}".encode()).digest())


def score_of(bank: Bank, keys: Sequence[str], answers: Answers) -> Decimal:
    """Per cent of the questions answered exactly right, to two places. One that the bank no longer has is not."""
    known = [bank.questions[key] for key in keys if key in bank.questions]
    right = sum(set(answers.get(each.key, ())) == each.right for each in known)
    return percent_right(right, len(keys))


def answers_in(posted: Mapping[str, Sequence[str]], keys: Collection[str]) -> dict[str, frozenset[int]]:
    """Question → positions chosen, from the lists of a posted form; what is no position is left out."""
    return {key: frozenset(int(each) for each in posted.get(key, ()) if each.isdecimal()) for key in keys}
