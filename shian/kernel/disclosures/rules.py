"""When a reason is asked for, and which reasons are offered. Pure."""

from collections.abc import Iterable
from datetime import timedelta

REASON_ABOVE = 500  # rows: GB/T 22239-2019 asks for control of bulk extraction; the number is the platform's own
WINDOW = timedelta(minutes=10)
MOST_IN_WINDOW = {"export": 30, "view": 60, "file": 120}  # by one user: more is no work by hand
SHORTEST = 2  # characters of a reason in one's own words
LONGEST = 200


def needs_reason(rows: int, personal: Iterable[str]) -> bool:
    """Whether an export of so many rows with these kinds of personal data states its reason."""
    return rows > REASON_ABOVE or any(personal)


def needs_confirmation(rows: int, personal: Iterable[str], *, is_masked: bool) -> bool:
    """Whether the taker says once more who he is: before many rows and before personal data that no mask covers."""
    return rows > REASON_ABOVE or (not is_masked and any(personal))


def reason_of(chosen: str, words: str) -> str:
    """The reason as it is kept: the chosen one, the own words, or both as `选定：补充`; "" for one without sense."""
    own = " ".join(words.split())[:LONGEST]
    if chosen:
        return f"{chosen}：{own}" if own else chosen
    return own if len(own) >= SHORTEST else ""
