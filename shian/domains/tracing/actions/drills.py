"""Drills (E-03): the source is looked for, the buyers answer, the result is scored."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.recalls import end_recall
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import Recall, RecallState
from shian.domains.tracing.permissions import RECALL_FOLLOW, RECALL_ORDER
from shian.domains.tracing.queries.drills import result_of, sources_of
from shian.domains.tracing.queries.recalls import NUMBERS
from shian.domains.tracing.rules.recalls import drill_score
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal


@transaction.atomic
def report_source(*, drill: Recall, code: str, by: Any, at: datetime) -> Recall:
    """Whoever plays says where the goods came from: the code of a producer, a merchant's market or an operator. The
    first answer counts, right or wrong. Raises PermissionDenied, OutOfReach, TradeRefused."""
    name = acting(RECALL_FOLLOW, by, drill.area)
    locked = Recall.objects.select_for_update().get(pk=drill.pk)
    if not locked.is_drill or locked.state != RecallState.RUNNING:
        raise TradeRefused(_("演练没有进行。"))
    if locked.source_at is not None:
        raise TradeRefused(_("已经报告过来源。"))
    if not code.strip():
        raise TradeRefused(_("请填写查到的来源。"), "source")
    locked.source_code, locked.source_at = code.strip()[:60], at
    locked.is_source_right = locked.source_code in sources_of(locked)
    locked.save()
    told = {"source": locked.source_code, "is_right": locked.is_source_right}
    seal(action="tracing.drill_source_found", by=name, subject=locked.subject, data=told, at=at)
    return locked


@transaction.atomic
def end_drill(*, drill: Recall, summary: str, by: Any, at: datetime) -> Recall:
    """Stop the watch and score: source right, share of the buyers who answered, time. Raises PermissionDenied,
    OutOfReach, TradeRefused without summary."""
    name = acting(RECALL_ORDER, by, drill.area)
    locked = Recall.objects.select_for_update().get(pk=drill.pk)
    if not locked.is_drill or locked.state != RecallState.RUNNING or locked.decided_at is None:
        raise TradeRefused(_("演练没有进行。"))
    if not summary.strip():
        raise TradeRefused(_("请写演练总结：用时、薄弱环节和改进措施。"), "summary")
    numbers = NUMBERS.at(timezone.localdate(locked.proposed_at))
    result = result_of(locked)
    locked.score = drill_score(result, locked.target_minutes or numbers.drill_minutes, numbers.weights)
    end_recall(locked, summary, name, at)
    told = {"score": locked.score, "found": result.found, "buyers": result.buyers, "summary": locked.summary}
    seal(action="tracing.drill_ended", by=name, subject=locked.subject, data=told, at=at)
    return locked
