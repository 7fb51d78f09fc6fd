"""What a drill has found out so far, and what there was to be found."""

from datetime import datetime

from django.db.models import Max

from shian.domains.tracing.models import Merchant, Producer, Recall, RecallHolder
from shian.domains.tracing.rules.recalls import DrillResult
from shian.engine.trace.models import Holding, Party, Ring
from shian.engine.trace.walks import Direction, Limits, walk
from shian.kernel.scope.walls import system_scope


def sources_of(drill: Recall) -> set[str]:
    """Codes that are right answers: whoever stands at the beginning of the chain, that is, where nothing comes in."""
    found = walk(drill.roots, Direction.BACKWARD, Limits(ring=Ring(drill.ring)))
    deepest = max(found.confirmed.values(), default=0)
    ends = [node for node, depth in found.confirmed.items() if depth == deepest]
    parties = set(Holding.objects.filter(pk__in=ends).values_list("party", flat=True))
    with system_scope():
        codes = set(Producer.objects.filter(party__in=parties).values_list("code", flat=True))
        codes |= {f"{each.market.code}-{each.number}"
                  for each in Merchant.objects.filter(party__in=parties).select_related("market")}  # fmt: skip
    return codes | set(
        Party.objects.filter(pk__in=parties, operator__isnull=False).values_list("operator__code", flat=True)
    )


def result_of(drill: Recall) -> DrillResult:
    """Buyers are the holders beyond the roots who can be asked; whoever answered was found."""
    rows = RecallHolder.objects.filter(recall=drill, depth__gt=0).exclude(channel="public")
    answered = rows.filter(acknowledged_at__isnull=False)
    buyers, found = rows.count(), answered.count()
    last = answered.aggregate(last=Max("acknowledged_at"))["last"]
    return DrillResult(
        source_minutes=_minutes(drill, drill.source_at), is_source_right=drill.is_source_right, found=found,
        buyers=buyers, buyers_minutes=0.0 if not buyers else _minutes(drill, last),
    )  # fmt: skip


def _minutes(drill: Recall, at: datetime | None) -> float | None:
    """From the start of the drill."""
    if at is None or drill.decided_at is None:
        return None
    return (at - drill.decided_at).total_seconds() / 60


def missing_of(drill: Recall) -> list[RecallHolder]:
    """Buyers who did not answer: the weak points."""
    rows = RecallHolder.objects.filter(recall=drill, depth__gt=0, acknowledged_at__isnull=True)
    return list(rows.exclude(channel="public").select_related("operator").order_by("depth", "pk")[:200])
