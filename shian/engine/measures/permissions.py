"""Who may do what with figures."""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, any_user, role_in

FIGURE_READ: Policy = any_user
FIGURE_FREEZE: Policy = role_in(Role.OFFICE)
