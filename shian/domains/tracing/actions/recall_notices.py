"""Notices to holders: queued a thousand at a time, each once whoever is killed in between.

A holder is told by the row that it is: its notice and its `told_at` are written in one transaction, and rows that
another worker is telling are passed by.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from shian.domains.tracing.actions.recall_scope import watch_recall
from shian.domains.tracing.models import Channel, Recall, RecallHolder, RecallState
from shian.domains.tracing.queries.receivers import staff_of, users_of_operators
from shian.kernel.notary.actions import seal
from shian.kernel.notices.actions import Draft, send_notices
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import NoticeLevel
from shian.kernel.scope.walls import system_scope

TELL, WATCH = "tracing.tell_holders", "tracing.watch_recalls"
CHUNK, SENDER = 1000, "worker"
RECALL_RULE, DRILL_RULE = "tracing.recalls", "tracing.drills"
TO_HOLDER = Wording(
    gettext_noop("召回通知：%(title)s（%(number)s）"), gettext_noop("%(level_term)s。请立即停止销售，核对库存并确认。")
)
TO_HOLDER_DRILL = Wording(
    gettext_noop("【演练】召回通知：%(title)s（%(number)s）"),
    gettext_noop("这是追溯演练，不是真实召回，不停止销售。请核对库存并确认。"),
)
TO_STAFF = Wording(
    gettext_noop("召回：%(title)s，辖区持有者 %(count)s 家"),
    gettext_noop("其中 %(open)s 家没有企业端账号，请送达并督促停售、处置。"),
)
TO_STAFF_DRILL = Wording(
    gettext_noop("【演练】召回：%(title)s，辖区持有者 %(count)s 家"), gettext_noop("这是追溯演练，不是真实召回。")
)


def tell_holders(*, recall: int, at: datetime) -> int:
    """Queue the notices of a recall or drill that are not queued yet; how many. Begun again after a kill it goes on
    where the last finished thousand ended."""
    told = 0
    while count := _tell_some(recall, at):
        told += count
    _finish(recall, at)
    return told


@transaction.atomic
def _tell_some(number: int, at: datetime) -> int:
    with system_scope():
        recall = Recall.objects.get(pk=number)
        if recall.state != RecallState.RUNNING:
            return 0
        untold = RecallHolder.objects.filter(recall=recall, told_at__isnull=True).order_by("pk")
        rows = list(untold.select_for_update(skip_locked=True, of=("self",)).select_related("operator")[:CHUNK])
        users = users_of_operators({each.operator_id for each in rows if each.operator_id})
        read = [(each, users[each.operator_id]) for each in rows if each.operator_id and each.operator_id in users]
        send_notices(drafts=[_draft(recall, each, people) for each, people in read], by=SENDER, at=at)
        by_portal = [each.pk for each, _people in read]
        RecallHolder.objects.filter(pk__in=by_portal).exclude(channel=Channel.LETTER).update(channel=Channel.PORTAL)
        RecallHolder.objects.filter(pk__in=[each.pk for each in rows]).update(told_at=timezone.now())
    if rows:
        told = {"recall": recall.number, "first": rows[0].pk, "last": rows[-1].pk, "holders": len(rows)}
        subject = f"tracing.recallnotices:{recall.number}"  # of its own: the recall's timeline tells the whole
        seal(action=f"tracing.{_noun(recall)}_told", by=SENDER, subject=subject, data=told, at=at)
    return len(rows)


def _noun(recall: Recall) -> str:
    return "drill" if recall.is_drill else "recall"


def _draft(recall: Recall, holder: RecallHolder, users: Collection[int]) -> Draft:
    code = holder.operator.code if holder.operator else ""
    return Draft(
        users, DRILL_RULE if recall.is_drill else RECALL_RULE, holder.subject,
        NoticeLevel.INFO if recall.is_drill else NoticeLevel.DUE, TO_HOLDER_DRILL if recall.is_drill else TO_HOLDER,
        _params(recall), reverse("operator:recall_answer", args=[code, holder.pk]),
    )  # fmt: skip


def _params(recall: Recall) -> dict[str, str | int]:
    return {"title": recall.title, "number": recall.number, "level_term": str(recall.get_level_display())}


@transaction.atomic
def _finish(number: int, at: datetime) -> None:
    """Once all are told: staff of each county hear of theirs, the recall says when, and it is sealed. One of several
    workers does it."""
    with system_scope():
        recall = Recall.objects.select_for_update().get(pk=number)
        rows = RecallHolder.objects.filter(recall=recall)
        is_open = recall.state != RecallState.RUNNING or rows.filter(told_at__isnull=True).exists()
        if recall.told_at is not None or is_open:
            return
        counted = rows.order_by().values("county", "city", "channel").annotate(count=Count("pk"))
        counts: dict[str, dict[str, int]] = {}
        for each in counted:
            is_here = (
                each["channel"] != Channel.LETTER
            )  # else nobody there reads here: those of the recall write to them
            area = counts.setdefault((each["county"] or each["city"]) if is_here else recall.area, {})
            area[each["channel"]] = area.get(each["channel"], 0) + each["count"]
        drafts = _to_staff(recall, counts)
        send_notices(drafts=drafts, by=SENDER, at=at)
        recall.told_at = timezone.now()
        recall.save(update_fields=["told_at"])
    told = {"holders": rows.count(), "areas": {area: sum(each.values()) for area, each in counts.items()}}
    seal(action=f"tracing.{_noun(recall)}_told", by=SENDER, subject=recall.subject, data=told, at=at)


def _to_staff(recall: Recall, counts: Mapping[str, Mapping[str, int]]) -> list[Draft]:
    """One notice to whoever follows several counties, over all of them."""
    merged: dict[tuple[int, ...], Counter[str]] = {}
    for area, told in counts.items():
        if area:
            merged.setdefault(tuple(sorted(staff_of(area))), Counter()).update(told)
    rule, level = (DRILL_RULE, NoticeLevel.INFO) if recall.is_drill else (RECALL_RULE, NoticeLevel.DUE)
    wording = TO_STAFF_DRILL if recall.is_drill else TO_STAFF
    link = reverse("tracing:recall_detail", args=[recall.number])
    return [
        Draft(
            staff, rule, recall.subject, level, wording,
            _params(recall) | {"count": told.total(), "open": told[Channel.STATION] + told[Channel.LETTER]}, link,
        )
        for staff, told in merged.items()
    ]  # fmt: skip


def watch_recalls(*, at: datetime) -> int:
    """Each running recall whose goods may have moved: scope and alerts, and notices to whoever is new; how many
    movements alerted."""
    alerts = 0
    for number in Recall.objects.running().order_by("pk").values_list("pk", flat=True):
        drawn, found = watch_recall(recall=number, at=at)
        alerts += found
        if drawn:
            tell_holders(recall=number, at=at)
    return alerts
