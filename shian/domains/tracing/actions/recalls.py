"""A recall is proposed, decided by somebody else, published and closed; a drill likewise, but never published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.recall_notices import TELL
from shian.domains.tracing.actions.recall_scope import draw_scope
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import Cause, Recall, RecallHolder, RecallLevel, RecallState, Treatment
from shian.domains.tracing.permissions import RECALL_ORDER
from shian.domains.tracing.queries.recalls import MOST_ROOTS, NUMBERS, preview_of
from shian.domains.tracing.rules.recalls import start_due
from shian.engine.trace.models import Holding, Ring
from shian.kernel.accounts.permissions import acting
from shian.kernel.jobs.queue import defer
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.workdays.queries import calendar


@dataclass(frozen=True)
class Order:
    """What a recall says. roots: holdings; ring: how sure a holding is whose holder gets a notice."""

    title: str
    roots: Sequence[int]
    level: RecallLevel
    cause: Cause
    reason: str
    treatment: Treatment
    advice: str
    known_at: datetime
    cause_no: str = ""
    contact: str = ""
    ring: Ring = Ring.CONFIRMED


@transaction.atomic
def propose_recall(*, order: Order, by: Any, at: datetime, is_drill: bool = False) -> Recall:
    """Put a recall, or a drill, before somebody who decides. It lies in the one county of all its holders, else in the
    city.

    Raises PermissionDenied, OutOfReach for roots beyond the reach, TradeRefused.
    """
    name = acting(RECALL_ORDER, by)
    roots = list(Holding.objects.filter(pk__in=order.roots).select_related("party").order_by("pk"))
    if not roots or len(roots) > MOST_ROOTS or len(roots) != len(set(order.roots)):
        raise TradeRefused(_("请选择要召回的批次（最多 %(most)s 批）。") % {"most": MOST_ROOTS})
    for each in roots:
        acting(RECALL_ORDER, by, each.party.area)
    if order.known_at > at:
        raise TradeRefused(_("知悉时间不能晚于现在。"), "known_at")
    day, root = timezone.localdate(at), roots[0].party
    counties = preview_of([each.pk for each in roots]).areas | {
        each.party.county for each in roots if each.party.county
    }
    numbers = NUMBERS.at(day)
    made = Recall.objects.create(
        number=_number(is_drill, day), is_drill=is_drill, title=order.title.strip()[:120], level=order.level,
        cause=Cause.DRILL if is_drill else order.cause, cause_no=order.cause_no, reason=order.reason,
        treatment=order.treatment, advice=order.advice, contact=order.contact, roots=[each.pk for each in roots],
        ring=order.ring, known_at=order.known_at, start_due_at=start_due(order.known_at, numbers.levels[order.level]),
        proposed_at=at, proposed_by=name, target_minutes=numbers.drill_minutes if is_drill else None,
        **columns_of_key(next(iter(counties)) if len(counties) == 1 else root.city or root.province),
    )  # fmt: skip
    told = {"title": made.title, "level": made.level, "roots": made.roots[:200], "cause": str(made.cause),
            "reason": made.reason}  # fmt: skip
    seal(action=f"tracing.{_noun(made)}_proposed", by=name, subject=made.subject, data=told, at=at)
    return made


@transaction.atomic
def decide_recall(*, recall: Recall, is_ordered: bool, decision: str, by: Any, at: datetime) -> Recall:
    """Order what was proposed, or refuse it: by somebody else, in whose reach all of it lies. Its holders stand fixed
    when this returns; their notices follow at once by the worker.

    Raises PermissionDenied, OutOfReach; TradeRefused for the proposer, for a refusal without words, and when it was
    decided already.
    """
    name = acting(RECALL_ORDER, by, recall.area)
    locked = Recall.objects.select_for_update().get(pk=recall.pk)
    if locked.state != RecallState.PROPOSED:
        raise TradeRefused(_("已经决定过了。"))
    if name == locked.proposed_by:
        raise TradeRefused(_("提出人不能自己决定，请由另一人决定。"))
    if not is_ordered and not decision.strip():
        raise TradeRefused(_("不予召回的请写明理由。"), "decision")
    locked.decided_at, locked.decided_by, locked.decision = at, name, decision.strip()[:300]
    locked.state = RecallState.RUNNING if is_ordered else RecallState.REFUSED
    told: dict[str, Any] = {"decision": locked.decision, "is_ordered": is_ordered}
    if is_ordered:
        day = timezone.localdate(at)
        clock = NUMBERS.at(timezone.localdate(locked.proposed_at)).levels[RecallLevel(locked.level)]
        locked.finish_due_on = calendar().add_workdays(day, clock.finish_wd)
        locked.save()
        told |= {"holders": draw_scope(locked), "finish_due_on": locked.finish_due_on.isoformat()}
        defer(TELL, lock=f"{TELL}.{locked.pk}", recall=locked.pk)
    locked.save()
    seal(action=f"tracing.{_noun(locked)}_decided", by=name, subject=locked.subject, data=told, at=at)
    return locked


@transaction.atomic
def publish_recall(*, recall: Recall, by: Any, at: datetime) -> Recall:
    """Let everybody read it, and everybody who scans a code of its goods. Raises PermissionDenied, OutOfReach,
    TradeRefused for drills and for what is not running."""
    name = acting(RECALL_ORDER, by, recall.area)
    locked = Recall.objects.select_for_update().get(pk=recall.pk)
    if locked.is_drill:
        raise TradeRefused(_("演练不发布公告。"))
    if locked.state != RecallState.RUNNING or locked.published_at is not None:
        raise TradeRefused(_("只有召回中的、没有公告过的可以公告。"))
    locked.published_at = at
    locked.save(update_fields=["published_at"])
    told = {"title": locked.title, "advice": locked.advice}
    seal(action="tracing.recall_published", by=name, subject=locked.subject, data=told, at=at)
    return locked


@transaction.atomic
def close_recall(*, recall: Recall, summary: str, by: Any, at: datetime) -> Recall:
    """The recall is over: every holder who has goods has dealt with them, or the summary says why not.

    Raises PermissionDenied, OutOfReach; TradeRefused without summary, for drills (they are scored) and before the
    notices are out.
    """
    name = acting(RECALL_ORDER, by, recall.area)
    locked = Recall.objects.select_for_update().get(pk=recall.pk)
    if locked.is_drill:
        raise TradeRefused(_("演练请用“结束并评分”。"))
    if locked.state != RecallState.RUNNING or locked.told_at is None:
        raise TradeRefused(_("通知没有全部发出，还不能办结。"))
    if not summary.strip():
        raise TradeRefused(_("请写召回总结：已召回数量、未召回的原因和去向。"), "summary")
    end_recall(locked, summary, name, at)
    rows = RecallHolder.objects.filter(recall=locked)
    told = {
        "summary": locked.summary, "holders": rows.count(),
        "unanswered": rows.filter(acknowledged_at__isnull=True).count(),
    }  # fmt: skip
    seal(action="tracing.recall_closed", by=name, subject=locked.subject, data=told, at=at)
    return locked


def end_recall(locked: Recall, summary: str, name: str, at: datetime) -> None:
    """Write that a locked recall or drill is over, in the caller's deed."""
    locked.state, locked.closed_at, locked.closed_by = RecallState.CLOSED, at, name
    locked.summary = summary.strip()[:1000]
    locked.save()


def _noun(recall: Recall) -> str:
    return "drill" if recall.is_drill else "recall"


def _number(is_drill: bool, day: Any) -> str:
    """The day's next number; nobody else takes one before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tracing_recall'))")
    stem = f"{'YL' if is_drill else 'ZH'}{day:%Y%m%d}-"
    last = Recall.objects.filter(number__startswith=stem).order_by("-number").values_list("number", flat=True).first()
    return f"{stem}{int(last.rpartition('-')[2]) + 1 if last else 1:03d}"
