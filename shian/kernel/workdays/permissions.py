"""Everybody sees the calendar, because everybody's periods run by it; system administrators import it."""

from shian.kernel.accounts.permissions import any_user, role_in

CALENDAR_VIEW = any_user
CALENDAR_IMPORT = role_in()
