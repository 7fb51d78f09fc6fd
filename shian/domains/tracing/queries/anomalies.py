"""Broken chains: how many stand open, and which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from shian.domains.tracing.models import TraceAnomaly
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.rules import level_of_key


@dataclass(frozen=True)
class AnomalyChoice:
    """state: open, handled, cleared; "" is open."""

    check: str = ""
    state: str = ""
    area: str = ""


def anomalies_chosen(user: Any, choice: AnomalyChoice) -> QuerySet[TraceAnomaly]:
    """Anomalies of holders in the reader's reach."""
    rows = TraceAnomaly.objects.visible_to(user)
    rows = rows.filter(check_key=choice.check) if choice.check else rows
    rows = rows.filter(**{level_of_key(choice.area).value: choice.area}) if choice.area else rows
    if choice.state == "cleared":
        return rows.filter(cleared_on__isnull=False)
    return rows.filter(cleared_on__isnull=True, handled_at__isnull=choice.state != "handled")


def open_by_check(user: Any) -> Mapping[str, int]:
    """Check → open anomalies in reach."""
    rows = TraceAnomaly.objects.visible_to(user).filter(cleared_on__isnull=True, handled_at__isnull=True)
    return dict(rows.order_by().values("check_key").annotate(n=Count("pk")).values_list("check_key", "n"))


def last_checked(subject: str) -> datetime | None:
    """When all chains were looked through last."""
    found = entries_of(subject)
    return found[0].at if found else None
