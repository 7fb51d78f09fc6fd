from datetime import date

import pytest
from django.db import IntegrityError

from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.reach import Reach
from shian.registers.areas.models import Area, AreaOutline, AreaPopulation
from shian.registers.areas.queries import area_at, area_names, areas_valid_at, outlines_of
from shian.registers.areas.tables import area_choices
from shian.registers.areas.tests.factories import AreaFactory

pytestmark = pytest.mark.django_db
OLD, NEW = date(2020, 1, 1), date(2023, 1, 1)


def test_area_is_found_by_the_code_people_write() -> None:
    AreaFactory(code="131000", level="city", name="廊坊市", kind="地级市")

    found = area_at("131000", NEW)

    assert found is not None
    assert found.key == "1310"


def test_a_merged_township_keeps_its_history() -> None:
    merged = {"valid_from": OLD, "valid_to": NEW, "successor_code": "131022100"}
    AreaFactory(code="131022201", level="township", name="彭村乡", **merged)
    AreaFactory(code="131022100", level="township", name="固安镇", valid_from=OLD)

    before, after = areas_valid_at(date(2022, 11, 24)), areas_valid_at(NEW)

    assert {area.name for area in before} == {"彭村乡", "固安镇"}
    assert {area.name for area in after} == {"固安镇"}
    assert area_at("131022201", date(2022, 11, 24)).successor_code == "131022100"  # type: ignore[union-attr]


def test_names_leave_villages_out() -> None:
    AreaFactory(code="131022100", level="township", name="固安镇")
    AreaFactory(code="131022100201", level="village", name="东街村")

    assert area_names(NEW) == {"131022100": "固安镇"}


def test_one_code_has_one_version_a_day() -> None:
    AreaFactory(code="131022", valid_from=OLD)

    with pytest.raises(IntegrityError):
        AreaFactory(code="131022", valid_from=OLD)


def test_a_version_ends_after_it_starts() -> None:
    with pytest.raises(IntegrityError):
        AreaFactory(code="131022", valid_from=NEW, valid_to=OLD)


def test_residents_are_counted_once_a_day() -> None:
    AreaPopulation.objects.create(area_code="131022100", counted_on=OLD, residents=1)

    with pytest.raises(IntegrityError):
        AreaPopulation.objects.create(area_code="131022100", counted_on=OLD, residents=2)


def test_outlines_say_when_they_are_synthetic() -> None:
    point = {"type": "Point", "coordinates": [0, 0]}
    AreaOutline.objects.create(key="131022100", geometry=point, source="x", is_synthetic=True)

    assert outlines_of(["131022100"]).get().is_synthetic
    assert Area.objects.count() == 0


def reader(key: str) -> User:
    user = User(username="alice", role=Role.COUNTY)
    user._reach = Reach(keys=(key,))
    return user


def test_only_divisions_wholly_inside_the_reach_are_offered() -> None:
    AreaFactory(code="131000", level="city", name="廊坊市", kind="地级市")
    AreaFactory(code="131022", level="county", name="固安县", kind="县")
    AreaFactory(code="131024", level="county", name="香河县", kind="县")
    AreaFactory(code="131022100", level="township", name="固安镇")

    assert area_choices(reader("131022"), ("city", "county"), NEW) == [("131022", "固安县（131022）")]
    assert [code for code, _name in area_choices(reader("1310"), ("city", "county"), NEW)] == [
        "131000",
        "131022",
        "131024",
    ]
