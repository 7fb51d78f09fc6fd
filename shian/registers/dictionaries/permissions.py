"""Who may read and who may change dictionaries."""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, role_in

DICTIONARY_READ: Policy = role_in(Role.OFFICE)
DICTIONARY_CHANGE: Policy = role_in(Role.ADMIN)
