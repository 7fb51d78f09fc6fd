"""Tiers, officials and matches as lists show them, and the figures above the lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from shian.domains.duties.models import CensusEntry, CensusState, Match, MatchPlan, Official, Tier, TierState
from shian.domains.duties.queries.tiering import inside_sql
from shian.domains.duties.rules.matching import LEVEL_OF
from shian.kernel.scope.rules import level_of_key
from shian.registers.operators.models import Operator

NOW = Q(valid_to__isnull=True)


@dataclass(frozen=True)
class Choice:
    """What a list is cut to; "" leaves a question open."""

    area: str = ""
    state: str = ""
    tier: str = ""
    level: str = ""
    text: str = ""

    @property
    def inside(self) -> Q:
        return Q(**{level_of_key(self.area).value: self.area}) if self.area else Q()


@dataclass(frozen=True)
class Reconciliation:
    """Operators of an area: registered = tiered + excluded + gaps. `excluded`: reason → count."""

    registered: int
    verified: int
    tiered: int
    excluded: Mapping[str, int]
    gaps: int

    @property
    def left_out(self) -> int:
        return sum(self.excluded.values())


_RECONCILED = """
SELECT COALESCE(c.state, ''), COALESCE(c.exclusion, ''), t.id IS NOT NULL, count(*)
FROM operators_operator o
LEFT JOIN duties_censusentry c ON c.operator_id = o.id AND c.valid_from <= %(day)s
    AND (c.valid_to IS NULL OR c.valid_to > %(day)s)
LEFT JOIN duties_tier t ON t.operator_id = o.id AND t.state = 'confirmed' AND t.valid_from <= %(day)s
    AND (t.valid_to IS NULL OR t.valid_to > %(day)s)
WHERE o.opened_on <= %(day)s AND (o.closed_on IS NULL OR o.closed_on > %(day)s) AND {inside}
GROUP BY 1, 2, 3
"""


def reconciliation_of(area_key: str, day: date) -> Reconciliation:
    """The census against the register on the day. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_RECONCILED.format(inside=inside_sql("o", area_key)), {"day": day, "area": area_key})
        found = cursor.fetchall()
    left_out: dict[str, int] = {}
    for state, reason, tiered, count in found:
        if state == CensusState.EXCLUDED and not tiered:
            left_out[reason] = count
    return Reconciliation(
        registered=sum(row[3] for row in found),
        verified=sum(row[3] for row in found if row[0] == CensusState.VERIFIED),
        tiered=sum(row[3] for row in found if row[2]),
        excluded=dict(sorted(left_out.items(), key=lambda pair: -pair[1])),
        gaps=sum(row[3] for row in found if not row[2] and row[0] != CensusState.EXCLUDED),
    )


def gap_operators(user: Any, choice: Choice, day: date) -> QuerySet[Operator]:
    """Registered operators with neither a tier nor a reason: what the census has still to find out."""
    tiers = Tier.objects.filter(NOW, operator=OuterRef("pk"), state=TierState.CONFIRMED)
    left_out = CensusEntry.objects.filter(NOW, operator=OuterRef("pk"), state="excluded")
    rows = Operator.objects.visible_to(user).filter(choice.inside, Q(closed_on__isnull=True) | Q(closed_on__gt=day))
    return texted(rows.filter(~Exists(tiers), ~Exists(left_out), opened_on__lte=day), choice.text, "")


def excluded_entries(user: Any, choice: Choice) -> QuerySet[CensusEntry]:
    """Who is left out now, with the reason."""
    rows = CensusEntry.objects.visible_to(user).filter(NOW, choice.inside, state="excluded")
    rows = rows.filter(exclusion=choice.state) if choice.state else rows
    return texted(rows, choice.text, "operator__").select_related("operator")


def tiers_chosen(user: Any, choice: Choice) -> QuerySet[Tier]:
    """Tiers in force, or proposals."""
    rows = Tier.objects.visible_to(user).filter(choice.inside)
    wanted = Q(state=TierState.PROPOSED) if choice.state == TierState.PROPOSED else NOW & Q(state=TierState.CONFIRMED)
    rows = rows.filter(wanted, **({"tier": choice.tier} if choice.tier else {}))
    return texted(rows, choice.text, "operator__").select_related("operator")


def tier_counts(user: Any, choice: Choice) -> dict[str, int]:
    """Letter → tiers in force."""
    rows = Tier.objects.visible_to(user).filter(NOW, choice.inside, state=TierState.CONFIRMED)
    return dict(rows.order_by().values("tier").annotate(count=Count("pk")).values_list("tier", "count"))


def officials_chosen(user: Any, choice: Choice) -> QuerySet[Official]:
    """Officials in office (state "" ) or those who left, with their load."""
    rows = Official.objects.visible_to(user).filter(choice.inside)
    rows = rows.exclude(NOW) if choice.state == "left" else rows.filter(NOW)
    rows = rows.filter(level=choice.level) if choice.level else rows
    if choice.text:
        rows = rows.filter(
            Q(name__icontains=choice.text) | Q(code__istartswith=choice.text) | Q(unit__icontains=choice.text)
        )
    return rows


def official_for(user: Any, pk: int) -> Official:
    """One official: of the reach, or one of a level above who answers for an operator in it. Raises Http404,
    OutOfReach."""
    rows = Official.objects.select_related("replaces", "successor")
    if Match.objects.visible_to(user).filter(official=pk).exists():
        return rows.get(pk=pk)
    found: Official = rows.get_visible(user, pk=pk)
    return found


def level_counts(user: Any, choice: Choice) -> dict[str, int]:
    """Level → officials in office."""
    rows = Official.objects.visible_to(user).filter(NOW, choice.inside)
    return dict(rows.order_by().values("level").annotate(count=Count("pk")).values_list("level", "count"))


def loads_of(officials: list[int]) -> dict[int, int]:
    """Official → operators now."""
    rows = Match.objects.filter(NOW, official__in=officials).order_by().values("official")
    return dict(rows.annotate(count=Count("pk")).values_list("official", "count"))


def matches_chosen(user: Any, choice: Choice) -> QuerySet[Match]:
    """Matches in force."""
    rows = Match.objects.visible_to(user).filter(NOW, choice.inside)
    rows = rows.filter(tier=choice.tier) if choice.tier else rows
    return texted(rows, choice.text, "operator__").select_related("operator", "official")


def unmatched_tiers(user: Any, choice: Choice) -> QuerySet[Tier]:
    """Tiers in force without an official, with the day since when in `unmatched_on`: that of the tier, or later that
    on which the last official's match ended."""
    rows = Tier.objects.visible_to(user).filter(NOW, choice.inside, state=TierState.CONFIRMED)
    rows = rows.filter(tier=choice.tier) if choice.tier else rows
    held = Match.objects.filter(NOW, tier_row=OuterRef("pk"))
    had = Match.objects.filter(operator=OuterRef("operator"), valid_to__isnull=False).order_by("-valid_to")
    rows = rows.filter(~Exists(held)).annotate(
        unmatched_on=Greatest("valid_from", Subquery(had.values("valid_to")[:1]))
    )
    return texted(rows, choice.text, "operator__").select_related("operator")


@dataclass(frozen=True)
class Standing:
    """How an area stands: the first four are 0 when all is well, and the database keeps two of them so."""

    matched: int
    unmatched: int
    wrong_level: int
    doubled: int
    heavy: int


def standing_of(user: Any, choice: Choice, warned: int) -> Standing:
    """Counts over the matches in force. Four statements."""
    rows = Match.objects.visible_to(user).filter(NOW, choice.inside)
    wrong = Q()
    for tier, level in LEVEL_OF.items():
        wrong |= Q(tier=tier) & ~Q(level=level)
    counted = rows.aggregate(matched=Count("pk"), wrong=Count("pk", filter=wrong))
    doubled = rows.order_by().values("operator").annotate(count=Count("pk")).filter(count__gt=1).count()
    heavy = rows.order_by().values("official").annotate(count=Count("pk")).filter(count__gt=warned).count()
    unmatched = unmatched_tiers(user, Choice(choice.area)).count()
    return Standing(counted["matched"], unmatched, counted["wrong"], doubled, heavy)


def heaviest(user: Any, choice: Choice, shown: int) -> list[tuple[Official, int]]:
    """The officials with the most operators."""
    rows = Match.objects.visible_to(user).filter(NOW, choice.inside).order_by().values("official")
    found = list(
        rows.annotate(count=Count("pk")).order_by("-count", "official").values_list("official", "count")[:shown]
    )
    officials = Official.objects.in_bulk([key for key, _count in found])
    return [(officials[key], count) for key, count in found]


def plans_of(user: Any) -> QuerySet[MatchPlan]:
    """Plans of the reach, the newest first."""
    return MatchPlan.objects.visible_to(user).order_by("-pk")


def texted(rows: QuerySet[Any], text: str, prefix: str) -> QuerySet[Any]:
    """Rows of operators (at `prefix`) whose name has the text, or whose code begins with it; "" leaves them all."""
    if not text:
        return rows
    return rows.filter(Q(**{f"{prefix}name__icontains": text}) | Q(**{f"{prefix}code__istartswith": text}))
