"""Who may do what about operators' own duty: staff by area, people of an operator by their binding."""

from typing import Any

from shian.domains.selfcontrol.models import Duty
from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, Verdict, any_user, check, role_in
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator

DUTY_READ: Policy = any_user
ACCOUNT_OPEN: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)
EXAM_CALL: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)
TRAINING_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)
COMMITMENT_ISSUE: Policy = role_in(Role.OFFICE, Role.COUNTY)
MANAGERS = (Duty.PRINCIPAL, Duty.DIRECTOR)  # who appoints, approves lists and reports
CHECKERS = (Duty.DIRECTOR, Duty.OFFICER)  # who signs a week
EVERYBODY = tuple(Duty)
OFFICERS, PRINCIPALS = (Duty.OFFICER,), (Duty.PRINCIPAL,)
POSTS = [(each.value, each.label) for each in CHECKERS]  # what somebody is appointed to


def own_portal(user: Any) -> Verdict:
    """People of operators, and nobody else: staff do not write in a business's name."""
    return Verdict(getattr(user, "role", None) == Role.OPERATOR, "")


def acting(policy: Policy, by: Any, operator: Operator) -> str:
    """The name under which staff act on an operator. A text names a program. Raises PermissionDenied, OutOfReach."""
    if isinstance(by, str):
        return by
    check(policy, by)
    if not reach_of(by).covers(operator.area):
        raise OutOfReach(f"operators.operator:{operator.code}")
    return str(by.get_username())
