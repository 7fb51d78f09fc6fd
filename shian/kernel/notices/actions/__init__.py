"""Verbs of notices: one module per noun."""

from shian.kernel.notices.actions.hooks import (
    HookRefused,
    deliver_pushes,
    end_hook,
    queue_pushes,
    register_hook,
    retry_pushes,
    try_hook,
)
from shian.kernel.notices.actions.inbox import Draft, mark_all_read, mark_read, send_notices
from shian.kernel.notices.actions.mails import deliver_mails, queue_digests, retry_mails
from shian.kernel.notices.actions.preferences import choose_mail
from shian.kernel.notices.actions.purges import purge_messages
from shian.kernel.notices.actions.reminders import ask_rule, run_rule, run_rules

__all__ = [
    "Draft",
    "HookRefused",
    "ask_rule",
    "choose_mail",
    "deliver_mails",
    "deliver_pushes",
    "end_hook",
    "mark_all_read",
    "mark_read",
    "purge_messages",
    "queue_digests",
    "queue_pushes",
    "register_hook",
    "retry_mails",
    "retry_pushes",
    "run_rule",
    "run_rules",
    "send_notices",
    "try_hook",
]
