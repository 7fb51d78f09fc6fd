"""Cross checks: no team is ever given its own area, and nobody chooses."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from shian.domains.fieldchecks.actions.crosschecks import pair_areas
from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.models import CrossCheck
from shian.domains.fieldchecks.queries.joint import crosschecks_of
from shian.domains.fieldchecks.rules.crosschecks import pairing
from shian.domains.fieldchecks.tests.factories import AT, make_point
from shian.domains.fieldchecks.tests.test_rounds import LATER, confirmed, planned
from shian.domains.fieldchecks.tests.test_teams import make_team
from shian.kernel.notary.models import Entry


@given(st.sets(st.text("0123456789", min_size=6, max_size=6), min_size=2, max_size=20), st.text(max_size=30))
def test_nobody_checks_itself_and_everybody_is_checked_once(areas, key):
    pairs = pairing(areas, key)

    assert all(own != checked for own, checked in pairs)
    assert {own for own, _ in pairs} == {checked for _, checked in pairs} == areas
    assert pairs == pairing(sorted(areas, reverse=True), key)


def test_another_key_pairs_otherwise_and_one_area_cannot_be_paired():
    areas = [f"1310{number:02}" for number in range(12)]

    assert len({tuple(pairing(areas, str(key))) for key in range(20)}) > 1
    with pytest.raises(ValueError, match="two areas"):
        pairing(["131002"], "x")


@pytest.mark.django_db
def test_teams_of_a_round_are_paired_by_its_own_draw(people):
    make_point("P-1")
    teams = [make_team("131002"), make_team("131022")]
    made = planned(people["office"], teams=teams)
    with pytest.raises(CheckRefused, match="先抽取样本"):
        pair_areas(round=made, by=people["office"], at=AT)
    confirmed(made, people["office"])

    pair_areas(round=made, by=people["office"], at=LATER)

    found = {(each.pair.own_key, each.pair.checked_key) for each in crosschecks_of(made, people["office"])}
    assert found == {("131002", "131022"), ("131022", "131002")}
    assert Entry.objects.get(action="fieldchecks.round_paired").data["pairs"] == ["131002→131022", "131022→131002"]
    with pytest.raises(CheckRefused, match="已经配对"):
        pair_areas(round=made, by=people["office"], at=LATER)
    with pytest.raises(IntegrityError, match="never_own"), transaction.atomic():
        CrossCheck.objects.filter(own_key="131002").update(checked_key="131002")


@pytest.mark.django_db
def test_two_teams_of_one_area_cannot_be_paired(people):
    make_point("P-1")
    teams = [make_team("131002"), make_team("131022"), make_team("131022", code="T-X")]
    made = planned(people["office"], teams=teams)
    confirmed(made, people["office"])

    with pytest.raises(CheckRefused, match="131022"):
        pair_areas(round=made, by=people["office"], at=LATER)
