"""The paper of a training's test, drawn by the training's number: the same number gives the same paper; pure."""

from collections.abc import Sequence

from shian.engine.forms.question_banks import Bank, Question, drawn

LEAST_BANK = 20


def paper(bank: Bank, number: str, count: int) -> list[Question]:
    """The questions of a training, in the order of its paper."""
    return [bank.questions[key] for key in drawn(number, bank.questions.keys(), count)]


def letters_of(right: Sequence[int] | frozenset[int]) -> str:
    """The right options as letters: A, BD."""
    return "".join("ABCDEFGH"[each] for each in sorted(right))
