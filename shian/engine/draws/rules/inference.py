"""What the results of a sample tell: pass rate and mean with intervals per stratum, per area, of all; and what sample
would halve them. Estimators: rules/estimates.py.

Only units that could be drawn are spoken of: nothing is known of those that were excluded. A figure covers the parts
in which somebody was visited, and says how many units that are; a part is a cell of the draw, within an area for the
figures of areas.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shian.engine.draws.rules.estimates import Estimate, Part, mean, rate, visits_to_halve
from shian.engine.draws.rules.sampling import FrameRow

Name = tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What was found at a unit of the frame. `score`: None where none was given."""

    key: str
    passed: bool
    score: float | None = None


@dataclass(frozen=True)
class Inference:
    """`population` units could have been drawn, `covered` of them lie in parts with a visit, `visited` were visited.
    Rates from 0 to 1, means in points; None where nothing was found. `halving`: visits for intervals half as wide."""

    name: str
    population: int
    covered: int
    visited: int
    passed: int
    rate: Estimate | None
    mean: Estimate | None
    halving: int


@dataclass(frozen=True)
class Inferences:
    """Of all, by stratum, by area key. `strange`: keys of results that are not in the frame."""

    whole: Inference
    strata: Sequence[Inference]
    areas: Sequence[Inference]
    strange: Sequence[str]


def inferences(
    frame: Iterable[FrameRow],
    results: Iterable[Result],
    *,
    has_grades: bool = False,
    area_of: Callable[[str], str] = str,
    level: float = 0.95,
) -> Inferences:
    """Everything at once. `has_grades`: grades were drawn apart. `area_of`: the area that a row's area counts for."""
    rows = {row.key: row for row in frame if not row.excluded}
    found = {each.key: each for each in results}
    known = [each for key, each in found.items() if key in rows]

    def cell(row: FrameRow) -> Name:
        return (row.stratum, row.grade if has_grades else "")

    def by(name_of: Callable[[FrameRow], str], part_of: Callable[[FrameRow], Name]) -> list[Inference]:
        groups: dict[str, dict[Name, list[FrameRow]]] = defaultdict(lambda: defaultdict(list))
        for row in rows.values():
            groups[name_of(row)][part_of(row)].append(row)
        return [_inference(name, groups[name], found, level) for name in sorted(groups)]

    whole = by(lambda _row: "", cell)
    return Inferences(
        whole[0] if whole else _inference("", {}, found, level),
        by(lambda row: row.stratum, cell),
        by(lambda row: area_of(row.area), cell),
        sorted(set(found) - {each.key for each in known}),
    )


def _inference(
    name: str, groups: Mapping[Name, Sequence[FrameRow]], found: Mapping[str, Result], level: float
) -> Inference:
    parts = [_part(cell, rows, found) for cell, rows in sorted(groups.items())]
    visited = [part for part in parts if part.passed]
    scored = [part for part in visited if len(part.scores) == len(part.passed)]
    is_scored = bool(visited) and len(scored) == len(visited)
    return Inference(
        name,
        sum(part.population for part in parts),
        sum(part.population for part in visited),
        sum(len(part.passed) for part in visited),
        sum(sum(part.passed) for part in visited),
        rate(visited, level) if visited else None,
        mean(visited, level) if is_scored else None,
        sum(visits_to_halve(part.population, len(part.passed)) for part in visited),
    )


def _part(cell: Name, rows: Sequence[FrameRow], found: Mapping[str, Result]) -> Part:
    here = [found[row.key] for row in rows if row.key in found]
    scores = [each.score for each in here if each.score is not None]
    return Part(" ".join(filter(None, cell)), len(rows), [each.passed for each in here], scores)
