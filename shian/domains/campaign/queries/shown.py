"""Scores as they are shown: sections rounded so that they add up to the rounded total of their area."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shian.domains.campaign.queries.evaluations import Score
from shian.domains.campaign.rules.rounding import rounded, shown_grid, shown_parts

TOTAL = 0


@dataclass(frozen=True)
class ShownScore:
    """Points with two decimals."""

    possible: Decimal
    earned: Decimal
    lost: Decimal
    undecided: Decimal


def shown_scores(scores: Mapping[int, Score]) -> dict[int, ShownScore]:
    """Section number → points; 0 is the total, rounded as every number that stands alone.

    In each column the sections add up to the total. Across, earned, lost and undecided give the possible points in
    every section, unless the rounded totals themselves miss that by a cent.
    """
    whole = scores[TOTAL]
    total = ShownScore(*map(rounded, (whole.possible, whole.earned, whole.lost, whole.undecided)))
    numbers = [number for number in scores if number != TOTAL]
    cells = shown_grid([(scores[each].earned, scores[each].lost, scores[each].undecided) for each in numbers])
    if total.earned + total.lost + total.undecided == total.possible:
        possible = [sum(row, Decimal(0)) for row in cells]
    else:
        possible = shown_parts([scores[each].possible for each in numbers], whole.possible)
    rows = zip(numbers, possible, cells, strict=True)
    return {TOTAL: total, **{number: ShownScore(points, *row) for number, points, row in rows}}
