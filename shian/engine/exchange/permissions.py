"""Who may do what with exchange; batches are cut by scope besides."""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import Policy, role_in
from shian.kernel.imports.permissions import IMPORT

EXCHANGE_READ: Policy = IMPORT
EXCHANGE_IMPORT: Policy = IMPORT
REPORT_SEND: Policy = role_in(Role.OFFICE, Role.COUNTY)
