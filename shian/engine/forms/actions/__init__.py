"""Verbs of forms."""

from shian.engine.forms.actions.editions import (
    VersionRefused,
    discard_draft,
    issue_version,
    load_packed_forms,
    upload_form,
    withdraw_version,
)

__all__ = [
    "VersionRefused",
    "discard_draft",
    "issue_version",
    "load_packed_forms",
    "upload_form",
    "withdraw_version",
]
