"""Who may do what in tracing; rows are cut by scope besides."""

from typing import Any

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, Verdict, check, role_in
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of

TRACING_READ: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION, Role.REVIEWER, Role.ASSESSOR)
MARKET_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY)
ORDER_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)
CERTIFICATE_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.DEPARTMENT)


def own_stall(user: Any) -> Verdict:
    """People of operators, and nobody else: staff do not write in a business's name."""
    return Verdict(getattr(user, "role", None) == Role.OPERATOR, "")


def acting(policy: Policy, by: Any, area_key: str) -> str:
    """The name under which an action is written, once its actor may take it inside the area.

    A text names a program. Raises PermissionDenied, OutOfReach.
    """
    if isinstance(by, str):
        return by
    check(policy, by)
    if not reach_of(by).covers(area_key):
        raise OutOfReach(f"tracing.area:{area_key}")
    return str(by.get_username())
