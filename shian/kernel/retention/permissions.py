"""Who may do what with retention: the same role proposes and approves, never the same person."""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import role_in

RETENTION_MANAGE = role_in(Role.OFFICE)
