"""Everybody has an inbox of their own; mail on its way is the administrators' concern."""

from shian.kernel.accounts.permissions import any_user, role_in

NOTICE_READ = any_user
MAIL_MANAGE = role_in()
