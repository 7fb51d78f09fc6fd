"""Who may ask for full values (whoever may open the record, which its loader decides), and who reads the lists."""

from shian.kernel.accounts.permissions import LOG_AUDIT, Policy, any_user

RECORD_OPEN: Policy = any_user
DISCLOSURE_READ: Policy = LOG_AUDIT
