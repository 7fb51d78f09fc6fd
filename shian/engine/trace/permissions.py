"""Who may do what with traces. Movements are open to all staff within their reach; who sends them is appointed."""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, role_in

TRACE_READ: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
TRACE_CAPTURE: Policy = role_in(Role.OFFICE, Role.DEPARTMENT, Role.COUNTY)
