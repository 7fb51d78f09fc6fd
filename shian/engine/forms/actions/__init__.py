"""Verbs of forms."""

from shian.engine.forms.actions.editions import (
    VersionRefused,
    discard_draft,
    issue_version,
    load_packed_forms,
    upload_form,
    withdraw_version,
)
from shian.engine.forms.actions.phones import admit_phone, enter_by_phone, revoke_phone
from shian.engine.forms.actions.receiving import (
    Sent,
    SubmissionRefused,
    receive_answers,
    receive_xml,
    release_submission,
)

__all__ = [
    "Sent",
    "SubmissionRefused",
    "VersionRefused",
    "admit_phone",
    "discard_draft",
    "enter_by_phone",
    "issue_version",
    "load_packed_forms",
    "receive_answers",
    "receive_xml",
    "release_submission",
    "revoke_phone",
    "upload_form",
    "withdraw_version",
]
