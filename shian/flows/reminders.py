"""The only list of what reminds whom."""

from shian.flows import (
    duty_reminders,
    evidence_reminders,
    fault_reminders,
    import_reminders,
    own_reminders,
    recall_reminders,
    signature_reminders,
)
from shian.kernel.notices.ladders import register_rule


def connect() -> None:
    """The whole list."""
    for story in (signature_reminders, evidence_reminders, import_reminders, fault_reminders, duty_reminders):
        register_rule(story.RULE)
    for rule in (*own_reminders.RULES, *recall_reminders.RULES):
        register_rule(rule)
