"""What officials report goes to the office, the station, back to the official, and is struck off."""

from datetime import UTC
from io import BytesIO

import pytest

from shian.domains.duties.actions.problems import answer_problem, ask_support
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import Official
from shian.domains.duties.queries.problems import food_office, own_problems
from shian.domains.duties.tests.factories import TOWN, VILLAGE, matched
from shian.domains.duties.tests.visiting import NOW, PNG, Village, sheet
from shian.engine.cases.actions import CaseRefused, Evidence, Given, move_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.kernel.accounts.models import Role
from shian.kernel.files.actions import store_file
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.walls import system_scope
from shian.registers.people.tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
TYPE = "duty_problem"


@pytest.fixture
def village(place, time_machine):
    time_machine.move_to(NOW, tick=False)
    return Village()


def reported(village, **more):
    """The problem of a sheet with one 否."""
    sheet(village.business(), village.user, wrong={8: "no"}, **more)
    with system_scope():
        return Case.objects.select_related("unit", "issuer").get(type=TYPE)


def step(case, key, by, **given):
    """One step by a user of the pages."""
    declared = case_type(TYPE)
    case.refresh_from_db()
    move_case(declared=declared, case=case, step=declared.step(key), seen=case.version, given=Given(**given), by=by,
              at=NOW)  # fmt: skip
    return case


def photo(by):
    stored = store_file(name="a.png", stream=BytesIO(PNG), kinds=("png",), by=by.username, at=NOW)
    return Evidence(stored, "整改后.png", "after")


def test_a_problem_goes_the_whole_way(village):
    case = reported(village)
    assert (case.issuer_id, case.unit_id, case.state) == ("131022-SAMR", "131022100-ST", "reported")

    step(case, "accept", village.county)
    step(case, "assign", village.county, unit=village.station_unit)
    step(case, "handle", village.station, note="已改正", files=[photo(village.station)], data={"result": "已整改"})
    with system_scope():
        assert list(own_problems(village.user)) == [case]
    answer_problem(problem=case, is_right=True, note="", by=village.user, at=NOW)
    step(case, "close", village.county)

    assert (case.state, case.is_open) == ("closed", False)


def test_only_its_official_confirms(village):
    case = reported(village)
    step(case, "accept", village.county)
    step(case, "assign", village.county, unit=village.station_unit)
    step(case, "handle", village.station, note="已改正", files=[photo(village.station)], data={"result": "已整改"})

    with pytest.raises(OutOfReach):
        answer_problem(problem=case, is_right=True, note="", by=village.county, at=NOW)
    with pytest.raises(CaseRefused, match="包保干部"):
        step(case, "confirm", village.county)
    answer_problem(problem=case, is_right=False, note="还是没有挂", by=village.user, at=NOW)
    case.refresh_from_db()
    assert (case.state, case.round) == ("assigned", 2)


def test_what_was_put_right_on_the_spot_waits_only_for_being_struck_off(village):
    assert reported(village, answers={"fixed": ["n8"]}).state == "confirmed"


def test_the_food_office_is_the_bureau_until_it_has_staff(village):
    office = OrganisationFactory(code="131022-FSCO", area_code="131022", department_code="FSCO")
    assert food_office(VILLAGE).code == "131022-SAMR"

    village.account("clerk", office, Role.COUNTY, "131022")

    assert food_office(VILLAGE) == office


def test_a_request_reaches_exactly_the_station_of_the_area(village):
    match = village.business()
    data = {"kind": "联合督导", "asker": "某某"}

    case = ask_support(operator=match.operator, area=VILLAGE, data=data, note="请一起去", by=village.user, at=NOW)

    assert (case.unit_id, case.state, case.area) == ("131022100-ST", "requested", match.operator.area)
    with pytest.raises(OutOfReach):
        ask_support(
            operator=matched(area="131002100201").operator, area="", data=data, note="x", by=village.user, at=NOW
        )
    for unit in (village.station_unit, village.bureau):
        unit.valid_to = NOW.date()
        unit.save()
    with pytest.raises(DutyRefused, match="监管所"):
        ask_support(operator=None, area=TOWN + "201", data=data, note="x", by=village.user, at=NOW)


def test_who_is_named_today_may_ask_before_eight(village, time_machine):
    early = NOW.replace(hour=7)  # the day before in UTC
    time_machine.move_to(early, tick=False)
    Official.objects.update(valid_from=early.date())
    data = {"kind": "联合督导", "asker": "某某"}

    case = ask_support(
        operator=None, area=VILLAGE, data=data, note="请一起去", by=village.user, at=early.astimezone(UTC)
    )

    assert case.state == "requested"
