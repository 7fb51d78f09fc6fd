"""Dated words, pure: which of a dictionary's terms hold on a day in a place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

ALWAYS = date(1, 1, 1)


@dataclass(frozen=True)
class Term:
    """A name of a code, in force from `valid_from` until before `valid_to`, in the area with this key or anywhere ("").

    `details` are what else the dictionary says of it (a format's kind and stage). `entry` is the number of the city's
    row, None for a term of the pack.
    """

    code: str
    name: str
    valid_from: date
    valid_to: date | None
    area: str
    name_en: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    entry: int | None = None

    def is_current(self, day: date) -> bool:
        """Does the day lie between its dates?"""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def replaced_in(term: Term, terms: Iterable[Term]) -> list[str]:
    """Keys of the areas in which another term takes this one's place: same code, same first day, a smaller area.

    This is how a city ends a word of the pack for itself: its own row says when.
    """
    return sorted(
        {
            other.area
            for other in terms
            if (other.code, other.valid_from) == (term.code, term.valid_from)
            and len(other.area) > len(term.area)
            and other.area.startswith(term.area)
        }
    )


def terms_in_force(terms: Sequence[Term], day: date, area: str) -> list[Term]:
    """The terms that hold on the day in the area with this key, in order of code; "" asks for what holds anywhere."""
    return [
        term
        for term in sorted(terms, key=lambda each: (each.code, each.area, each.valid_from))
        if term.is_current(day)
        and area.startswith(term.area)
        and not any(area.startswith(other) for other in replaced_in(term, terms))
    ]


def terms_seen_from(terms: Sequence[Term], day: date, area: str) -> list[Term]:
    """The terms that a reader in that area meets on the day: those that hold there, and those of places inside it."""
    return [
        term
        for term in sorted(terms, key=lambda each: (each.code, each.area, each.valid_from))
        if term.is_current(day) and is_seen_from(term, terms, area)
    ]


def is_seen_from(term: Term, terms: Iterable[Term], area: str) -> bool:
    """Does the term belong to the area, to one above or inside it, and has the area no row of its own in its place?"""
    touches = area.startswith(term.area) or term.area.startswith(area)
    return touches and not any(area.startswith(other) for other in replaced_in(term, terms))
