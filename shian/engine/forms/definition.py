"""What a form is, as frozen dataclasses that become JSON and back. Pure.

A definition is made by `checking` from the rows of a workbook or a pack, never by hand; scoring, the page for browsers
and the XForm all read it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

NOT_APPLICABLE = "na"
ALWAYS, WHEN_FAILED = "always", "fail"


@dataclass(frozen=True)
class Choice:
    """An answer to choose. `score` is the share of the points that it earns ("0" … "1"), "na" leaves the denominator,
    "" says nothing; `deduct` are the points that it takes in a question of several choices."""

    name: str
    label: str
    score: str = ""
    deduct: str = ""


@dataclass(frozen=True)
class Question:
    """A question, a group or a repeat (with `children`). Numbers are canonical decimal texts.

    points: full marks, "" when it is not scored. each, most: points that each counted fault takes, and the most that
    faults may take. photo: "always", "fail" (when points are lost) or "". companion_of: the item whose photo, remark or
    correction this is. parameters: of a range (start, end, step).
    """

    name: str
    type: str
    label: str = ""
    hint: str = ""
    list_name: str = ""
    required: bool = False
    required_message: str = ""
    relevant: str = ""
    constraint: str = ""
    constraint_message: str = ""
    calculation: str = ""
    default: str = ""
    appearance: str = ""
    read_only: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    points: str = ""
    each: str = ""
    most: str = ""
    rule: str = ""  # the deduction rule as it was written
    key_item: bool = False
    legal_basis: str = ""
    photo: str = ""
    companion_of: str = ""
    row: int = 0
    children: tuple["Question", ...] = ()

    @property
    def is_scored(self) -> bool:
        return self.points != ""

    @property
    def full(self) -> Decimal:
        return Decimal(self.points or 0)


@dataclass(frozen=True)
class Definition:
    """A form as written. Marks are percentages ("80"); valid_from is an ISO date or "". is_withheld: what was found
    stays with the finder and the office until it is released. takes_corrections: an item that loses points takes a
    second photo, of what was put right on the spot."""

    key: str
    title: str
    version: str = ""
    series: str = ""
    valid_from: str = ""
    pass_mark: str = ""
    excellent_mark: str = ""
    basis: str = ""
    confidence: str = ""
    is_withheld: bool = False
    takes_corrections: bool = False
    questions: tuple[Question, ...] = ()
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)

    def walk(self) -> Iterator[Question]:
        """Every question, groups before what is in them."""
        return iter(self._walked)

    @cached_property
    def _walked(self) -> tuple[Question, ...]:
        return tuple(_walk(self.questions))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all questions."""
        return frozenset(each.name for each in self._walked)

    @property
    def items(self) -> list[Question]:
        """The scored questions, in order."""
        return [each for each in self.walk() if each.is_scored]

    @property
    def full(self) -> Decimal:
        """All points, by adding."""
        return sum((each.full for each in self.items), Decimal(0))

    @property
    def datasets(self) -> list[str]:
        """Names of the lists of entities that its questions choose from."""
        return sorted({each.list_name for each in self.walk() if each.type == "select_one_from_file"})

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, without what is empty."""
        told: dict[str, Any] = _without_blanks(asdict(self))
        return told

    @property
    def digest(self) -> str:
        """SHA-256 over content; the version's own name does not count, nor where a row stood."""
        told = replace(self, version="", valid_from="", questions=tuple(map(_unplaced, self.questions))).as_json()
        return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def definition_of(told: Mapping[str, Any]) -> Definition:
    """Read back what `as_json` gave."""
    values = dict(told)
    values["questions"] = tuple(_question(each) for each in told.get("questions", ()))
    values["choices"] = {
        name: tuple(Choice(**each) for each in listed) for name, listed in told.get("choices", {}).items()
    }
    return Definition(**values)


def _question(told: Mapping[str, Any]) -> Question:
    return Question(**{**told, "children": tuple(_question(each) for each in told.get("children", ()))})


def _walk(questions: tuple[Question, ...]) -> Iterator[Question]:
    for each in questions:
        yield each
        yield from _walk(each.children)


def _unplaced(question: Question) -> Question:
    return replace(question, row=0, children=tuple(map(_unplaced, question.children)))


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_blanks(each) for key, each in value.items() if each not in ("", (), [], {}, False, 0)}
    return [_without_blanks(each) for each in value] if isinstance(value, list | tuple) else value
