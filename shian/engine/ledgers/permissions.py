"""Who may do what with ledgers. Rows are cut by scope; importing asks the importer's own roles."""

from shian.kernel.accounts.permissions import Policy, any_user

LEDGER_READ: Policy = any_user
LEDGER_EXPORT: Policy = any_user
