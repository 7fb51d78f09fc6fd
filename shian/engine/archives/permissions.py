"""Who may do what with export sets; they are cut by scope besides."""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, any_user, role_in

ARCHIVE_READ: Policy = any_user
ARCHIVE_MAKE: Policy = role_in(Role.OFFICE, Role.COUNTY, Role.DEPARTMENT)
