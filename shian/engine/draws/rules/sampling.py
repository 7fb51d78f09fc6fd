"""How many are drawn of each stratum, which, which stand by, and who steps in for one that cannot be visited."""

import hashlib
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from shian.engine.draws.rules.randomness import key_for, select

SHARE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,12})?", re.ASCII)


class BadFrame(ValueError):
    """A frame that cannot be drawn from. The message is the identifier that stands in it twice or has a line feed in
    its stratum or grade; "" when the frame is empty."""


class BadParameter(ValueError):
    """A parameter that cannot be followed. The message names it."""


class MissingWeight(BadParameter):
    """A grade of the frame has no weight. The message is the grade."""


class NotDrawn(LookupError):
    """Who is to be replaced is not in the sample. The message is the identifier."""


class NoReserve(LookupError):
    """All reserves of the cell are used up. The message is the cell's name."""


class Rounding(StrEnum):
    """How a share of a population becomes a number. Only UP never falls below the share."""

    UP = "up"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


@dataclass(frozen=True, order=True)
class FrameRow:
    """One unit that could be drawn. `excluded` says why it cannot, though it counts in the population."""

    key: str
    stratum: str
    grade: str = ""
    area: str = ""
    excluded: str = ""

    def as_list(self) -> list[str]:
        """What is published and hashed of it."""
        return [self.key, self.stratum, self.grade, self.area, self.excluded]


@dataclass(frozen=True)
class Parameters:
    """Published with the frame. Shares are decimals in text ("0.2"), so that they are read back exactly.

    `ratio`: the share of each cell's population, excluded rows included, so that drawn ÷ population is as promised.
    `minimum`: so many of each cell at least, if it has them. `reserves`: so many per one drawn, rounded up.
    `weights`: the share of a grade is ratio × weight, at most 1. Without weights grades are not told apart; with them,
    each stratum is drawn grade by grade (a *cell*).
    """

    ratio: str
    rounding: Rounding = Rounding.UP
    minimum: int = 0
    reserves: str = "0"
    weights: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 < share(self.ratio, "ratio") <= 1:
            raise BadParameter("ratio")
        if self.minimum < 0:
            raise BadParameter("minimum")
        for name, number in (("reserves", self.reserves), *(("weights", each) for each in self.weights.values())):
            share(number, name)

    def reserves_for(self, size: int) -> int:
        """How many stand by for a sample of this size, if there are so many."""
        return math.ceil(size * Fraction(self.reserves))

    def as_json(self) -> dict[str, object]:
        """What is published and sealed."""
        return {
            "ratio": self.ratio,
            "rounding": str(self.rounding),
            "minimum": self.minimum,
            "reserves": self.reserves,
            "weights": dict(self.weights),
        }


def share(text: str, name: str) -> Fraction:
    """A decimal as an exact number. Raises BadParameter(name) for what is none."""
    if not SHARE.fullmatch(text):
        raise BadParameter(name)
    return Fraction(text)


@dataclass(frozen=True)
class Cell:
    """A stratum, or one grade of it: who was drawn and who stands by, in order."""

    stratum: str
    grade: str
    population: int
    eligible: int
    wanted: int
    drawn: tuple[str, ...]
    reserves: tuple[str, ...]

    @property
    def name(self) -> str:
        return cell_name(self.stratum, self.grade)

    @property
    def is_short(self) -> bool:
        """Were there too few that could be drawn?"""
        return len(self.drawn) < self.wanted


def cell_name(stratum: str, grade: str) -> str:
    """The name under which a cell draws: the stratum's; where grades are told apart, the grade on a second line."""
    return f"{stratum}\n{grade}" if grade else stratum


def rounded(value: Fraction, rule: Rounding) -> int:
    """A number of units for a share of them. HALF_EVEN: halves go to the even neighbour."""
    if rule == Rounding.UP:
        return math.ceil(value)
    if rule == Rounding.DOWN:
        return math.floor(value)
    return math.floor(value + Fraction(1, 2)) if rule == Rounding.HALF_UP else round(value)


def frame_of(rows: Iterable[FrameRow]) -> list[FrameRow]:
    """The frame in the order in which it is frozen: by identifier. Raises BadFrame."""
    frame = sorted(rows)
    if not frame:
        raise BadFrame("")
    for before, after in pairwise(frame):
        if before.key == after.key:
            raise BadFrame(before.key)
    for row in frame:
        if "\n" in row.stratum + row.grade:
            raise BadFrame(row.key)
    return frame


def frame_digest(frame: Sequence[FrameRow]) -> str:
    """SHA-256 in hexadecimal over one line of JSON per row, each closed by a line feed, in the frozen order."""
    hashed = hashlib.sha256()
    for row in frame:
        hashed.update(json.dumps(row.as_list(), ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return hashed.hexdigest()


def draw(frame: Sequence[FrameRow], parameters: Parameters, key: str) -> list[Cell]:
    """Every cell of a frozen frame, by stratum and grade. Raises MissingWeight.

    The reserves are the turns that follow the sample's: drawing more would have drawn them next.
    """
    cells: dict[tuple[str, str], list[FrameRow]] = defaultdict(list)
    for row in frame:
        cells[row.stratum, row.grade if parameters.weights else ""].append(row)
    return [_cell(*name, rows, parameters, key) for name, rows in sorted(cells.items())]


def _cell(stratum: str, grade: str, rows: Sequence[FrameRow], parameters: Parameters, key: str) -> Cell:
    pool = [row.key for row in rows if not row.excluded]
    wanted = wanted_of(len(rows), grade, parameters)
    size = min(wanted, len(pool))
    taken = select(pool, size + parameters.reserves_for(size), key_for(key, cell_name(stratum, grade)))
    return Cell(stratum, grade, len(rows), len(pool), wanted, tuple(taken[:size]), tuple(taken[size:]))


def wanted_of(population: int, grade: str, parameters: Parameters) -> int:
    """How many of so many the parameters ask for, whether or not they can be drawn. Raises MissingWeight."""
    weight = "1"
    if parameters.weights:
        if grade not in parameters.weights:
            raise MissingWeight(grade)
        weight = parameters.weights[grade]
    asked = population * min(Fraction(1), Fraction(parameters.ratio) * Fraction(weight))
    return min(population, max(rounded(asked, parameters.rounding), parameters.minimum))


@dataclass(frozen=True)
class Replacement:
    """`key` could not be visited; `by`, the first reserve left of its cell, steps in."""

    key: str
    by: str
    reason: str


def next_reserve(cells: Iterable[Cell], before: Sequence[Replacement], key: str) -> str:
    """Who steps in for `key`, after the replacements before. Raises NotDrawn, NoReserve.

    A reserve that stepped in can be replaced too.
    """
    gone, used = {each.key for each in before}, {each.by for each in before}
    for cell in cells:
        if key in gone or (key not in cell.drawn and not (key in cell.reserves and key in used)):
            continue
        for reserve in cell.reserves:
            if reserve not in used:
                return reserve
        raise NoReserve(cell.name)
    raise NotDrawn(key)


def final_sample(cells: Iterable[Cell], replaced: Sequence[Replacement]) -> list[str]:
    """Who is visited in the end: each that was replaced gives its place to whoever stepped in."""
    by = {each.key: each.by for each in replaced}
    return [_last(key, by) for cell in cells for key in cell.drawn]


def _last(key: str, by: Mapping[str, str]) -> str:
    while key in by:
        key = by[key]
    return key
