"""What the register of operators says is followed, once."""

from datetime import date

import pytest

from shian.domains.duties.actions.following import follow_operators
from shian.domains.duties.models import Letter, Match, MatchPlan, Tier
from shian.domains.duties.tests.factories import (
    AT,
    DAY,
    make_census,
    make_letter,
    make_official,
    make_operator,
    make_tier,
    matched,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
NOTHING = {"ended": 0, "moved": 0, "invalid": 0, "due": 0, "plans": 0}


def test_a_closed_and_an_excluded_operator_lose_tier_and_official() -> None:
    official = make_official()
    closed, excluded, stays = (matched("D", official) for _ in range(3))
    letter = make_letter(official)
    closed.operator.closed_on = date(2022, 11, 20)
    closed.operator.save()
    make_census(excluded.operator, state="excluded", exclusion="no_food", verified_on=None)

    found = follow_operators(at=AT)

    assert found == {**NOTHING, "ended": 2, "invalid": 1, "due": 1}
    assert Match.objects.get(valid_to=None) == stays
    assert Tier.objects.get(valid_to=None).operator == stays.operator
    letter.refresh_from_db()
    assert letter.state == "invalid"
    assert follow_operators(at=AT) == NOTHING


def test_who_moved_within_the_township_keeps_the_official_and_who_moved_away_waits() -> None:
    official = make_official()
    near, far = matched("D", official), matched("D", official)
    near.operator.village = "131022100202"
    near.operator.save()
    for column, value in (("county", "131002"), ("township", "131002100"), ("village", "131002100201")):
        setattr(far.operator, column, value)
    far.operator.save()
    there = make_official(area="131002100201")

    found = follow_operators(at=AT)

    assert (found["moved"], found["plans"]) == (2, 1)
    row = Match.objects.get(valid_to=None)
    assert (row.operator, row.official, row.village, row.valid_from) == (near.operator, official, "131022100202", DAY)
    assert MatchPlan.objects.get().lines.get().official == there
    assert Tier.objects.filter(valid_to=None).count() == 2


def test_officials_without_a_letter_get_one_to_sign() -> None:
    match = matched("D")

    assert follow_operators(at=AT) == {**NOTHING, "due": 1}
    assert Letter.objects.get().official == match.official


def test_operators_that_nobody_can_take_are_left_as_gaps() -> None:
    make_tier(make_operator())

    assert follow_operators(at=AT) == NOTHING
