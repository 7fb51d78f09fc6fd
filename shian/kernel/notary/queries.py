"""Reads of the log."""

from django.db.models import QuerySet

from shian.kernel.notary.models import Entry


def entries_of(subject: str) -> QuerySet[Entry]:
    """Entries about one subject ("app.model:key"), newest first. The caller has checked that the subject is visible."""
    return Entry.objects.filter(subject=subject).order_by("-id")
