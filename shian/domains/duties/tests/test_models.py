"""What the database refuses, whoever writes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shian.domains.duties.models import Match, Tier
from shian.domains.duties.tests.factories import AT, DAY, make_match, make_official, make_operator, make_tier, matched

pytestmark = pytest.mark.django_db


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def test_an_operator_has_one_official_on_any_day() -> None:
    match = matched()

    with refused("one_official"), transaction.atomic():
        make_match(match.operator, make_official(), match.tier_row, valid_from=DAY)


def test_the_next_official_begins_on_the_day_the_former_ends() -> None:
    match = matched()
    Match.objects.filter(pk=match.pk).update(valid_to=DAY, ended_at=AT)

    make_match(match.operator, make_official(), match.tier_row, valid_from=DAY)

    assert Match.objects.filter(operator=match.operator).count() == 2


def test_a_match_has_the_level_of_its_tier() -> None:
    operator = make_operator()
    tier = make_tier(operator, "D")

    with refused("level_of_tier"), transaction.atomic():
        make_match(operator, make_official("county"), tier)


@pytest.mark.usefixtures("immediate_keys")
def test_a_match_cannot_tell_another_level_than_its_official_has() -> None:
    operator = make_operator()
    tier = make_tier(operator, "D")

    with refused("official_of_level"), transaction.atomic():
        make_match(operator, make_official("county"), tier, level="village")


@pytest.mark.usefixtures("immediate_keys")
def test_a_match_cannot_tell_another_tier_than_its_operator_has() -> None:
    operator = make_operator()
    tier = make_tier(operator, "C")

    with refused("tier_of_operator"), transaction.atomic():
        make_match(operator, make_official("village"), tier, tier="D")


def test_an_operator_has_one_tier_on_any_day() -> None:
    operator = make_operator()
    make_tier(operator)

    with refused("tier_once"), transaction.atomic():
        make_tier(operator, "C", valid_from=DAY)

    make_tier(operator, "C", valid_from=DAY, state="proposed")
    assert Tier.objects.filter(operator=operator).count() == 2


def test_an_override_is_confirmed_by_a_second_person() -> None:
    operator = make_operator()
    given = {"origin": "manual", "decided_at": AT, "valid_from": date(2022, 1, 1)}

    with refused("second_person"), transaction.atomic():
        make_tier(operator, set_by="alice", decided_by="alice", **given)
    with refused("override_is_approved"), transaction.atomic():
        make_tier(operator, origin="manual")
    make_tier(operator, set_by="alice", decided_by="bob", **given)


def test_a_township_official_stands_for_a_township() -> None:
    with refused("area_of_level"), transaction.atomic():
        make_official("township", area="131022")
