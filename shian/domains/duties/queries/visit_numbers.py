"""The dated numbers of visits: packs/parameters/duty_visits.yaml."""

from datetime import date

from shian.domains.duties.rules.visits import Quarter, VisitNumbers, read_numbers
from shian.kernel.parameters.dated import Dated

NUMBERS = Dated("duty_visits", read_numbers)


def numbers_at(day: date) -> VisitNumbers:
    """The version in force on the day. Raises ImproperlyConfigured when the pack has none."""
    return NUMBERS.at(day)


def earliest_quarter() -> Quarter:
    """The first one that the pack has numbers for: nothing was due before."""
    return Quarter.of(NUMBERS.versions()[0].valid_from)
