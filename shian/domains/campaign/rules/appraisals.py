"""Rules of the yearly appraisal (A-17): lines that add up, grades, and what a self-score or a verification lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class AppraisalRuleInvalid(ValueError):
    """The pack contradicts itself; the text says where."""


@dataclass(frozen=True)
class RuleLine:
    """What is scored: `maximum` points; `asked`: how."""

    code: str
    title: str
    maximum: Decimal
    asked: str = ""


@dataclass(frozen=True)
class AppraisalRule:
    """A dated version of packs/parameters/appraisal.yaml. `grades`: (grade, least points), the best first."""

    valid_from: date
    basis: str
    confidence: str
    total: Decimal
    due: int
    lines: Sequence[RuleLine]
    grades: Sequence[tuple[str, Decimal]]

    def __post_init__(self) -> None:
        if (found := sum((each.maximum for each in self.lines), Decimal(0))) != self.total:
            raise AppraisalRuleInvalid(f"lines add up to {found}, total is {self.total}.")
        if len({each.code for each in self.lines}) != len(self.lines):
            raise AppraisalRuleInvalid("a line stands twice.")
        least = [each for _grade, each in self.grades]
        if not least or least != sorted(least, reverse=True) or least[-1] != 0:
            raise AppraisalRuleInvalid("grades must fall to 0.")


def grade_of(total: Decimal, grades: Iterable[tuple[str, Decimal]]) -> str:
    """The first grade whose least points are reached; a total on the line has reached it."""
    return next(grade for grade, least in grades if total >= least)


@dataclass(frozen=True)
class Said:
    """What is said of one line: points, and words."""

    score: Decimal | None
    words: str = ""
    proofs: tuple[int, ...] = ()


MISSING, BEYOND, UNPROVEN, UNREASONED = "missing", "beyond", "unproven", "unreasoned"


def lacks_of_filing(lines: Mapping[int, tuple[str, Decimal]], said: Mapping[int, Said]) -> dict[int, str]:
    """Line → what its self-score lacks: points, no more than the maximum, and words or a document for them."""
    found = {}
    for key, (_title, maximum) in lines.items():
        answer = said.get(key, Said(None))
        if answer.score is None:
            found[key] = MISSING
        elif not 0 <= answer.score <= maximum:
            found[key] = BEYOND
        elif answer.score > 0 and not answer.words.strip() and not answer.proofs:
            found[key] = UNPROVEN
    return found


def lacks_of_verifying(lines: Mapping[int, tuple[Decimal, Decimal]], said: Mapping[int, Said]) -> dict[int, str]:
    """Line (maximum, self-score) → what its verification lacks: points, no more than the maximum, and a reason wherever
    they differ from the self-score."""
    found = {}
    for key, (maximum, own) in lines.items():
        answer = said.get(key, Said(None))
        if answer.score is None:
            found[key] = MISSING
        elif not 0 <= answer.score <= maximum:
            found[key] = BEYOND
        elif answer.score != own and not answer.words.strip():
            found[key] = UNREASONED
    return found
