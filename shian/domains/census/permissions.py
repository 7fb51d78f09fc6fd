"""Who may see what of an operator. Rows are cut by scope; personal data is masked but for those who handle the file."""

from typing import Any

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, any_user, check, role_in
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator

OPERATOR_READ: Policy = any_user
OPERATOR_EXPORT: Policy = any_user
CODE_MANAGE: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)
HANDLERS = frozenset({Role.COUNTY, Role.STATION})


def handles(user: Any, operator: Operator) -> bool:
    """Is the user a supervisor of the county or station that the operator belongs to?"""
    own = [key for key in reach_of(user).keys if len(key) >= 6]
    return user.role in HANDLERS and any(operator.area.startswith(key) for key in own)


def check_manages(user: Any, operator: Operator) -> None:
    """Raise PermissionDenied or OutOfReach unless the user may act on the operator's code."""
    check(CODE_MANAGE, user)
    if not reach_of(user).covers(operator.area):
        raise OutOfReach(f"operators.operator:{operator.code}")
