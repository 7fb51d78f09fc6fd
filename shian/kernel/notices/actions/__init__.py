"""Verbs of notices: one module per noun."""

from shian.kernel.notices.actions.inbox import Draft, mark_all_read, mark_read, send_notices
from shian.kernel.notices.actions.mails import deliver_mails, queue_digests, retry_mails
from shian.kernel.notices.actions.preferences import choose_mail
from shian.kernel.notices.actions.reminders import ask_rule, run_rule, run_rules

__all__ = [
    "Draft",
    "ask_rule",
    "choose_mail",
    "deliver_mails",
    "mark_all_read",
    "mark_read",
    "queue_digests",
    "retry_mails",
    "run_rule",
    "run_rules",
    "send_notices",
]
