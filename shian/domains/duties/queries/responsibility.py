"""Who answered for an operator on a day (C-23): one statement over the dated rows, and who the operator had itself.

What operators do themselves is another domain's; flows hand its people in:

    register_holders(lambda operator, day: [Holder(_("食品安全总监"), "…", since=…)])
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from shian.kernel.ui.states import Text
from shian.registers.operators.models import Operator

# The day's tier, match and official; the letter that was in force at its end; the station of the county or township.
_CHAIN = """
SELECT t.tier, t.reason, f.id, f.name, f.level, f.post, f.unit, f.office_phone, m.valid_from, m.valid_to, m.reason,
    l.id, l.number, l.countersigned_at, u.name
FROM operators_operator o
LEFT JOIN duties_tier t ON t.operator_id = o.id AND t.state = 'confirmed' AND t.valid_from <= %(day)s
    AND (t.valid_to IS NULL OR t.valid_to > %(day)s)
LEFT JOIN duties_match m ON m.operator_id = o.id AND m.valid_from <= %(day)s
    AND (m.valid_to IS NULL OR m.valid_to > %(day)s)
LEFT JOIN duties_official f ON f.id = m.official_id
LEFT JOIN duties_letter l ON l.official_id = f.id AND l.countersigned_at < %(end)s
    AND (l.ended_at IS NULL OR l.ended_at >= %(end)s)
LEFT JOIN LATERAL (SELECT name FROM people_organisation WHERE kind = '监管所'
    AND ((township <> '' AND township = o.township) OR (township = '' AND county = o.county))
    AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
    ORDER BY township DESC, code LIMIT 1) u ON TRUE
WHERE o.id = %(operator)s
"""


@dataclass(frozen=True)
class Answer:
    """The chain on the day; None where there was nobody."""

    tier: str | None
    tier_reason: str | None
    official: int | None
    name: str | None
    level: str | None
    post: str | None
    unit: str | None
    office_phone: str | None
    since: date | None
    until: date | None
    reason: str | None
    letter: int | None
    letter_number: int | None
    letter_at: Any
    station: str | None


@dataclass(frozen=True)
class Holder:
    """Somebody of the operator's own on the day: the office, the person, since when."""

    title: Text
    name: str
    since: date | None = None
    url: str = ""


Holders = Callable[[Operator, date], Iterable[Holder]]
_holders: list[Holders] = []


def register_holders(provider: Holders) -> None:
    """Who names people of an operator on a day: directors and officers, last visits."""
    if provider not in _holders:
        _holders.append(provider)


def holders_at(operator: Operator, day: date) -> list[Holder]:
    """What the registered providers name."""
    return [holder for provider in _holders for holder in provider(operator, day)]


def answer_for(operator: Operator, day: date) -> Answer:
    """Who answered for it on the day. One statement."""
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, {"operator": operator.pk, "day": day, "end": end})
        return Answer(*cursor.fetchone())
