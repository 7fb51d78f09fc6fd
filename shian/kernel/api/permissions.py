"""Who may have tokens."""

from shian.kernel.accounts.permissions import Policy, any_user

TOKEN_MANAGE: Policy = any_user  # one's own only; a token never reaches further than its owner
