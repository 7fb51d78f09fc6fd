"""Entries to look at, and a home folder of its own for the keys of one test."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from shian.kernel.notary.actions import seal, sequence
from shian.kernel.notary.models import Entry

AT = datetime(2022, 11, 24, 8, tzinfo=UTC)


def sealed(subject: str = "operators.operator:A1", by: str = "alice", **data: Any) -> Entry:
    with transaction.atomic():
        return seal(action="operators.closed", by=by, subject=subject, data=data or {"name": "食安"}, at=AT)


def sequenced(count: int, **data: Any) -> list[Entry]:
    """That many new entries, and the checkpoint over them."""
    entries = [sealed(**data) for _ in range(count)]
    sequence(at=AT)
    return entries
