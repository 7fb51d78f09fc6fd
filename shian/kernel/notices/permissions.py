"""Everybody has an inbox of their own; mail and messages on their way are the administrators' concern."""

from shian.kernel.accounts.permissions import any_user, role_in

NOTICE_READ = any_user
MAIL_MANAGE = role_in()
HOOK_MANAGE = role_in()
