"""Confirmed rankings: who may read which, how a unit stood in the periods before, appeals against its score (A-16)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from shian.domains.campaign.models import RankingState, ScoreCorrection, UnitRanking, UnitScore
from shian.domains.campaign.queries.unit_scores import score_rule
from shian.engine.cases.models import Case
from shian.kernel.accounts.models import Role
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.scope.walls import system_scope
from shian.kernel.workdays.queries import calendar
from shian.registers.people.models import Organisation
from shian.registers.people.queries import organisations_valid_at

READERS = {Role.OFFICE, Role.REVIEWER, Role.ASSESSOR, Role.ADMIN}
APPEAL = "score_appeal"


def rankings_for(user: Any, area_key: str) -> ScopedQuerySet[UnitRanking]:
    """The confirmed rankings of a campaign that the user may read, newest first: units read what is published."""
    own = columns_of_key(area_key)
    rows = UnitRanking.objects.filter(city=own["city"], county=own["county"]).order_by("-started_on")
    return rows if reads_all(user, area_key) else rows.filter(state=RankingState.PUBLISHED)


def reads_all(user: Any, area_key: str) -> bool:
    """Whether the user reads the scores of every unit before they are published."""
    return user.role in READERS and reach_of(user).covers(area_key)


def is_own(user: Any, unit: Organisation) -> bool:
    """A unit of the user's, or for a regulator the campaign office of the own county."""
    reach = reach_of(user)
    return unit.code in reach.organisations or (bool(unit.county) and unit.area in reach.keys)


def scores_in(ranking: UnitRanking) -> list[UnitScore]:
    """The units in order of kind and place, with corrections."""
    rows = UnitScore.objects.filter(ranking=ranking).select_related("unit").prefetch_related("corrections")
    return sorted(rows, key=lambda each: (each.group != "department", each.place or 9999, each.unit_id))


def ranking_before(rankings: Sequence[UnitRanking], day: date) -> UnitRanking | None:
    """The newest of these rankings that began before the day."""
    return next((each for each in rankings if each.started_on < day), None)


def places_in(ranking: UnitRanking | None) -> dict[str, int]:
    """Unit → place in a ranking."""
    if ranking is None:
        return {}
    rows = UnitScore.objects.filter(ranking=ranking, place__isnull=False)
    return {unit: place for unit, place in rows.values_list("unit__code", "place") if place is not None}


def trend_of(unit: str, rankings: Sequence[UnitRanking]) -> list[tuple[str, Decimal]]:
    """(period, score) of a unit in these rankings, oldest first. One query."""
    rows = UnitScore.objects.filter(unit__code=unit, ranking__in=rankings, score__isnull=False).select_related(
        "ranking"
    )
    found = rows.order_by("ranking__started_on")
    return [(each.ranking.period, each.score) for each in found if each.score is not None]


def appeal_until(ranking: UnitRanking) -> date:
    """The last day on which a published ranking may be appealed against."""
    assert ranking.published_at is not None
    day = timezone.localdate(ranking.published_at)
    return calendar().add_workdays(day, score_rule(day).appeal_within)


def score_subject(score: UnitScore) -> str:
    """How an appeal says what it is about."""
    return f"campaign.unitscore:{score.pk}"


def appeals_of(score: UnitScore) -> QuerySet[Any]:
    """Every appeal against a score, newest first. Both sides may know of them."""
    return Case.objects.filter(type=APPEAL, subject=score_subject(score)).order_by("-pk")


def open_appeal(score: UnitScore) -> Case | None:
    with system_scope():  # the unit's own matter, whoever of it asks
        return appeals_of(score).filter(is_open=True).first()


def upheld_appeal(score: UnitScore) -> Case | None:
    with system_scope():
        return appeals_of(score).filter(state="upheld").first()


def appeals_in(ranking: UnitRanking) -> dict[str, int]:
    """State → how many appeals against the ranking's scores."""
    subjects = [f"campaign.unitscore:{pk}" for pk in ranking.scores.values_list("pk", flat=True)]
    found: dict[str, int] = {}
    with system_scope():  # a count, no contents
        rows = Case.objects.filter(type=APPEAL, subject__in=subjects, merged_into=None)
        for state in rows.values_list("state", flat=True):
            found[state] = found.get(state, 0) + 1
    return found


def campaign_office(area_key: str, day: date) -> Organisation | None:
    """The office that runs the campaign of the area."""
    own = columns_of_key(area_key)
    rows = organisations_valid_at(day).filter(city=own["city"], county=own["county"])
    return rows.filter(Q(kind="指挥部办公室") | Q(department_code="CAMPO")).order_by("kind", "code").first()


def corrections_of(score: UnitScore) -> list[ScoreCorrection]:
    """What was corrected, newest first."""
    return list(ScoreCorrection.objects.filter(score=score).select_related("appeal").order_by("-at"))


def may_see_ranking(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the ranking with this key."""
    found = UnitRanking.objects.filter(pk=int(key)).first() if key.isdecimal() else None
    return found is not None and rankings_for(user, found.area).filter(pk=found.pk).exists()
