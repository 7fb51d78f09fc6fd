"""The closed loops of field checks."""

from shian.domains.fieldchecks.definitions.cases.filings import FILING
from shian.domains.fieldchecks.definitions.cases.problems import FIELD_PROBLEM

CASE_TYPES = (FIELD_PROBLEM, FILING)
