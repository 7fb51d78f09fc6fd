"""Who opens the seals of duties: whoever sees the record, by the key that the subject names."""

from typing import Any

from shian.domains.duties.models import Board, CensusEntry, Match, MatchPlan, Official, Tier, Training, TrainingTest
from shian.domains.duties.permissions import DUTY_READ
from shian.kernel.scope.reach import reach_of


def _sees(rows: Any, user: Any, **lookup: Any) -> bool:
    return DUTY_READ(user).allowed and bool(rows.visible_to(user).filter(**lookup).exists())


def _by_number(rows: Any, user: Any, key: str) -> bool:
    return key.isdecimal() and _sees(rows, user, pk=int(key))


def may_see_duty_tier(user: Any, key: str) -> bool:
    """A tier of an operator in reach."""
    return _by_number(Tier.objects, user, key)


def may_see_duty_match(user: Any, key: str) -> bool:
    """A match of an operator in reach."""
    return _by_number(Match.objects, user, key)


def may_see_duty_plan(user: Any, key: str) -> bool:
    """A plan of an area in reach."""
    return _by_number(MatchPlan.objects, user, key)


def may_see_duty_official(user: Any, key: str) -> bool:
    """An official of an area in reach; `key` is the code."""
    return _sees(Official.objects, user, code=key)


def may_see_duty_board(user: Any, key: str) -> bool:
    """A board of an operator in reach."""
    return _by_number(Board.objects, user, key)


def may_see_duty_census(user: Any, key: str) -> bool:
    """A census entry of an operator in reach."""
    return _by_number(CensusEntry.objects, user, key)


def may_see_training(user: Any, key: str) -> bool:
    """A training of an area in reach."""
    return _by_number(Training.objects, user, key)


def may_see_training_test(user: Any, key: str) -> bool:
    """A try at the test of a training of an area in reach."""
    found = TrainingTest.objects.filter(pk=int(key)).first() if key.isdecimal() else None
    return found is not None and _sees(Training.objects, user, pk=found.training_id)


def may_see_duty_area(user: Any, key: str) -> bool:
    """What was done over a whole area: who reaches all of it; `all` is everywhere."""
    return DUTY_READ(user).allowed and reach_of(user).covers("" if key == "all" else key)
