"""The dated numbers of rounds and teams."""

from datetime import date

from shian.domains.fieldchecks.rules.rounds import RoundNumbers, read_numbers
from shian.kernel.parameters.dated import Dated

ROUND_NUMBERS = Dated("field_rounds", read_numbers)


def numbers_at(day: date) -> RoundNumbers:
    """The version in force on the day. Raises ImproperlyConfigured."""
    return ROUND_NUMBERS.at(day)
