"""Everybody has an inbox of their own; mail and messages on their way are the administrators' concern."""

from shian.kernel.accounts.permissions import any_account, role_in

NOTICE_READ = any_account
MAIL_MANAGE = role_in()
HOOK_MANAGE = role_in()
