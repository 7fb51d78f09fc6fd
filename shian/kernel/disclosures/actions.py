"""Recording what was shown and what was taken."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shian.kernel.accounts.permissions import check
from shian.kernel.disclosures.models import Disclosure, Kind
from shian.kernel.disclosures.permissions import RECORD_OPEN
from shian.kernel.disclosures.records import FullRecord
from shian.kernel.disclosures.rules import needs_reason
from shian.kernel.notary.actions import seal
from shian.kernel.scope.walls import system_scope

DEEDS = {
    Kind.VIEW: "disclosures.record_opened",
    Kind.EXPORT: "export.made",
    Kind.FILE: "export.file_taken",
    Kind.LOOK: "disclosures.page_looked_at",
}
PATH = "path"  # of a look


class ReasonMissing(ValueError):
    """Personal data is opened, and much is taken, for a stated reason only."""


@transaction.atomic
def open_record(*, record: FullRecord, reason: str, by: Any, at: datetime) -> Disclosure:
    """Record that the user sees the full values of the record now, and why. Raises PermissionDenied, ReasonMissing."""
    check(RECORD_OPEN, by)
    if not reason:
        raise ReasonMissing(_("请选择或填写理由。"))
    return _keep(
        kind=Kind.VIEW,
        subject=record.subject,
        title=str(record.title),
        reason=reason,
        personal=[fact.personal for fact in record.facts],
        is_masked=False,
        rows=1,
        details={},
        by=by,
        at=at,
    )


@transaction.atomic
def record_export(
    *,
    subject: str,
    title: str,
    rows: int,
    by: Any,
    at: datetime,
    facts: Mapping[str, str],
    reason: str = "",
    personal: Sequence[str] = (),
    is_masked: bool = True,
    kind: Kind = Kind.EXPORT,
) -> Disclosure:
    """Record that the user took a file out: what, with which filter, how many rows, why. Raises ReasonMissing."""
    if needs_reason(rows, personal) and not reason:
        raise ReasonMissing(_("请选择或填写理由。"))
    return _keep(
        kind=kind,
        subject=subject,
        title=title,
        reason=reason,
        personal=personal,
        is_masked=is_masked,
        rows=rows,
        details=facts,
        by=by,
        at=at,
    )


@transaction.atomic
def record_look(*, page: str, path: str, title: str, by: Any, at: datetime) -> Disclosure:
    """Record that an assessor opened a page: its name among the urls, its address, its title as it stood there. The
    subject names the assessor, too: whose looks they are decides who opens their seals."""
    return _keep(
        kind=Kind.LOOK,
        subject=f"page:{by.get_username()}/{page}",
        title=title,
        reason="",
        personal=(),
        is_masked=True,
        rows=1,
        details={PATH: path},
        by=by,
        at=at,
    )


def _keep(
    *, kind: Kind, subject: str, title: str, reason: str, personal: Sequence[str], is_masked: bool, rows: int,
    details: Mapping[str, str], by: Any, at: datetime,
) -> Disclosure:  # fmt: skip
    kinds = sorted(set(filter(None, personal)))
    entry = seal(
        action=DEEDS[kind],
        by=by.get_username(),
        subject=subject,
        data={"title": title, "reason": reason, "personal": kinds, "rows": rows, **details},
        at=at,
    )
    with system_scope():  # who writes the list does not read it
        return Disclosure.objects.create(
            kind=kind,
            actor=by.get_username(),
            subject=subject,
            title=title[:200],
            reason=reason,
            personal=" ".join(kinds),
            is_masked=is_masked,
            rows=rows,
            details=dict(details),
            at=at,
            entry=entry.uid,
        )
