"""The dated numbers by which points, formats and the city are judged."""

from datetime import date

from shian.domains.fieldchecks.rules.verdicts import FieldRules, read_rules
from shian.kernel.parameters.dated import Dated

FIELD_RULES = Dated("field_scores", read_rules)


def rules_at(day: date) -> FieldRules:
    """The version in force on the day. Raises ImproperlyConfigured."""
    return FIELD_RULES.at(day)
