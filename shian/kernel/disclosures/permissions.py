"""Who may ask for full values (whoever may open the record, which its loader decides), and who reads the list."""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, any_user, role_in

RECORD_OPEN: Policy = any_user
DISCLOSURE_READ: Policy = role_in(Role.ADMIN)
