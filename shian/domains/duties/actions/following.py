"""What the register of operators says is followed: closed, moved, excluded; letters whose operators have changed."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from shian.domains.duties.actions.matches import propose_plan
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.actions.statements import (
    Moment,
    begun_matches,
    ended_matches,
    ended_tiers,
    renewed_letters,
)
from shian.domains.duties.models import Match, MatchPlan, PlanKind, PlanState, Tier, TierState
from shian.domains.duties.queries.tiering import AREA_COLUMNS
from shian.kernel.jobs.queue import defer
from shian.kernel.notary.actions import seal

BY, LOCK = "duties", "duties.follow"
CLOSED, EXCLUDED, MOVED, GAP = "主体注销", "主体不再纳入包保", "主体迁址", "有主体待对接干部"
_ENDED = """
SELECT t.id, CASE WHEN o.closed_on <= %(today)s THEN 'closed' ELSE 'excluded' END
FROM duties_tier t JOIN operators_operator o ON o.id = t.operator_id
WHERE t.state = 'confirmed' AND t.valid_to IS NULL AND (o.closed_on <= %(today)s OR EXISTS (
    SELECT 1 FROM duties_censusentry c WHERE c.operator_id = o.id AND c.valid_to IS NULL AND c.state = 'excluded'))
"""
_MOVED = f"""
SELECT t.id FROM duties_tier t JOIN operators_operator o ON o.id = t.operator_id
WHERE t.state = 'confirmed' AND t.valid_to IS NULL
AND ({", ".join(f"t.{column}" for column in AREA_COLUMNS)}) <> ({", ".join(f"o.{column}" for column in AREA_COLUMNS)})
"""
_COPY = f"""
INSERT INTO duties_tier (operator_id, tier, state, origin, industry, employees, output, rule_version, reason,
    valid_from, ended_because, set_by, set_at, decided_by, decided_at, {", ".join(AREA_COLUMNS)})
SELECT t.operator_id, t.tier, 'confirmed', t.origin, t.industry, t.employees, t.output, t.rule_version, t.reason,
    %(day)s, '', t.set_by, t.set_at, t.decided_by, t.decided_at, {", ".join(f"o.{column}" for column in AREA_COLUMNS)}
FROM duties_tier t JOIN operators_operator o ON o.id = t.operator_id WHERE t.id = ANY(%(tiers)s)
RETURNING id, operator_id
"""
# Who still has the operator's area may keep it: the whole area, or for a village its township.
_KEPT = """
SELECT m.operator_id, m.official_id FROM duties_match m JOIN operators_operator o ON o.id = m.operator_id
JOIN duties_official f ON f.id = m.official_id
WHERE m.tier_row_id = ANY(%(tiers)s) AND m.valid_to IS NULL
AND o.city = f.city AND f.county IN ('', o.county) AND f.township IN ('', o.township)
"""
# Letters that speak of other operators than the official has: a match began or ended after they were issued.
_OUTDATED = """
SELECT DISTINCT l.official_id FROM duties_letter l JOIN duties_match m ON m.official_id = l.official_id
AND (m.begun_at > l.issued_at OR m.ended_at > l.issued_at)
WHERE l.state <> 'invalid' AND l.issued_at < %(at)s
"""
_UNSIGNED = """
SELECT DISTINCT m.official_id FROM duties_match m JOIN duties_official f ON f.id = m.official_id AND f.valid_to IS NULL
WHERE m.valid_to IS NULL AND NOT EXISTS (
    SELECT 1 FROM duties_letter l WHERE l.official_id = m.official_id AND l.state <> 'invalid')
"""


def ask_following() -> None:
    """The worker looks soon."""
    defer("duties.follow_operators", lock=LOCK)


@transaction.atomic
def follow_operators(*, at: datetime) -> dict[str, int]:
    """Ends tiers and matches of operators that closed or are excluded; moves those that moved; issues letters whose
    operators are no longer the same; proposes a plan for each county with operators that wait for an official.

    Repeated it changes nothing. Returns how many of each.
    """
    today, officials = timezone.localdate(at), set[int]()
    found = _rows(_ENDED, {"today": today})
    for kind, why in (("closed", CLOSED), ("excluded", EXCLUDED)):
        tiers = [tier for tier, which in found if which == kind]
        moment = Moment(at, why)
        officials |= set(ended_matches(tiers, moment).values())
        ended_tiers(tiers, moment)
    moved = [row[0] for row in _rows(_MOVED, {})]
    officials |= _moved(moved, Moment(at, MOVED)) if moved else set()
    renewed = renewed_letters(officials, Moment(at, "包保主体变动"))
    late = [row[0] for sql in (_OUTDATED, _UNSIGNED) for row in _rows(sql, {"at": at})]
    again = renewed_letters(late, Moment(at, "包保对接变动"))
    plans = _plan_gaps(at)
    told = {
        "ended": len(found), "moved": len(moved), "invalid": len(renewed.invalid) + len(again.invalid),
        "due": len(renewed.due) + len(again.due), "plans": plans,
    }  # fmt: skip
    if any(told.values()):
        seal(action="duties.operators_followed", by=BY, subject="duties.area:all", data=told, at=at)
    return told


def _moved(tiers: list[int], moment: Moment) -> set[int]:
    """Ends the rows at the old place and begins the same at the new one; who still has the area keeps the operator."""
    kept = dict(_rows(_KEPT, {"tiers": tiers}))
    officials = set(ended_matches(tiers, moment).values())
    ended_tiers(tiers, moment)
    again = {operator: tier for tier, operator in _rows(_COPY, {"tiers": tiers, "day": moment.day})}
    begun_matches({again[operator]: (official, moment.why) for operator, official in kept.items()}, moment)
    return officials


def _plan_gaps(at: datetime) -> int:
    """One plan waits per county at most."""
    rows = Tier.objects.filter(state=TierState.CONFIRMED, valid_to=None).exclude(
        pk__in=Match.objects.filter(valid_to=None).values("tier_row_id")
    )
    waiting = set(rows.order_by().values_list("county", flat=True).distinct())
    open_ones = MatchPlan.objects.filter(state=PlanState.PROPOSED, kind=PlanKind.FILL)
    made = 0
    for county in sorted(waiting - set(open_ones.values_list("county", flat=True)) - {""}):
        made += _planned(county, at)
    return made


def _planned(county: str, at: datetime) -> int:
    try:
        propose_plan(kind=PlanKind.FILL, area_key=county, reason=GAP, by=BY, at=at)
    except DutyRefused:  # nobody of the level stands there: the page of gaps says so
        return 0
    return 1


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
