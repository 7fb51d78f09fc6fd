"""Parts that are shown rounded and still add up to the total that is shown beside them."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import product

PLACES = 2
Sums = tuple[Decimal, ...]


def rounded(number: Decimal, places: int = PLACES) -> Decimal:
    """Half up, as a number is shown that stands alone."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def shown_parts(parts: Sequence[Decimal], total: Decimal, places: int = PLACES) -> list[Decimal]:
    """The parts rounded down or up so that they add up to the rounded `total`: largest remainders go up, of equal ones
    the first. `total` is the exact sum, which the parts may miss by the end of a division (thirds of an item)."""
    step = Decimal(1).scaleb(-places)
    floors = [part.quantize(step, ROUND_FLOOR) for part in parts]
    left = int((rounded(total, places) - sum(floors, Decimal(0))) / step)
    order = sorted(range(len(parts)), key=lambda place: (floors[place] - parts[place], place))
    raised = set(order[:left])
    return [floor + step if place in raised else floor for place, floor in enumerate(floors)]


def shown_grid(rows: Sequence[Sequence[Decimal]], places: int = PLACES) -> list[list[Decimal]]:
    """Rows of parts rounded so that each column adds up to its rounded sum, and each row to a rounding of its own.

    Every cell is rounded down or up; among the ways to do it the one with the smallest squared distance is taken. Where
    the rounded sums of the columns leave no way that keeps the rows too, the columns alone add up.
    """
    if not rows:
        return []
    columns = list(zip(*rows, strict=True))
    sums = [sum(column, Decimal(0)) for column in columns]
    found = _nearest(rows, tuple(rounded(each, places) for each in sums), places)
    if found is not None:
        return found
    drawn = [shown_parts(column, total, places) for column, total in zip(columns, sums, strict=True)]
    return [list(row) for row in zip(*drawn, strict=True)]


def _nearest(rows: Sequence[Sequence[Decimal]], wanted: Sums, places: int) -> list[list[Decimal]] | None:
    """Row by row, the cheapest way to every set of column sums that can be reached; None when `wanted` cannot."""
    reached: dict[Sums, tuple[Decimal, list[list[Decimal]]]] = {(Decimal(0),) * len(wanted): (Decimal(0), [])}
    for row in rows:
        onward: dict[Sums, tuple[Decimal, list[list[Decimal]]]] = {}
        for choice, (sums, (cost, chosen)) in product(_ways(row, places), reached.items()):
            ahead = tuple(before + mine for before, mine in zip(sums, choice, strict=True))
            paid = cost + sum(((mine - exact) ** 2 for mine, exact in zip(choice, row, strict=True)), Decimal(0))
            if ahead not in onward or paid < onward[ahead][0]:
                onward[ahead] = (paid, [*chosen, list(choice)])
        reached = onward
    found = reached.get(wanted)
    return found[1] if found else None


def _ways(row: Sequence[Decimal], places: int) -> list[Sums]:
    """Each cell down or up, the row's sum down or up."""
    step = Decimal(1).scaleb(-places)
    floors = [part.quantize(step, ROUND_FLOOR) for part in row]
    options = [(low,) if low == part else (low, low + step) for low, part in zip(floors, row, strict=True)]
    whole = sum(row, Decimal(0))
    return [choice for choice in product(*options) if abs(sum(choice, Decimal(0)) - whole) < step]
