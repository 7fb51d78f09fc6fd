"""Reads of the lists."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from shian.kernel.accounts.permissions import check
from shian.kernel.disclosures.models import Disclosure, Kind
from shian.kernel.disclosures.permissions import DISCLOSURE_READ
from shian.kernel.disclosures.rules import MOST_IN_WINDOW, WINDOW
from shian.kernel.notary.models import Entry
from shian.kernel.scope.walls import system_scope


def disclosures(user: Any, *, kind: str = "", text: str = "") -> QuerySet[Disclosure]:
    """What was shown and taken, for those who watch over it: of one kind, actor or record. PermissionDenied."""
    check(DISCLOSURE_READ, user)
    rows = Disclosure.objects.all()
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(Q(actor=text) | Q(title__icontains=text) | Q(subject__endswith=f":{text}"))
    return rows


def deeds(user: Any, *, text: str = "", begins: date | None = None, ends: date | None = None) -> QuerySet[Entry]:
    """Every sealed deed of everybody, for whoever audits the log: of one account, one record or one kind of deed, from
    the first day to the last (both included). PermissionDenied."""
    check(DISCLOSURE_READ, user)
    rows = Entry.objects.defer("data", "salt")
    if text:
        rows = rows.filter(Q(actor=text) | Q(subject=text) | Q(subject__endswith=f":{text}") | Q(action=text))
    if begins:
        rows = rows.filter(at__date__gte=begins)
    if ends:
        rows = rows.filter(at__date__lte=ends)
    return rows


def wait_before(kind: str, user: Any, at: datetime) -> int:
    """Seconds until the user may view or export again; 0 while fewer than MOST_IN_WINDOW lie in the window. Counted in
    the database, so for all processes and machines."""
    most = MOST_IN_WINDOW[kind]
    rows = Disclosure.objects.filter(actor=user.get_username(), kind=kind, at__gt=at - WINDOW)
    with system_scope():
        moments = list(rows.order_by("-id").values_list("at", flat=True)[:most])
    return max(1, int((moments[-1] + WINDOW - at).total_seconds())) if len(moments) == most else 0
