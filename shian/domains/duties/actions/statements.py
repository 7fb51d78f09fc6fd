"""The statements by which many matches, tiers and letters change at once. Callers are actions: they check, and seal."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from shian.domains.duties.queries.standards import match_rules_at
from shian.domains.duties.queries.tiering import AREA_COLUMNS
from shian.kernel.workdays.queries import calendar

_COLUMNS = ", ".join(AREA_COLUMNS)
_AREAS = ", ".join(f"o.{column}" for column in AREA_COLUMNS)
_OFFICIAL_AREAS = ", ".join(f"f.{column}" for column in AREA_COLUMNS)
MANY = 1_000  # rows, after which a plan of before may be far off
END_MATCHES = """
UPDATE duties_match m SET valid_to = %(day)s, ended_at = %(at)s, ended_because = %(why)s
FROM unnest(%(tiers)s::bigint[]) x(tier) WHERE m.valid_to IS NULL AND m.tier_row_id = x.tier
RETURNING m.id, m.official_id
"""
END_TIERS = """
UPDATE duties_tier t SET valid_to = GREATEST(t.valid_from, %(day)s), ended_because = %(why)s
FROM unnest(%(tiers)s::bigint[]) x(tier) WHERE t.state = 'confirmed' AND t.valid_to IS NULL AND t.id = x.tier
RETURNING t.id
"""
BEGIN_MATCHES = f"""
INSERT INTO duties_match (operator_id, official_id, tier_row_id, tier, level, reason, valid_from, begun_at,
    ended_because, plan_id, {_COLUMNS})
SELECT t.operator_id, f.id, t.id, t.tier, f.level, x.reason, %(day)s, %(at)s, '', %(plan)s, {_AREAS}
FROM unnest(%(tiers)s::bigint[], %(officials)s::bigint[], %(reasons)s::text[]) x(tier, official, reason)
JOIN duties_tier t ON t.id = x.tier JOIN duties_official f ON f.id = x.official
JOIN operators_operator o ON o.id = t.operator_id
RETURNING id
"""
INVALIDATE = """
UPDATE duties_letter SET state = 'invalid', ended_at = %(at)s, ended_because = %(why)s
WHERE official_id = ANY(%(officials)s) AND (state IN ('signed', 'in_force') OR (state = 'due' AND NOT EXISTS (
    SELECT 1 FROM duties_match m JOIN duties_official f ON f.id = m.official_id
    WHERE m.official_id = duties_letter.official_id AND m.valid_to IS NULL AND f.valid_to IS NULL)))
RETURNING id
"""
REFRESH = """
UPDATE duties_letter l SET issued_at = %(at)s, due_on = %(due)s, reason = %(why)s, subjects = n.subjects
FROM (SELECT official_id, count(*) AS subjects FROM duties_match WHERE valid_to IS NULL
      AND official_id = ANY(%(officials)s) GROUP BY official_id) n
WHERE l.official_id = n.official_id AND l.state = 'due' RETURNING l.id
"""
# The counter-signer: of the same level; who heads that level signs with the one above.
COUNTER = """
CASE WHEN f.is_head AND f.level <> 'village' THEN '上一级党委、政府主要负责人'
     WHEN f.level = 'village' THEN COALESCE(a.name, '') || '党组织主要负责人'
     ELSE COALESCE(a.name, '') || '党委、政府主要负责人' END
"""
ISSUE = f"""
INSERT INTO duties_letter (official_id, number, state, reason, subjects, issued_at, due_on, counter_post, counter_name,
    signed_by, countersigned_by, ended_because, replaces_id, {_COLUMNS})
SELECT f.id, COALESCE(l.number, 0) + 1, 'due', %(why)s, n.subjects, %(at)s, %(due)s, left({COUNTER}, 80), '', '', '',
    '', l.id, {_OFFICIAL_AREAS}
FROM (SELECT official_id, count(*) AS subjects FROM duties_match WHERE valid_to IS NULL
      AND official_id = ANY(%(officials)s) GROUP BY official_id) n
JOIN duties_official f ON f.id = n.official_id AND f.valid_to IS NULL
LEFT JOIN LATERAL (SELECT id, number, state FROM duties_letter WHERE official_id = f.id
    ORDER BY number DESC LIMIT 1) l ON TRUE
LEFT JOIN LATERAL (SELECT name FROM areas_area WHERE code = f.area_code
    ORDER BY valid_from DESC LIMIT 1) a ON TRUE
WHERE l.id IS NULL OR l.state = 'invalid'
RETURNING id
"""


@dataclass(frozen=True)
class Moment:
    """When something happens, and why: what all rows of one deed share."""

    at: datetime
    why: str

    @property
    def day(self) -> Any:
        return timezone.localdate(self.at)


@dataclass(frozen=True)
class Renewed:
    """Identifiers of letters that became invalid, and of those that are due now."""

    invalid: tuple[int, ...] = ()
    due: tuple[int, ...] = ()


def ended_matches(tiers: Collection[int], moment: Moment) -> dict[int, int]:
    """Ends the matches in force of these tier rows: match → official."""
    found = _all(END_MATCHES, {"tiers": list(tiers), "day": moment.day, "at": moment.at, "why": moment.why})
    return dict(found)


def ended_tiers(tiers: Collection[int], moment: Moment) -> list[int]:
    """Ends these tier rows."""
    return [row[0] for row in _all(END_TIERS, {"tiers": list(tiers), "day": moment.day, "why": moment.why})]


def begun_matches(pairs: Mapping[int, tuple[int, str]], moment: Moment, plan: int | None = None) -> list[int]:
    """Begins matches: tier row → official and reason. The database refuses a second one, and a wrong level."""
    values = {
        "tiers": list(pairs), "officials": [official for official, _ in pairs.values()],
        "reasons": [reason for _, reason in pairs.values()], "day": moment.day, "at": moment.at, "plan": plan,
    }  # fmt: skip
    return [row[0] for row in _all(BEGIN_MATCHES, values)]


def renewed_letters(officials: Collection[int], moment: Moment) -> Renewed:
    """The letters of officials whose operators have changed: signed ones are invalid at this moment, and the next one
    is due; one that waited for its signature is issued anew."""
    if not officials:
        return Renewed()
    due = calendar().add_workdays(moment.day, match_rules_at(moment.day).sign_days)
    values = {"officials": sorted(set(officials)), "at": moment.at, "why": moment.why, "due": due}
    invalid = _all(INVALIDATE, values)
    due_again = [*_all(REFRESH, values), *_all(ISSUE, values)]
    return Renewed(tuple(row[0] for row in invalid), tuple(row[0] for row in due_again))


def known_to_planner(changed: int) -> None:
    """So many rows of tiers, matches or the census have changed in this transaction: the next statement is planned by
    what they are now. Of few nothing is asked; of many it takes a tenth of what changing them took."""
    if changed >= MANY:
        with connection.cursor() as cursor:
            cursor.execute("SELECT duties_analyse()")


def _all(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
