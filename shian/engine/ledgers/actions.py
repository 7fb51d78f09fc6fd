"""What is written about ledgers besides imports: that somebody took rows out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from shian.engine.ledgers.permissions import LEDGER_EXPORT
from shian.kernel.accounts.permissions import check
from shian.kernel.notary.actions import seal
from shian.kernel.notary.models import Entry


@transaction.atomic
def record_export(*, subject: str, facts: Mapping[str, str], by: Any, at: datetime) -> Entry:
    """Seal that the user exported rows: what, with which filter, how many, with which checksum."""
    check(LEDGER_EXPORT, by)
    return seal(action="export.made", by=by.get_username(), subject=subject, data=facts, at=at)
