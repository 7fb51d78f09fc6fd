"""Review rounds: opening one over its gap list, verdicts on documents, closing it with what it accepted archived."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.evidence import owners_of_items, settle_need
from shian.domains.campaign.models import (
    EvidenceLink,
    EvidenceNeed,
    EvidenceVersion,
    NeedState,
    ReviewRound,
    ReviewVerdict,
    ReviewWord,
    RoundItem,
)
from shian.domains.campaign.permissions import EVIDENCE_REVIEW, ROUND_OPEN
from shian.domains.campaign.queries.evidence import areas_at, document_items, last_round
from shian.domains.campaign.rules.evidence import is_gap
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import code_of_key, columns_of_key, level_of_key


class ReviewRefused(ValueError):
    """The round or the verdict cannot be so; the text says why."""


@transaction.atomic
def open_round(*, area_key: str, title: str, due_on: date, levels: Sequence[str], by: Any, at: datetime) -> ReviewRound:
    """A new round over the area. The first lists every document item of each level; a later one what has not passed:
    returned, passed on conditions only, not yet reviewed, changed since, or without any document.

    Raises ReviewRefused, PermissionDenied, OutOfReach.
    """
    name, today = acting(ROUND_OPEN, by, area_key), timezone.localdate(at)
    before = last_round(area_key)
    if before is not None and before.closed_at is None:
        raise ReviewRefused(_("“%(title)s”还没有结束。") % {"title": before.title})
    if due_on < today:
        raise ReviewRefused(_("审核截止日期在今天以前。"))
    if not levels:
        raise ReviewRefused(_("请至少选择一级。"))
    ensure_needs(area_key, levels, today)
    review = ReviewRound.objects.create(
        **columns_of_key(area_key), number=before.number + 1 if before else 1, title=title.strip(), due_on=due_on,
        levels=list(levels), opened_at=at, opened_by=name,
    )  # fmt: skip
    needs = [each for each in needs_at(area_key, levels) if before is None or is_gap(each.state)]
    if not needs:
        raise ReviewRefused(_("没有需要审核的评价内容：全部已通过。"))
    RoundItem.objects.bulk_create(
        RoundItem(round=review, need=each, before=each.state, outcome=each.state) for each in needs
    )
    listed = [f"{each.item_code}/{code_of_key(each.area)}" for each in needs]
    _seal("campaign.round_opened", review, name, at, due_on=due_on.isoformat(), items=listed)
    return review


def ensure_needs(area_key: str, levels: Sequence[str], today: date) -> None:
    """Every document item of each area at these levels is owed by somebody."""
    items = document_items()
    known = {(each.item_code, each.area) for each in needs_at(area_key, levels)}
    missing = []
    for key in areas_at(area_key, levels, today):
        level = level_of_key(key).value
        asked = [(each.code, list(each.lead_codes)) for each in items if level in each.levels]
        new = [each for each in asked if (each[0], key) not in known]
        owners = owners_of_items(new, key, today) if new else {}
        missing += [
            EvidenceNeed(item_code=code, unit_id=owners[code], since=today, **columns_of_key(key))
            for code, _leads in new
        ]
    EvidenceNeed.objects.bulk_create(missing)


def needs_at(area_key: str, levels: Sequence[str]) -> list[EvidenceNeed]:
    """What is owed in the area at these levels."""
    own = {name: value for name, value in columns_of_key(area_key).items() if value}
    rows = EvidenceNeed.objects.filter(**own).order_by("item_code", "county", "township")
    return [each for each in rows if level_of_key(each.area).value in levels]


@transaction.atomic
def give_verdict(
    *, review: ReviewRound, link: EvidenceLink, seen: int, verdict: str, comment: str = "", by: Any, at: datetime
) -> ReviewVerdict:
    """Pass, pass on conditions or return the version `seen` under an item. Passing pins its content by its hash.

    Raises ReviewRefused (also for a version that is not the newest any more), PermissionDenied, OutOfReach.
    """
    locked = EvidenceLink.objects.select_for_update(of=("self",)).select_related("evidence", "need").get(pk=link.pk)
    name = acting(EVIDENCE_REVIEW, by, locked.need.area)
    version = _reviewable(review, locked, seen, verdict, comment, name)
    given = sealed_verdict(review, locked, version, verdict, comment.strip(), name, at)
    given.save(force_insert=True)
    judge_link(locked, version, verdict)
    locked.save(update_fields=["state", "accepted", "accepted_sha256", "archived_at"])
    settle_need(locked.need, timezone.localdate(at))
    RoundItem.objects.filter(round=review, need=locked.need).update(decided_at=at)
    return given


def give_verdicts(
    *, review: ReviewRound, links: Sequence[EvidenceLink], by: Any, at: datetime
) -> tuple[int, dict[str, str]]:
    """Pass several at once as they stand now; how many passed, and document → why not."""
    passed, refused = 0, {}
    for link in links:
        try:
            give_verdict(review=review, link=link, seen=link.evidence.version, verdict=ReviewWord.PASSED, by=by, at=at)
            passed += 1
        except ReviewRefused as error:
            refused[link.evidence.title] = str(error)
    return passed, refused


@transaction.atomic
def close_round(*, review: ReviewRound, by: Any, at: datetime) -> ReviewRound:
    """End the round: its outcomes stand, what it accepted is archived. Raises ReviewRefused, OutOfReach."""
    locked = ReviewRound.objects.select_for_update().get(pk=review.pk)
    name = acting(ROUND_OPEN, by, locked.area)
    if locked.closed_at:
        raise ReviewRefused(_("本轮已经结束。"))
    waiting = RoundItem.objects.filter(round=locked, outcome=NeedState.FILED).count()
    if waiting:
        raise ReviewRefused(_("还有 %(count)s 项材料没有审核完。") % {"count": waiting})
    locked.closed_at, locked.closed_by = at, name
    locked.save(update_fields=["closed_at", "closed_by"])
    archived = EvidenceLink.objects.filter(
        need__rounds__round=locked, state=NeedState.PASSED, archived_at__isnull=True
    ).values_list("pk", flat=True)
    count = EvidenceLink.objects.filter(pk__in=list(archived)).update(archived_at=at)
    gaps = RoundItem.objects.filter(round=locked).exclude(outcome=NeedState.PASSED).select_related("need")
    left = [f"{each.need.item_code}/{code_of_key(each.need.area)}" for each in gaps.order_by("need__item_code", "pk")]
    _seal("campaign.round_closed", locked, name, at, archived=count, gaps=left)
    return locked


def _reviewable(
    review: ReviewRound, link: EvidenceLink, seen: int, verdict: str, comment: str, by: str
) -> EvidenceVersion:
    """The version that the verdict is about. Raises ReviewRefused."""
    if ReviewRound.objects.filter(pk=review.pk, closed_at__isnull=False).exists():
        raise ReviewRefused(_("本轮已经结束，不能再审核。"))
    if not RoundItem.objects.filter(round=review, need=link.need).exists():
        raise ReviewRefused(_("这项评价内容不在本轮清单内。"))
    if verdict not in ReviewWord.values:
        raise ReviewRefused(_("结论“%(verdict)s”不认识。") % {"verdict": verdict})
    if verdict != ReviewWord.PASSED and not comment.strip():
        raise ReviewRefused(_("退回和有条件通过须写明审核意见。"))
    if seen != link.evidence.version:
        raise ReviewRefused(_("材料已有新版本，请看过新版本再审核。"))
    version = EvidenceVersion.objects.select_related("stored").get(evidence=link.evidence_id, number=seen)
    if version.uploaded_by == by:
        raise ReviewRefused(_("自己上传的材料由别人审核。"))
    return version


def sealed_verdict(
    review: ReviewRound, link: EvidenceLink, version: EvidenceVersion, verdict: str, comment: str, by: str, at: datetime
) -> ReviewVerdict:
    """The verdict with its seal, still to be written."""
    said = {
        "round": review.number, "item": link.need.item_code, "area": code_of_key(link.need.area),
        "verdict": verdict, "comment": comment, "version": version.number, "sha256": version.stored.sha256,
    }  # fmt: skip
    entry = seal(action="campaign.evidence_reviewed", by=by, subject=f"campaign.evidence:{link.evidence_id}",
                 data=said, at=at)  # fmt: skip
    return ReviewVerdict(
        round=review, link=link, version=version, sha256=version.stored.sha256, verdict=verdict,
        comment=comment, at=at, by=by, seal=entry.uid,
    )  # fmt: skip


def judge_link(link: EvidenceLink, version: EvidenceVersion, verdict: str) -> None:
    """In memory: where the document stands under the item after the verdict on this version."""
    link.state = NeedState(verdict)
    if verdict == ReviewWord.PASSED:
        link.accepted, link.accepted_sha256, link.archived_at = version, version.stored.sha256, None
    elif link.accepted_id == version.pk:  # the same version is judged otherwise in this round
        link.accepted, link.accepted_sha256, link.archived_at = None, "", None


def _seal(action: str, review: ReviewRound, by: str, at: datetime, **said: Any) -> Any:
    data = {"round": review.number, "title": review.title, "area": code_of_key(review.area), **said}
    return seal(action=action, by=by, subject=f"campaign.reviewround:{review.pk}", data=data, at=at)
