"""Who may do what with snapshots; figures are cut by reach besides."""

from shian.kernel.accounts.permissions import Policy, any_user

SNAPSHOT_READ: Policy = any_user
