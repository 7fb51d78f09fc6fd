"""What records of tracing share."""

from django.urls import reverse

from shian.domains.tracing.models import Market
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pieces import TimelineEntry


def market_url(market: Market) -> str:
    return reverse("tracing:market_detail", args=[market.code])


def timeline_of(subject: str) -> list[TimelineEntry]:
    """What was sealed about it; orders of files are sealed with their batch."""
    return [
        TimelineEntry(
            deed_text(each.action), each.at, by=actor(each.actor), body=str(each.data.get("reason", "")),
            seal=each.seal, seal_url=reverse("notary:entry_detail", args=[each.uid]),
        )
        for each in entries_of(subject)
    ]  # fmt: skip
