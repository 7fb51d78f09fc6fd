"""What records of tracing share."""

from typing import Any

from django.urls import reverse

from shian.domains.tracing.models import Certificate, Market, OutOrder
from shian.domains.tracing.permissions import own_trade
from shian.domains.tracing.tables.certificates import certificate_url
from shian.domains.tracing.tables.orders import out_url
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.masking import Personal, masked
from shian.kernel.ui.pieces import Fact, TimelineEntry


def phone_on_paper(user: Any, phone: str) -> str:
    """In full on the papers of whoever hands them out; staff who look them up read it masked, as everywhere."""
    return phone if own_trade(user).allowed else masked(Personal.PHONE, phone)


def filled(*facts: Fact) -> list[Fact]:
    """Those that say something."""
    return [each for each in facts if each.value not in (None, "")]


def market_url(market: Market) -> str:
    return reverse("tracing:market_detail", args=[market.code])


def certificate_face(user: Any, found: Certificate | None) -> str:
    """Where a certificate is read: its record, or what everybody sees of one that was issued elsewhere; "" for none."""
    if found is None:
        return ""
    if Certificate.objects.visible_to(user).filter(pk=found.pk).exists():
        return certificate_url(found)
    return reverse("tracing:certificate_scan", args=[found.token])


def sale_face(user: Any, found: OutOrder | None) -> str:
    """Where a sale is read; "" for one of a market out of reach."""
    is_seen = found is not None and OutOrder.objects.visible_to(user).filter(pk=found.pk).exists()
    return out_url(found) if found and is_seen else ""


def timeline_of(subject: str) -> list[TimelineEntry]:
    """What was sealed about it; orders of files are sealed with their batch."""
    return [
        TimelineEntry(
            deed_text(each.action), each.at, by=actor(each.actor), body=str(each.data.get("reason", "")),
            seal=each.seal, seal_url=reverse("notary:entry_detail", args=[each.uid]),
        )
        for each in entries_of(subject)
    ]  # fmt: skip
