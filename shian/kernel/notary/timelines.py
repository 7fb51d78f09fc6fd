"""What was sealed about a record, as its timeline."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse

from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pieces import TimelineEntry


def _nothing(_data: Mapping[str, Any]) -> str:
    return ""


def timeline_of(subject: str, told: Callable[[Mapping[str, Any]], str] = _nothing) -> list[TimelineEntry]:
    """Everything sealed under the subject, newest first; `told` makes a line of what an entry says."""
    return [
        TimelineEntry(
            deed_text(entry.action), entry.at, by=actor(entry.actor), body=told(entry.data), seal=entry.seal,
            seal_url=reverse("notary:entry_detail", args=[entry.uid]),
        )
        for entry in entries_of(subject)
    ]  # fmt: skip
