"""Who may do what with draws; they are cut by scope besides.

A sample names who will be visited, so that only those who prepare visits read it before it is published.
"""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, role_in

DRAW_READ: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
DRAW_WORK: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
