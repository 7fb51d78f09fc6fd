"""What is done to matches: changed one by one, planned and approved together, handed over when an official leaves."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.actions.statements import (
    Moment,
    Renewed,
    begun_matches,
    ended_matches,
    known_to_planner,
    renewed_letters,
)
from shian.domains.duties.models import Match, MatchPlan, Official, PlanKind, PlanState, Tier, TierState
from shian.domains.duties.permissions import DUTY_KEEP
from shian.domains.duties.queries.matching import Outcome, outcome_of
from shian.domains.duties.rules.matching import LEVEL_OF, WHY
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal, seal_batch
from shian.kernel.scope.rules import code_of_key, columns_of_key
from shian.registers.operators.models import Operator

# Lines that no longer hold: the tier has ended, another official has the operator, or the proposed one has left.
_STALE = """
SELECT count(*) FROM duties_planline l JOIN duties_tier t ON t.id = l.tier_id
LEFT JOIN duties_match m ON m.tier_row_id = t.id AND m.valid_to IS NULL
JOIN duties_official f ON f.id = l.official_id
WHERE l.plan_id = %s
AND (t.valid_to IS NOT NULL OR m.official_id IS DISTINCT FROM l.former_id OR f.valid_to IS NOT NULL)
"""
_LINES = """
INSERT INTO duties_planline (plan_id, tier_id, official_id, former_id, reason)
SELECT %(plan)s, x.* FROM unnest(%(tiers)s::bigint[], %(officials)s::bigint[], %(former)s::bigint[], %(why)s::text[]) x
"""


@transaction.atomic
def change_match(*, operator: Operator, official: Official, reason: str, by: Any, at: datetime) -> Renewed:
    """Another official answers for the operator from this moment; both letters are invalid, both are due again.

    Raises PermissionDenied, OutOfReach, DutyRefused.
    """
    name = acting(DUTY_KEEP, by, operator.area)
    tier = Tier.objects.select_for_update().filter(
        operator=operator, state=TierState.CONFIRMED, valid_to=None
    ).first()  # fmt: skip
    if tier is None:
        raise DutyRefused(_("该主体还没有包保层级。"), "official")
    _check_official(official, tier, operator)
    if not reason.strip():
        raise DutyRefused(_("请写明调整的原因。"), "reason")
    now = Match.objects.filter(operator=operator, valid_to=None).first()
    if now is not None and now.official_id == official.pk:
        raise DutyRefused(_("现在就由%(name)s包保。") % {"name": official.name}, "official")
    moment = Moment(at, reason.strip())
    former = ended_matches([tier.pk], moment)
    begun = begun_matches({tier.pk: (official.pk, moment.why)}, moment)
    renewed = renewed_letters({*former.values(), official.pk}, moment)
    told = {
        "operator": operator.code, "official": official.code, "tier": tier.tier, "reason": moment.why,
        "letters_invalid": list(renewed.invalid), "letters_due": list(renewed.due),
    }  # fmt: skip
    seal(action="duties.match_changed", by=name, subject=f"duties.match:{begun[0]}", data=told, at=at)
    return renewed


def _check_official(official: Official, tier: Tier, operator: Operator) -> None:
    if official.valid_to is not None:
        raise DutyRefused(_("%(name)s已离任。") % {"name": official.name}, "official")
    if official.level != LEVEL_OF[tier.tier]:
        told = {"tier": tier.tier, "level": official.get_level_display()}
        raise DutyRefused(_("%(tier)s级主体不能由%(level)s干部包保。") % told, "official")
    if not operator.area.startswith(official.area[:9]):
        raise DutyRefused(_("该干部的任职区划不包含这个主体。"), "official")


@transaction.atomic
def propose_plan(
    *, kind: PlanKind, area_key: str, reason: str, by: Any, at: datetime, leaving: Collection[int] = ()
) -> MatchPlan:
    """A plan of the rule's proposals, for another person to approve. Raises PermissionDenied, OutOfReach, DutyRefused
    where there is nothing to match."""
    name, moment = acting(DUTY_KEEP, by, area_key), Moment(at, reason)
    found = outcome_of(kind, area_key, moment.day, leaving)
    if not found.matched:
        raise DutyRefused(_("没有可以对接的主体：要么都已对接，要么本区划没有该层级的干部。"))
    plan = MatchPlan.objects.create(
        kind=kind, area_code=code_of_key(area_key) if area_key else "", reason=reason[:200], counts=found.counts(),
        seen_at=at, made_by=name, **columns_of_key(area_key),
    )  # fmt: skip
    _write_lines(plan, found)
    seal(action="duties.plan_made", by=name, subject=plan.subject, data={"kind": kind, **plan.counts}, at=at)
    return plan


def _write_lines(plan: MatchPlan, found: Outcome) -> None:
    lines = found.proposals
    values: dict[str, Any] = {
        "plan": plan.pk, "tiers": [each.need.key for each in lines], "officials": [each.official for each in lines],
        "former": [found.former[each.need.key] for each in lines], "why": [WHY[each.why] for each in lines],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LINES, values)


@transaction.atomic
def approve_plan(*, plan: MatchPlan, by: Any, at: datetime) -> Renewed:
    """The plan's matches come into force together; letters of everybody concerned follow. A plan whose ground has
    shifted since is marked so and changes nothing else (the answer is empty).

    Raises PermissionDenied, OutOfReach, DutyRefused.
    """
    name, locked = _deciding(plan, by)
    with connection.cursor() as cursor:
        cursor.execute(_STALE, [locked.pk])
        stale = cursor.fetchone()[0]
    locked.decided_by, locked.decided_at = name, at
    locked.state = PlanState.STALE if stale else PlanState.APPROVED
    locked.save()
    if stale:
        seal(action="duties.plan_stale", by=name, subject=locked.subject, data={"lines": stale}, at=at)
        return Renewed()
    moment = Moment(at, locked.reason)
    lines = list(
        locked.lines.filter(official__isnull=False).values_list("tier_id", "official_id", "former_id", "reason")
    )
    former = ended_matches([line[0] for line in lines], moment)
    begun = begun_matches({tier: (official, why) for tier, official, _former, why in lines}, moment, locked.pk)
    known_to_planner(len(begun))
    renewed = renewed_letters({*former.values(), *(line[1] for line in lines)}, moment)
    told = {"begun": len(begun), "ended": len(former), "invalid": len(renewed.invalid), "due": len(renewed.due)}
    digests = [sha256(f"{tier}\x1f{official}".encode()).digest() for tier, official, _former, _why in lines]
    seal_batch(action="duties.plan_approved", by=name, subject=locked.subject, data=told, digests=digests, at=at)
    return renewed


@transaction.atomic
def refuse_plan(*, plan: MatchPlan, reason: str, by: Any, at: datetime) -> MatchPlan:
    """The plan is not taken. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name, locked = _deciding(plan, by)
    if not reason.strip():
        raise DutyRefused(_("请写明不批准的理由。"), "reason")
    locked.state, locked.decided_by, locked.decided_at = PlanState.REFUSED, name, at
    locked.counts = {**locked.counts, "refused_because": reason.strip()}
    locked.save()
    seal(action="duties.plan_refused", by=name, subject=locked.subject, data={"reason": reason.strip()}, at=at)
    return locked


def _deciding(plan: MatchPlan, by: Any) -> tuple[str, MatchPlan]:
    name = acting(DUTY_KEEP, by, plan.area)
    locked = MatchPlan.objects.select_for_update().get(pk=plan.pk)
    if locked.state != PlanState.PROPOSED:
        raise DutyRefused(_("现在是“%(state)s”，不能这样办理。") % {"state": locked.get_state_display()})
    if locked.made_by == name:
        raise DutyRefused(_("方案须由另一人批准。"))
    return name, locked
