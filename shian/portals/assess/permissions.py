"""Who may open the portal, and who reads what assessors looked at."""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, role_in

ITEM_ASSESS: Policy = role_in(Role.ASSESSOR, Role.OFFICE)  # the office sees what its guests see
LOOK_READ: Policy = role_in(Role.OFFICE)
