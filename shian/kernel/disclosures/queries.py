"""Reads of the list."""

from typing import Any

from django.db.models import Q, QuerySet

from shian.kernel.accounts.permissions import check
from shian.kernel.disclosures.models import Disclosure, Kind
from shian.kernel.disclosures.permissions import DISCLOSURE_READ


def disclosures(user: Any, *, kind: str = "", text: str = "") -> QuerySet[Disclosure]:
    """What was shown and taken, for those who watch over it: of one kind, actor or record. PermissionDenied."""
    check(DISCLOSURE_READ, user)
    rows = Disclosure.objects.all()
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(Q(actor=text) | Q(title__icontains=text) | Q(subject__endswith=f":{text}"))
    return rows
