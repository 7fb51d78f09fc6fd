"""Who holds what is recalled: drawn when the recall is decided, and again when goods have moved since."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from shian.domains.tracing.models import Recall, RecallState
from shian.domains.tracing.queries.chains import arrays_of, kilos_of
from shian.engine.trace.actions.staging import stage
from shian.engine.trace.models import Graph, Ring
from shian.engine.trace.walks import Direction, Limits, walk
from shian.kernel.notary.actions import seal

LEVELS = "province, city, county, township, village"
_AREAS = ", ".join(f"p.{each}" for each in LEVELS.split(", "))
_STAGED = "staged_recall"
_FORGET = f"DELETE FROM {_STAGED} s USING tracing_recallline l WHERE l.recall_id = %(recall)s AND l.holding = s.holding"
# A party without a file is whoever walked into a market: told by the public notice. To whoever lies in another city a
# letter goes. Who reads notices here is seen when they are queued.
_HOLDERS = f"""
INSERT INTO tracing_recallholder AS r (recall_id, party, operator_id, {LEVELS}, ring, depth, lots, received, first_at,
    channel, acknowledged_by, returned, destroyed, note, is_late)
SELECT %(recall)s, p.id, p.operator_id, {_AREAS}, min(s.ring), min(s.depth), count(*), sum(s.kilos)::numeric(14, 2),
       min(h.first_at), CASE WHEN EXISTS (SELECT 1 FROM tracing_market m WHERE m.walk_in = p.id) THEN 'public'
                             WHEN p.city <> '' AND p.city <> %(city)s AND %(city)s <> '' THEN 'letter'
                             ELSE 'station' END, '', 0, 0, '', %(is_late)s
FROM {_STAGED} s JOIN trace_holding h ON h.id = s.holding JOIN trace_party p ON p.id = h.party_id
GROUP BY p.id ORDER BY p.id
ON CONFLICT (recall_id, party) DO UPDATE SET lots = r.lots + EXCLUDED.lots, received = r.received + EXCLUDED.received,
    ring = LEAST(r.ring, EXCLUDED.ring)
"""
_LINES = f"""
INSERT INTO tracing_recallline (recall_id, holder_id, holding, lot, ring, depth, kilos, first_at, is_late)
SELECT %(recall)s, r.id, h.id, h.lot, s.ring, s.depth, s.kilos::numeric(14, 2), h.first_at, %(is_late)s
FROM {_STAGED} s JOIN trace_holding h ON h.id = s.holding
JOIN tracing_recallholder r ON r.recall_id = %(recall)s AND r.party = h.party_id
ON CONFLICT (recall_id, holding) DO NOTHING
"""
# Goods that left a recalled holding after the decision; later tellings of earlier movements only widen the scope.
_ALERTS = f"""
INSERT INTO tracing_recallalert (recall_id, movement, seller, buyer, lot, kilos, moved_at, found_at, {LEVELS},
    handled_by, outcome)
SELECT %(recall)s, m.id, m.seller, m.buyer, l.lot, CASE WHEN m.uom = 'KGM' THEN m.quantity::numeric(14, 2) END, m.at,
       %(at)s, {_AREAS}, '', ''
FROM tracing_recallline l JOIN trace_movement m ON m.source = l.holding AND m.at > %(since)s
JOIN trace_party p ON p.id = m.seller
WHERE l.recall_id = %(recall)s AND l.ring = 1 AND m.ring = 1 AND m.kind IN (1, 2, 3)
  AND NOT EXISTS (SELECT 1 FROM tracing_recallalert a WHERE a.recall_id = l.recall_id AND a.movement = m.id)
  AND (m.kind = 1 OR NOT EXISTS (SELECT 1 FROM trace_movement t WHERE t.source = m.source AND t.target = m.target
                                 AND t.kind = 1 AND t.at > %(since)s))
ON CONFLICT (recall_id, movement) DO NOTHING
"""


def draw_scope(recall: Recall, *, is_late: bool = False) -> int:
    """Enter everybody whom the walk from the roots reaches and who is not entered yet, in the caller's deed; how many
    holdings are new. Three statements, whatever their number."""
    version = Graph.objects.values_list("version", flat=True).get()
    found = walk(recall.roots, Direction.FORWARD, Limits(ring=Ring(recall.ring)))
    holdings, depths, rings = arrays_of(found)
    kilos = kilos_of(holdings)
    lines = (
        f"{node}\t{depth}\t{ring}\t{kilos.get(node, 0.0)!r}\n"
        for node, depth, ring in zip(holdings, depths, rings, strict=True)
    )
    told: dict[str, Any] = {"recall": recall.pk, "is_late": is_late, "city": recall.city}
    with connection.cursor() as cursor:
        stage(cursor, _STAGED, "holding bigint, depth int, ring int, kilos float8", lines)
        cursor.execute(_FORGET, told)
        cursor.execute(_HOLDERS, told)
        cursor.execute(_LINES, told)
        drawn = int(cursor.rowcount)
    recall.watched = version
    recall.save(update_fields=["watched"])
    return drawn


@transaction.atomic
def watch_recall(*, recall: int, at: datetime) -> tuple[int, int]:
    """Look at what moved since the scope was drawn: new holdings are entered, and sales of recalled goods after the
    decision alert, each once. (holdings, alerts). Drills and recalls that are over are left alone."""
    found = Recall.objects.select_for_update(skip_locked=True).filter(pk=recall).first()
    version = Graph.objects.values_list("version", flat=True).get()
    if found is None or found.is_drill or found.state != RecallState.RUNNING or found.watched == version:
        return 0, 0
    drawn = draw_scope(found, is_late=True)
    with connection.cursor() as cursor:
        cursor.execute(_ALERTS, {"recall": found.pk, "at": at, "since": found.decided_at})
        alerts = int(cursor.rowcount)
    if drawn or alerts:
        told: dict[str, Any] = {"holdings": drawn, "alerts": alerts, "day": timezone.localdate(at).isoformat()}
        seal(action="tracing.recall_widened", by="worker", subject=found.subject, data=told, at=at)
    return drawn, alerts
