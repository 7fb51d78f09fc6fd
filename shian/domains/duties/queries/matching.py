"""What the matching rule makes of an area: who needs an official, who could take more, what would come of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from shian.domains.duties.models import Official, PlanKind
from shian.domains.duties.queries.standards import match_rules_at
from shian.domains.duties.queries.tiering import inside_sql
from shian.domains.duties.rules.matching import Candidate, Need, Proposal, assign

_AREA = "COALESCE(NULLIF({0}.village, ''), NULLIF({0}.township, ''), NULLIF({0}.county, ''), {0}.city)"
_NEEDS = f"""
SELECT t.id, t.tier, {_AREA.format("t")}, o.format, m.official_id
FROM duties_tier t JOIN operators_operator o ON o.id = t.operator_id
LEFT JOIN duties_match m ON m.tier_row_id = t.id AND m.valid_to IS NULL
WHERE t.state = 'confirmed' AND t.valid_to IS NULL AND {{inside}} AND {{wanted}}
"""
WANTED = {
    PlanKind.FILL: "m.id IS NULL",
    PlanKind.HANDOVER: "(m.id IS NULL OR m.official_id = ANY(%(leaving)s))",
    # Of who has too many: the newest above the load that is warned of.
    PlanKind.BALANCE: "m.id IN (SELECT x.id FROM (SELECT id, row_number() OVER (PARTITION BY official_id "
    "ORDER BY valid_from, id) AS place FROM duties_match WHERE valid_to IS NULL) x WHERE x.place > %(most)s)",
}
# Officials whose area lies in the one that is planned for, or around it.
_CANDIDATES = f"""
SELECT f.id, f.code, f.level, {_AREA.format("f")}, f.charge, f.is_head, count(m.id)
FROM duties_official f LEFT JOIN duties_match m ON m.official_id = f.id AND m.valid_to IS NULL
WHERE f.valid_to IS NULL AND NOT f.id = ANY(%(leaving)s)
AND ({{inside}} OR starts_with(%(area)s, {_AREA.format("f")}))
GROUP BY f.id
"""


@dataclass(frozen=True)
class Outcome:
    """What a plan would do. `former`: tier row → official who has it now. Loads are operators per official."""

    proposals: tuple[Proposal, ...]
    former: Mapping[int, int | None]
    loads: Mapping[int, int]
    loads_after: Mapping[int, int]
    warned: int

    @property
    def matched(self) -> int:
        """How many would get an official."""
        return sum(each.official is not None for each in self.proposals)

    @property
    def unmatched(self) -> int:
        return len(self.proposals) - self.matched

    def counts(self) -> dict[str, int]:
        """As a plan keeps them."""
        return {
            "lines": len(self.proposals), "unmatched": self.unmatched,
            "heaviest": max(self.loads.values(), default=0),
            "heaviest_after": max(self.loads_after.values(), default=0),
        }  # fmt: skip


def outcome_of(kind: str, area_key: str, day: date, leaving: Iterable[int] = ()) -> Outcome:
    """What the rule proposes for the area on the day. Writes nothing; three statements and one pass."""
    rules = match_rules_at(day)
    values = {"area": area_key, "leaving": list(leaving), "most": rules.load_warning}
    needs = _rows(_NEEDS.format(inside=inside_sql("t", area_key), wanted=WANTED[PlanKind(kind)]), values)
    found = _rows(_CANDIDATES.format(inside=inside_sql("f", area_key)), values)
    loads = {row[0]: row[6] for row in found}
    former = {row[0]: row[4] for row in needs}
    candidates = [Candidate(*row) for row in found]
    if kind == PlanKind.BALANCE:
        candidates = [each for each in candidates if each.load < rules.load_warning]
    proposals = assign([Need(*row[:4]) for row in needs], candidates, rules)
    after = Counter(loads)
    for each in proposals:
        if each.official is not None:
            after[each.official] += 1
            after.subtract([held] if (held := former[each.need.key]) in loads else [])
    return Outcome(tuple(proposals), former, loads, after, rules.load_warning)


def officials_named(keys: Iterable[int | None]) -> dict[int, Official]:
    """Officials by primary key."""
    return Official.objects.in_bulk([key for key in set(keys) if key is not None])


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
