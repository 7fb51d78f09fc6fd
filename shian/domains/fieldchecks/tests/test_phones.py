"""What phones take along for checks that nobody assigned: the forms, and the operators of the own area."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shian.domains.fieldchecks.queries import datasets
from shian.domains.fieldchecks.tests.factories import DAY, make_operator, make_point
from shian.domains.fieldchecks.tests.visits import Crew
from shian.kernel.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def operators(place: None) -> None:
    """Two in business in 固安, one closed, one not yet open, one in 安次."""
    make_operator("G2", name="乙店", name_pinyin="yi dian")
    make_operator("G1", name="甲店", name_pinyin="jia dian", address="")
    make_operator("G3", closed_on=DAY)
    make_operator("G4", opened_on=date(2022, 12, 1))
    make_operator("A1", "131002100")


def asked(user: User, name: str = "operators") -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse("field:dataset_read", args=[name]))


@pytest.mark.usefixtures("operators")
def test_a_check_that_nobody_assigned_chooses_among_the_operators_of_the_own_area(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = asked(crew.station)
    assert told.json() == {"rows": [["G1", "甲店"], ["G2", "乙店 · 某路1号"]], "count": 2, "most": 10_000}
    assert "no-store" in told["Cache-Control"]
    assert asked(crew.lead).json()["count"] == 3
    assert asked(crew.station, "trees").status_code == 404

    monkeypatch.setattr(datasets, "MOST_NEARBY", 2)
    assert asked(crew.lead).json() == {"rows": [], "count": 3, "most": 2}
    assert len(asked(crew.station).json()["rows"]) == 2


def test_every_open_sheet_is_offered_a_covert_one_to_a_station_with_its_visit_only(crew: Crew) -> None:
    assert datasets.offer_for(crew.lead, DAY) is None
    assert datasets.offer_for(crew.county, DAY) is None
    offered = set(datasets.offer_for(crew.station, DAY) or ())
    assert {f"open_M{number:02}" for number in range(1, 25)} <= offered
    assert not {each for each in offered if each.startswith("covert")}

    crew.sent_to(make_point("C1", "covert"), lead=crew.visitor, second=None)
    assert "covert_A03" in set(datasets.offer_for(crew.visitor, DAY) or ())
    assert "covert_A03" not in set(datasets.offer_for(crew.station, DAY) or ())
