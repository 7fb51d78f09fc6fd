"""Where an item's evidence stands, what a round lists, and how near a document is to its end. Pure."""

from collections.abc import Collection
from datetime import date

NONE, FILED, RETURNED, CONDITIONAL, PASSED = "none", "filed", "returned", "conditional", "passed"
WORST_FIRST = (RETURNED, FILED, CONDITIONAL, PASSED)
VALID, EXPIRING, EXPIRED = "valid", "expiring", "expired"


def standing_of(states: Collection[str]) -> str:
    """The item's state from those of its documents: the worst counts, and nothing filed is "none"."""
    return next((each for each in WORST_FIRST if each in states), NONE)


def is_gap(state: str) -> bool:
    """Whether an item belongs on the next round's list: everything that has not passed as a whole."""
    return state != PASSED


def validity(expires_on: date | None, today: date, warned_before: int) -> str:
    """valid, expiring (its last day lies at most `warned_before` days ahead) or expired (the last day has passed)."""
    if expires_on is None:
        return VALID
    if expires_on < today:
        return EXPIRED
    return EXPIRING if (expires_on - today).days <= warned_before else VALID
