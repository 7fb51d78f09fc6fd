"""What is done to tiers: proposed by the rule or against it, confirmed, refused, ended."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.actions.statements import (
    Moment,
    Renewed,
    ended_matches,
    ended_tiers,
    known_to_planner,
    renewed_letters,
)
from shian.domains.duties.models import CensusEntry, Tier, TierOrigin, TierState
from shian.domains.duties.permissions import DUTY_KEEP
from shian.domains.duties.queries.tiering import AREA_COLUMNS, CHANGES, inside_sql, ruled_sql
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal, seal_batch
from shian.kernel.scope.models import OutOfReach
from shian.registers.operators.models import Operator

CHANGED = "层级调整"
_COLUMNS = ", ".join(AREA_COLUMNS)
_PROPOSE = f"""
INSERT INTO duties_tier (operator_id, tier, state, origin, industry, employees, output, rule_version, reason,
    valid_from, ended_because, set_by, set_at, decided_by, {_COLUMNS})
SELECT r.id, r.tier, 'proposed', 'rule', r.industry, r.employees, r.output, %(version)s, r.reason, %(today)s, '',
    %(by)s, %(at)s, '', {", ".join(f"r.{column}" for column in AREA_COLUMNS)}
FROM {CHANGES}
ON CONFLICT (operator_id) WHERE (state = 'proposed') DO NOTHING RETURNING operator_id, tier
"""
# A city's rows go as one array that is joined: parameters are parsed one by one, `= ANY` may compare one by one.
_LOCKED = """
SELECT t.* FROM unnest(%s::bigint[]) x(id) JOIN duties_tier t ON t.id = x.id
WHERE t.state = 'proposed' ORDER BY t.id FOR UPDATE OF t
"""
_FORMER = """
SELECT t.id FROM unnest(%(rows)s::bigint[]) x(id) JOIN duties_tier p ON p.id = x.id
JOIN duties_tier t ON t.operator_id = p.operator_id
WHERE t.state = 'confirmed' AND t.valid_to IS NULL
"""
_CONFIRM = """
UPDATE duties_tier t SET state = 'confirmed', valid_from = %(day)s, decided_by = %(by)s, decided_at = %(at)s
FROM unnest(%(rows)s::bigint[]) x(id) WHERE t.id = x.id
"""


@transaction.atomic
def propose_tiers(*, area_key: str, by: Any, at: datetime) -> int:
    """What the rule says of every verified operator of the area, where it differs from the tier in force; proposals of
    the rule that nobody has confirmed go first. What a person has set stands. The number of proposals.

    Raises PermissionDenied, OutOfReach.
    """
    name, day = acting(DUTY_KEEP, by, area_key), timezone.localdate(at)
    sql, values = ruled_sql(area_key, day)
    with connection.cursor() as cursor:
        inside = inside_sql("duties_tier", area_key)
        cursor.execute(
            f"DELETE FROM duties_tier WHERE state = 'proposed' AND origin = 'rule' AND {inside}", {"area": area_key}
        )
        cursor.execute(sql + _PROPOSE, {**values, "by": name, "at": at})
        found = cursor.fetchall()
    known_to_planner(len(found))
    told = {"area": area_key, "rule": values["version"], "proposed": len(found)}
    _seal_many("duties.tiers_proposed", f"duties.area:{area_key or 'all'}", sorted(found), (name, at), told)
    return len(found)


@transaction.atomic
def override_tier(*, operator: Operator, letter: str, reason: str, by: Any, at: datetime) -> Tier:
    """A tier against the rule, for a second person to confirm. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name, day = acting(DUTY_KEEP, by, operator.area), timezone.localdate(at)
    if not reason.strip():
        raise DutyRefused(_("请写明调整的理由。"), "reason")
    now = Tier.objects.filter(operator=operator, state=TierState.CONFIRMED, valid_to=None).first()
    if now is not None and now.tier == letter:
        raise DutyRefused(_("现在就是%(tier)s级。") % {"tier": letter}, "tier")
    if Tier.objects.filter(operator=operator, state=TierState.PROPOSED).exclude(origin=TierOrigin.RULE).exists():
        raise DutyRefused(_("该主体已有一项人工调整待确认。"), "tier")
    Tier.objects.filter(operator=operator, state=TierState.PROPOSED).delete()
    entry = CensusEntry.objects.filter(operator=operator, valid_to=None).first()
    made = Tier.objects.create(
        operator=operator, tier=letter, state=TierState.PROPOSED, origin=TierOrigin.MANUAL, reason=reason.strip(),
        employees=entry.employees if entry else None, output=entry.output if entry else None, valid_from=day,
        set_by=name, set_at=at, **{column: getattr(operator, column) for column in AREA_COLUMNS},
    )  # fmt: skip
    told = {"operator": operator.code, "from": now.tier if now else "", "to": letter, "reason": made.reason}
    seal(action="duties.tier_proposed", by=name, subject=made.subject, data=told, at=at)
    return made


@transaction.atomic
def confirm_tiers(*, rows: Collection[Tier], by: Any, at: datetime) -> Renewed:
    """Proposals come into force today: the former rows end, and with them their matches; letters of the officials
    concerned are invalid at this moment. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name, moment = _decider(rows, by), Moment(at, CHANGED)
    locked = _proposed(rows)
    if any(each.origin == TierOrigin.MANUAL and each.set_by == name for each in locked):
        raise DutyRefused(_("人工调整须由另一人确认。"))
    values = {"rows": [each.pk for each in locked], "day": moment.day, "by": name, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_FORMER, values)
        old = [number for (number,) in cursor.fetchall()]
        officials = set(ended_matches(old, moment).values())
        ended_tiers(old, moment)
        cursor.execute(_CONFIRM, values)
    known_to_planner(len(locked))
    renewed = renewed_letters(officials, moment)
    told = {"confirmed": len(locked), "ended": len(old), "invalid": len(renewed.invalid), "due": len(renewed.due)}
    found = sorted((each.operator_id, each.tier) for each in locked)
    subject = locked[0].subject if len(locked) == 1 else f"duties.area:{_common(locked)}"
    _seal_many("duties.tiers_confirmed", subject, found, (name, at), told)
    return renewed


@transaction.atomic
def refuse_tier(*, row: Tier, reason: str, by: Any, at: datetime) -> Tier:
    """A proposal is not taken; the reason stays with it. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name = _decider([row], by)
    if not reason.strip():
        raise DutyRefused(_("请写明不通过的理由。"), "reason")
    locked = _proposed([row])[0]
    locked.state, locked.decided_by, locked.decided_at = TierState.REFUSED, name, at
    locked.ended_because = reason.strip()
    if locked.origin == TierOrigin.MANUAL and locked.set_by == name:
        raise DutyRefused(_("人工调整须由另一人确认。"))
    locked.save()
    seal(action="duties.tier_refused", by=name, subject=locked.subject, data={"reason": reason.strip()}, at=at)
    return locked


def _decider(rows: Collection[Tier], by: Any) -> str:
    if not rows:
        raise DutyRefused(_("没有选中待确认的层级。"))
    names = [acting(DUTY_KEEP, by, area) for area in sorted({each.county or each.area for each in rows})]
    return names[0]


def _proposed(rows: Collection[Tier]) -> list[Tier]:
    locked = list(Tier.objects.raw(_LOCKED, [[each.pk for each in rows]]))
    if len(locked) != len(rows):
        raise DutyRefused(_("其中有的已经办理，请刷新后再选。"))
    return locked


def _common(rows: Collection[Tier]) -> str:
    counties, cities = {each.county for each in rows}, {each.city for each in rows}
    if len(cities) > 1:
        raise OutOfReach("duties.area:several")
    return counties.pop() if len(counties) == 1 else cities.pop()


def _seal_many(action: str, subject: str, rows: Any, who: tuple[str, datetime], told: dict[str, Any]) -> None:
    digests = [sha256("\x1f".join(map(str, row)).encode()).digest() for row in rows]
    seal_batch(action=action, by=who[0], subject=subject, data=told, digests=digests, at=who[1])
