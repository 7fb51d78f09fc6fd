"""What came into a holding against what left it, and what the graph shows to be wrong with what was told.

Quantities are compared in the SI unit of their dimension, a code that is not known with itself. A sale and its receipt
are two tellings of one movement: of each pair of holdings the larger sum counts. What is packed stays where it is until
it is unpacked elsewhere. A batch of work is not balanced: flour and water become bread.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy

from shian.engine.trace.models import Holding, Movement
from shian.engine.trace.rules.identifiers import CROWD
from shian.engine.trace.rules.units import UNITS
from shian.kernel.parameters.dated import Dated
from shian.kernel.ui.states import Text

TOLERANCES: Dated[float] = Dated("trace", lambda told: float(told["tolerance"]))
_VALUES = ", ".join(f"('{code}', '{unit.dimension}', {unit.factor!r}::float8)" for code, unit in UNITS.items())
# Each pair of holdings with what passed between them: kinds 1 sent, 2 received, 5 packed, 4 made.
_FLOWS = f"""
unit(code, dimension, factor) AS (VALUES {_VALUES}),
flow AS (
    SELECT m.source, m.target, coalesce(u.dimension, m.uom) AS dimension,
           greatest(coalesce(sum(m.quantity * coalesce(u.factor, 1)) FILTER (WHERE m.kind = 1), 0),
                    coalesce(sum(m.quantity * coalesce(u.factor, 1)) FILTER (WHERE m.kind = 2), 0))
           + coalesce(sum(m.quantity * coalesce(u.factor, 1)) FILTER (WHERE m.kind NOT IN (1, 2)), 0) AS amount
    FROM trace_movement m LEFT JOIN unit u ON u.code = m.uom
    WHERE m.kind <> 5 AND m.quantity IS NOT NULL AND m.ring = 1 {{where}}
    GROUP BY 1, 2, 3
),
incoming AS (
    SELECT holding, dimension, sum(amount) AS amount FROM (
        SELECT target AS holding, dimension, amount FROM flow
        UNION ALL
        SELECT h.id, coalesce(u.dimension, h.uom), h.made * coalesce(u.factor, 1)
        FROM trace_holding h LEFT JOIN unit u ON u.code = h.uom WHERE h.made IS NOT NULL {{born}}
    ) told GROUP BY 1, 2
),
outgoing AS (SELECT source AS holding, dimension, sum(amount) AS amount FROM flow GROUP BY 1, 2)
"""
_ALL = _FLOWS.format(where="", born="")
_WORKS = "SELECT 1 FROM trace_movement w WHERE w.source = o.holding AND w.kind = 4"
# Two people of a crowd may well buy as much in the same minute; what is inferred was told by nobody.
_TOLD_TWICE = (
    "m.ring = 1 AND m.quantity IS NOT NULL AND m.buyer <> ALL (ARRAY(SELECT p.id FROM trace_party p "
    f"JOIN trace_identifier i ON i.id = p.identifier WHERE starts_with(i.uri, '{CROWD}'))::integer[])"
)


@dataclass(frozen=True)
class Balance:
    """In the SI unit of `dimension` ("mass": kilograms), or in the unit's own code where it is not known."""

    dimension: str
    came: float
    left: float

    @property
    def rest(self) -> float:
        return self.came - self.left

    def is_breached(self, tolerance: float) -> bool:
        """Did more leave than came in?"""
        return self.left > self.came * (1 + tolerance) + 1e-9


def balances_of(holdings: Iterable[int]) -> dict[int, list[Balance]]:
    """The balance of each holding in each dimension that it was told of, in one statement."""
    # The planner sees no number of them: it would weigh each, and compare every row with every one of them.
    asked = "ANY((SELECT ids FROM asked)::bigint[])"
    flows = _FLOWS.format(where=f"AND (m.source = {asked} OR m.target = {asked})", born=f"AND h.id = {asked}")
    statement = (
        f"WITH asked AS MATERIALIZED (SELECT %(ids)s::bigint[] AS ids), {flows} "
        "SELECT holding, dimension, coalesce(i.amount, 0), coalesce(o.amount, 0) "
        "FROM incoming i FULL JOIN outgoing o USING (holding, dimension) "
        "WHERE holding IN (SELECT unnest(ids) FROM asked) ORDER BY 1, 2"
    )
    found: dict[int, list[Balance]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": list(holdings)})
        for holding, dimension, came, left in cursor.fetchall():
            found.setdefault(holding, []).append(Balance(dimension, came, left))
    return found


@dataclass(frozen=True)
class Check:
    """A question to the whole graph. `holdings`: SQL for those that fail it; `%s` in it stands for the tolerance.
    `movements`: SQL of what shows it, of the movements `m` of one holding `%(holding)s`."""

    title: Text
    meaning: Text
    holdings: str
    movements: str
    asks_tolerance: bool = False


CHECKS: Mapping[str, Check] = {
    "overdrawn": Check(
        gettext_lazy("出多于进"),
        gettext_lazy("发出、投入的数量超过收到和产出的数量"),
        f"WITH {_ALL} SELECT o.holding FROM outgoing o JOIN incoming i USING (holding, dimension) "
        f"WHERE o.amount > i.amount * (1 + %s::float8) + 1e-9 AND NOT EXISTS ({_WORKS})",
        "m.source = %(holding)s AND m.kind <> 5 AND m.ring = 1 AND m.quantity IS NOT NULL",
        asks_tolerance=True,
    ),
    "orphan": Check(
        gettext_lazy("有出无进"),
        gettext_lazy("有发出或投入，没有任何来源，也不是此处产出"),
        "SELECT h.id FROM trace_holding h WHERE h.made IS NULL "
        "AND EXISTS (SELECT 1 FROM trace_movement m WHERE m.source = h.id AND m.kind NOT IN (4, 5)) "
        "AND NOT EXISTS (SELECT 1 FROM trace_movement m WHERE m.target = h.id)",
        "m.source = %(holding)s AND m.kind NOT IN (4, 5)",
    ),
    "backwards": Check(
        gettext_lazy("先出后进"),
        gettext_lazy("发出时间早于第一次收到"),
        "SELECT m.source FROM trace_movement m JOIN trace_holding h ON h.id = m.source AND h.made IS NULL "
        "JOIN LATERAL (SELECT min(i.at) AS first FROM trace_movement i WHERE i.target = m.source) i ON true "
        "WHERE m.at < i.first",
        "m.source = %(holding)s AND m.at < (SELECT min(i.at) FROM trace_movement i WHERE i.target = m.source)",
    ),
    "one_sided": Check(
        gettext_lazy("发出未收到"),
        gettext_lazy("发出方有记录，收货方没有，货又从收货方流出"),
        "SELECT m.target FROM trace_movement m WHERE m.kind = 1 "
        "AND NOT EXISTS (SELECT 1 FROM trace_movement r WHERE r.target = m.target AND r.source = m.source "
        "AND r.kind = 2) AND EXISTS (SELECT 1 FROM trace_movement n WHERE n.source = m.target)",
        "m.target = %(holding)s AND m.kind = 1 AND NOT EXISTS (SELECT 1 FROM trace_movement r "
        "WHERE r.target = m.target AND r.source = m.source AND r.kind = 2)",
    ),
    "doubled": Check(
        gettext_lazy("疑似重复"),
        gettext_lazy("同一来源、同一去向、同一时间、同一数量记了不止一次"),
        f"SELECT m.source FROM trace_movement m WHERE {_TOLD_TWICE} "
        "GROUP BY m.source, m.target, m.at, m.quantity, m.uom, m.kind "
        "HAVING count(*) > 1",
        f"m.source = %(holding)s AND {_TOLD_TWICE} AND EXISTS (SELECT 1 FROM trace_movement d "
        "WHERE d.target = m.target AND d.source = m.source AND d.at = m.at AND d.quantity = m.quantity "
        "AND d.uom = m.uom AND d.kind = m.kind AND d.id <> m.id)",
    ),
}


def movements_behind(check: str, holding: int, most: int) -> list[Movement]:
    """Why the holding fails the check: the movements that show it, the largest first."""
    statement = (
        f"SELECT m.* FROM trace_movement m WHERE {CHECKS[check].movements} "
        "ORDER BY m.quantity DESC NULLS LAST, m.at, m.id LIMIT %(most)s"
    )
    return list(Movement.objects.raw(statement, {"holding": holding, "most": most}))


def failing(check: str, user: Any, day: date) -> QuerySet[Holding]:
    """The holdings in the user's reach that fail the check, under the tolerance of that day."""
    asked = CHECKS[check]
    values = [TOLERANCES.at(day)] if asked.asks_tolerance else []
    return Holding.objects.visible_to(user).filter(pk__in=RawSQL(asked.holdings, values))  # noqa: S611


def quality(user: Any, day: date) -> dict[str, int]:
    """How many holdings fail each check; `failing` opens them."""
    return {key: failing(key, user, day).count() for key in CHECKS}
