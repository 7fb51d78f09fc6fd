"""A notice's way: drafted from the quarter's figures, approved by another person, published, followed up (C-10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shian.domains.duties.actions.locking import locked_in
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import DutyNotice, NoticeKind, NoticeLine, NoticeState
from shian.domains.duties.permissions import NOTICE_KEEP
from shian.domains.duties.queries.notices import Quarterly, closed_quarters, quarterly
from shian.domains.duties.queries.spotchecks import level_of
from shian.domains.duties.rules.notices import FIGURES, Told
from shian.domains.duties.rules.visits import Quarter
from shian.engine.cases.series import next_in_series
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.notices.actions import Draft, send_notices
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import NoticeLevel
from shian.kernel.scope.rules import code_of_key, columns_of_key
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Post
from shian.registers.people.queries import valid_at

RULE = "duties.notices"
PUBLISHED = Wording(gettext_noop("包保履职通报已印发：%(title)s"), gettext_noop("通报中提到了您所在的区划，请查看。"))


@dataclass(frozen=True)
class NoticePlan:
    """What a notice is to say. area: the key of who issues it; units: keys of the areas that it names."""

    kind: NoticeKind
    area: str
    quarter: Quarter
    units: Sequence[str]
    title: str
    reason: str
    demands: str = ""
    follow_due_on: date | None = None


@transaction.atomic
def draft_notice(*, plan: NoticePlan, by: Any, at: datetime) -> DutyNotice:
    """With the figures of the named areas as they stand. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name = acting(NOTICE_KEEP, by, plan.area)
    told = _figures(plan)
    made = DutyNotice(
        number=next_in_series(DutyNotice.objects, f"TB{plan.quarter.key}-{plan.area}-"), drafted_at=at, drafted_by=name,
        kind=plan.kind, quarter=plan.quarter.key, area_code=code_of_key(plan.area), **columns_of_key(plan.area),
    )  # fmt: skip
    return _written(made, plan, told, "duties.notice_drafted", name, at)


@transaction.atomic
def edit_notice(*, notice: DutyNotice, plan: NoticePlan, by: Any, at: datetime) -> DutyNotice:
    """A draft is written anew, with the figures of now; whoever does it is its drafter. Raises as draft_notice."""
    name = acting(NOTICE_KEEP, by, notice.area)
    locked = locked_in(notice, NoticeState.DRAFTED)
    told = _figures(plan)
    locked.kind, locked.drafted_at, locked.drafted_by, locked.returned_because = plan.kind, at, name, ""
    return _written(locked, plan, told, "duties.notice_drafted", name, at)


def _figures(plan: NoticePlan) -> Quarterly:
    if plan.quarter.key not in closed_quarters(plan.area):
        raise DutyRefused(_("%(quarter)s的数字还没有冻结，不能通报。") % {"quarter": plan.quarter.key}, "quarter")
    told = quarterly(plan.area, plan.quarter)
    if not plan.units or any(each not in told.figures for each in plan.units):
        raise DutyRefused(_("请选择被通报的区划。"), "units")
    if not plan.reason.strip():
        raise DutyRefused(_("请写明事由。"), "reason")
    if plan.kind == NoticeKind.CRITICISM and not (plan.demands.strip() and plan.follow_due_on):
        raise DutyRefused(_("通报批评须写明整改要求和期限。"), "demands")
    return told


def _written(
    notice: DutyNotice, plan: NoticePlan, told: Quarterly, action: str, by: str, at: datetime
) -> DutyNotice:  # fmt: skip
    if plan.follow_due_on is not None and plan.follow_due_on <= timezone.localdate(at):
        raise DutyRefused(_("期限应在今天以后。"), "follow_due_on")
    notice.title, notice.reason, notice.demands = plan.title.strip(), plan.reason.strip(), plan.demands.strip()
    notice.follow_due_on, notice.check_of = plan.follow_due_on, told.check
    notice.save()
    notice.lines.all().delete()
    lines = [_line(notice, area, key, told.figures[area].get(key)) for area in plan.units for key in FIGURES]
    NoticeLine.objects.bulk_create(each for each in lines if each is not None)
    data = {
        "number": notice.number, "kind": str(notice.kind), "quarter": notice.quarter, "title": notice.title,
        "figures": {f"{each.area_key}.{each.key}": str(each.value) for each in lines if each is not None},
    }  # fmt: skip
    seal(action=action, by=by, subject=notice.subject, data=data, at=at)
    return notice


def _line(notice: DutyNotice, area: str, key: str, told: Told | None) -> NoticeLine | None:
    if told is None:
        return None
    return NoticeLine(notice=notice, area_key=area, key=key, value=told.value, part=told.part, whole=told.whole,
                      **columns_of_key(area))  # fmt: skip


@transaction.atomic
def approve_notice(*, notice: DutyNotice, by: Any, at: datetime) -> DutyNotice:
    """Another person than the drafter agrees. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name = acting(NOTICE_KEEP, by, notice.area)
    locked = _to_decide(notice, name)
    locked.state, locked.approved_at, locked.approved_by = NoticeState.APPROVED, at, name
    locked.save(update_fields=["state", "approved_at", "approved_by"])
    seal(action="duties.notice_approved", by=name, subject=locked.subject, data={"number": locked.number}, at=at)
    return locked


@transaction.atomic
def return_notice(*, notice: DutyNotice, reason: str, by: Any, at: datetime) -> DutyNotice:
    """Back to the drafter. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name = acting(NOTICE_KEEP, by, notice.area)
    locked = _to_decide(notice, name)
    if not reason.strip():
        raise DutyRefused(_("请写明退回的理由。"), "reason")
    locked.returned_because = reason.strip()[:300]
    locked.save(update_fields=["returned_because"])
    data = {"number": locked.number, "reason": locked.returned_because}
    seal(action="duties.notice_returned", by=name, subject=locked.subject, data=data, at=at)
    return locked


def _to_decide(notice: DutyNotice, by: str) -> DutyNotice:
    locked = locked_in(notice, NoticeState.DRAFTED)
    if locked.drafted_by == by:
        raise DutyRefused(_("起草人不能审定自己起草的通报，请由另一人审定。"))
    if locked.returned_because:
        raise DutyRefused(_("通报已经退回起草人，修改后再审定。"))
    return locked


@transaction.atomic
def publish_notice(*, notice: DutyNotice, by: Any, at: datetime) -> int:
    """It stands as it was approved; whoever works in a named area is told. How many were. Raises PermissionDenied,
    OutOfReach, DutyRefused."""
    name = acting(NOTICE_KEEP, by, notice.area)
    locked = locked_in(notice, NoticeState.APPROVED)
    locked.state, locked.published_at = NoticeState.PUBLISHED, at
    locked.save(update_fields=["state", "published_at"])
    areas = sorted(set(locked.lines.values_list("area_key", flat=True)))
    data = {"number": locked.number, "areas": areas}
    seal(action="duties.notice_published", by=name, subject=locked.subject, data=data, at=at)
    link = reverse("duties:notice_detail", args=[locked.pk])
    draft = Draft(_told(areas, timezone.localdate(at)), RULE, locked.subject, NoticeLevel.INFO, PUBLISHED,
                  {"title": locked.title}, link)  # fmt: skip
    return send_notices(drafts=[draft], by=name, at=at)


def _told(areas: Sequence[str], day: date) -> list[int]:
    """Accounts of posts in the named areas themselves."""
    if not areas:
        return []
    posts = Post.objects.filter(valid_at(day), person__user__is_active=True)
    with system_scope():
        rows = posts.filter(**{f"{level_of(areas[0]).value}__in": areas})
        return sorted(set(rows.values_list("person__user", flat=True)))


@transaction.atomic
def follow_notice(*, notice: DutyNotice, told: str, by: Any, at: datetime) -> DutyNotice:
    """What came of it: put right by the criticised, recommended to media for the praised. Raises PermissionDenied,
    OutOfReach, DutyRefused."""
    name = acting(NOTICE_KEEP, by, notice.area)
    locked = locked_in(notice, NoticeState.PUBLISHED)
    if not told.strip():
        raise DutyRefused(_("请写明后续情况。"), "follow_up")
    locked.state, locked.follow_up, locked.followed_at, locked.followed_by = (
        NoticeState.FOLLOWED, told.strip()[:1000], at, name,
    )  # fmt: skip
    locked.save(update_fields=["state", "follow_up", "followed_at", "followed_by"])
    data = {"number": locked.number, "follow_up": locked.follow_up}
    seal(action="duties.notice_followed", by=name, subject=locked.subject, data=data, at=at)
    return locked
