"""Pages of accounts: activation, the own account, the administrators' list."""

from shian.kernel.accounts.views.entrance import account_activate, mail_closed
from shian.kernel.accounts.views.own import account_detail, preferences_save, session_end, sessions_end
from shian.kernel.accounts.views.users import user_create, user_detail, user_list
from shian.kernel.accounts.views.verbs import (
    user_close,
    user_disconnect,
    user_invite,
    user_reopen,
    user_reset,
    user_role,
    user_unlock,
    user_validity,
)

__all__ = [
    "account_activate",
    "account_detail",
    "mail_closed",
    "preferences_save",
    "session_end",
    "sessions_end",
    "user_close",
    "user_create",
    "user_detail",
    "user_disconnect",
    "user_invite",
    "user_list",
    "user_reopen",
    "user_reset",
    "user_role",
    "user_unlock",
    "user_validity",
]
