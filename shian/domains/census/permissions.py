"""Who may see what of an operator. Rows are cut by scope; personal data is masked but for those who handle the file."""

from typing import Any

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, any_user
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator

OPERATOR_READ: Policy = any_user
OPERATOR_EXPORT: Policy = any_user
HANDLERS = frozenset({Role.COUNTY, Role.STATION})


def handles(user: Any, operator: Operator) -> bool:
    """Is the user a supervisor of the county or station that the operator belongs to?"""
    own = [key for key in reach_of(user).keys if len(key) >= 6]
    return user.role in HANDLERS and any(operator.area.startswith(key) for key in own)
