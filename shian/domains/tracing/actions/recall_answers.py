"""What holders answer: what they found in stock and what became of it; and how alerts were dealt with."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import Recall, RecallAlert, RecallHolder, RecallState
from shian.domains.tracing.permissions import RECALL_FOLLOW, of_holder
from shian.domains.tracing.rules.quantities import kilos
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal


@transaction.atomic
def answer_recall(
    *,
    holder: RecallHolder,
    on_hand: Decimal,
    by: Any,
    at: datetime,
    returned: Decimal = Decimal(0),
    destroyed: Decimal = Decimal(0),
    note: str = "",
) -> RecallHolder:
    """The holder has stopped selling and says what it has of its own (kilograms; what others bring back is theirs to
    tell), and what of it was returned or destroyed by now. It may say so again until the recall is over.

    Raises PermissionDenied, OutOfReach, TradeRefused.
    """
    name = of_holder(by, holder)
    recall = Recall.objects.select_for_update().get(pk=holder.recall_id)
    locked = RecallHolder.objects.select_for_update().get(pk=holder.pk)
    if recall.state != RecallState.RUNNING or locked.told_at is None:
        raise TradeRefused(_("召回已经办结，或者通知还没有发出。"))
    if min(on_hand, returned, destroyed) < 0:
        raise TradeRefused(_("数量不能是负数。"))
    if returned + destroyed > on_hand:
        raise TradeRefused(_("退回和销毁合计不能超过现存的 %(left)s 千克。") % {"left": kilos(on_hand)}, "destroyed")
    if recall.is_drill and returned + destroyed:
        raise TradeRefused(_("演练只核对库存，不退回也不销毁。"), "destroyed")
    if locked.acknowledged_at is None:
        locked.acknowledged_at, locked.acknowledged_by = at, name
    locked.on_hand, locked.returned, locked.destroyed = on_hand, returned, destroyed
    locked.note = note.strip()[:300]
    locked.handled_at = (locked.handled_at or at) if returned + destroyed == on_hand else None
    locked.save()
    told = {"recall": recall.number, "on_hand": str(on_hand), "returned": str(returned), "destroyed": str(destroyed)}
    noun = "drill" if recall.is_drill else "recall"
    seal(action=f"tracing.{noun}_answered", by=name, subject=locked.subject, data=told, at=at)
    return locked


@transaction.atomic
def handle_alert(*, alert: RecallAlert, outcome: str, by: Any, at: datetime) -> RecallAlert:
    """Say what was done about goods that were sold although they are recalled. Raises PermissionDenied, OutOfReach,
    TradeRefused."""
    name = acting(RECALL_FOLLOW, by, alert.area)
    locked = RecallAlert.objects.select_for_update().get(pk=alert.pk)
    if locked.handled_at is not None:
        raise TradeRefused(_("已经处置过了。"))
    if not outcome.strip():
        raise TradeRefused(_("请写明处置结果。"), "outcome")
    locked.handled_at, locked.handled_by, locked.outcome = at, name, outcome.strip()[:300]
    locked.save()
    told = {"movement": locked.movement, "outcome": locked.outcome}
    seal(action="tracing.alert_handled", by=name, subject=alert.recall.subject, data=told, at=at)
    return locked
