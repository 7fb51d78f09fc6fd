"""What goes wrong with imported food becomes a problem that somebody has to put right."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from shian.domains.tracing.actions.coldchain.alerts import check_code
from shian.domains.tracing.actions.coldchain.readings import take_readings
from shian.domains.tracing.rules.coldchain import Reading
from shian.domains.tracing.tests import scene
from shian.domains.tracing.tests.cold_scene import AT, make_device, make_store, make_units, stocked
from shian.engine.cases.models import Case
from shian.registers.people.tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    made = make_units()
    for code, area, kind, department in (
        ("1310-SAMR", "131000", "政府部门", "SAMR"), ("131022-SAMR", scene.COUNTY, "政府部门", "SAMR"),
        ("131022100-STATION", scene.TOWN, "监管所", ""),
    ):  # fmt: skip
        OrganisationFactory(code=code, area_code=area, kind=kind, department_code=department)
    return made


def test_a_warm_store_is_a_grave_problem_of_the_station_with_its_goods(units):
    store = make_store(area=scene.TOWN, name="固安冷库")
    stocked(units["O-A"], store)
    readings = [Reading(AT + timedelta(minutes=m), Decimal(-2)) for m in (0, 40)]
    with translation.override("en"):
        take_readings(device=make_device(store), readings=readings, by="test", at=AT + timedelta(minutes=40))

    case = Case.objects.get()
    assert (case.type, case.source, case.state) == ("problem", "cold", "rectifying")
    assert case.subject.startswith("tracing.coldalert:")
    assert (case.issuer_id, case.unit_id, case.verifier_id) == ("131022-SAMR", "131022100-STATION", "131022-SAMR")
    assert case.title == "固安冷库 温度过高：-2℃，限值 -15℃"
    assert "冻猪肘 JLO-A-20221124-001（主体O-A，1000 千克）" in case.body
    assert case.data["severity"] == "严重"


def test_a_place_without_a_station_leaves_it_to_the_bureau_and_a_code_is_told_once(units):
    seller = scene.make_operator("O-R", scene.OTHER, name="安次超市")
    for _ in range(2):
        check_code(code="JL-FALSE", operator=seller, by="test", at=AT)

    case = Case.objects.get()
    assert (case.issuer_id, case.unit, case.state) == ("1310-SAMR", None, "listed")
    assert (case.operator_code, case.title) == ("O-R", "安次超市 的进口冷链食品：追溯码查无此码")
