"""Verbs of accounts. Passwords and codes are returned once and never sealed or stored in the clear."""

from shian.kernel.accounts.actions.factors import reset_factors, unlock_user
from shian.kernel.accounts.actions.passwords import (
    activate_user,
    change_password,
    give_demo_password,
    give_password,
    invite_user,
)
from shian.kernel.accounts.actions.sessions import (
    end_all_sessions,
    end_oldest_sessions,
    end_other_sessions,
    end_session,
    expire_session,
    link_identity,
    note_activity,
    note_event,
    save_preferences,
    sign_in,
)
from shian.kernel.accounts.actions.users import (
    LastAdministrator,
    OwnAccount,
    UsernameTaken,
    UsernameUnusable,
    change_role,
    create_admin,
    create_user,
    deactivate_user,
    reactivate_user,
    set_validity,
)

__all__ = [
    "LastAdministrator",
    "OwnAccount",
    "UsernameTaken",
    "UsernameUnusable",
    "activate_user",
    "change_password",
    "change_role",
    "create_admin",
    "create_user",
    "deactivate_user",
    "end_all_sessions",
    "end_oldest_sessions",
    "end_other_sessions",
    "end_session",
    "expire_session",
    "give_demo_password",
    "give_password",
    "invite_user",
    "link_identity",
    "note_activity",
    "note_event",
    "reactivate_user",
    "reset_factors",
    "save_preferences",
    "set_validity",
    "sign_in",
    "unlock_user",
]
