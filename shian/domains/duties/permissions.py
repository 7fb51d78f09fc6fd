"""Who may do what in duties; rows are cut by scope besides. Officials see their own businesses whatever their reach."""

from typing import Any

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, any_user, check, role_in
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of

DUTY_READ: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY, Role.STATION, Role.REVIEWER, Role.ASSESSOR)
DUTY_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY)
CENSUS_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)
DUTY_OWN: Policy = any_user  # rows: the own businesses, letters
LETTER_SIGN: Policy = any_user  # rows: the own letter; letters on paper by who keeps the roster
BOARD_KEEP: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.STATION)


def acting(policy: Policy, by: Any, area_key: str) -> str:
    """The name under which an action is written, once its actor may take it inside the area.

    A text names a program. Raises PermissionDenied, OutOfReach.
    """
    if isinstance(by, str):
        return by
    check(policy, by)
    if not reach_of(by).covers(area_key):
        raise OutOfReach(f"duties.area:{area_key}")
    return str(by.get_username())
