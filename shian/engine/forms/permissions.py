"""Who may do what with forms."""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, any_user, role_in

FORM_READ: Policy = any_user  # rows: issued versions; drafts only for whoever writes them
FORM_WRITE: Policy = role_in(Role.OFFICE)
