"""The closed loops that officials' visits begin."""

from shian.domains.duties.definitions.cases.problems import DUTY_PROBLEM
from shian.domains.duties.definitions.cases.supports import DUTY_SUPPORT
from shian.domains.duties.definitions.cases.untrue import DUTY_UNTRUE

CASE_TYPES = (DUTY_PROBLEM, DUTY_UNTRUE, DUTY_SUPPORT)
