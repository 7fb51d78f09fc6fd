"""Who must have a director or an officer, who has, who is missing; who may not be appointed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.actions.staff import Named, appoint, end_appointment
from shian.domains.selfcontrol.models import Appointment, Attendance, Duty, SafetyStaff, TrainingSession
from shian.domains.selfcontrol.queries.numbers import STAFFING
from shian.domains.selfcontrol.queries.staff import (
    Coverage,
    coverage,
    hours_by_staff,
    missing,
    missing_duties,
    owed_duties,
    owes,
)
from shian.domains.selfcontrol.rules.staffing import Shape, any_holds
from shian.domains.selfcontrol.tests.scene import NOW, TODAY, make_operator
from shian.kernel.scope.rules import columns_of_key
from shian.registers.operators.models import Operator

pytestmark = pytest.mark.django_db
NAMED = Named("P-1", "周五", "", Duty.OFFICER, "任〔2026〕1号", TODAY)


def named(scene, **other):
    return appoint(operator=scene.own, named=replace(NAMED, **other), by=scene.principal, at=NOW)


@pytest.mark.parametrize(
    ("shape", "officer", "director"),
    [
        (Shape("餐饮服务", "中型餐馆", "中型"), True, True),
        (Shape("餐饮服务", "小吃店", "小型"), True, False),
        (Shape("餐饮服务", "学校食堂", "小型"), True, False),
        (Shape("餐饮服务", "学校食堂", "中型"), True, True),
        (Shape("食品生产", "特殊食品生产", "小型"), True, True),
        (Shape("食品生产", "小微食品生产企业", "小型"), True, False),
        (Shape("食品销售", "便利店", "微型"), True, False),
        (Shape("食品销售", "便利店", "微型", is_chain_head=True), True, True),
        (Shape("三小", "小餐饮", "微型"), False, False),
    ],
)
def test_who_owes_which_post(shape, officer, director):
    rules = STAFFING.at(TODAY)

    assert (any_holds(rules.officer, shape), any_holds(rules.director, shape)) == (officer, director)


def test_nobody_owed_a_director_before_the_rules():
    assert not any_holds(STAFFING.at(date(2022, 10, 31)).director, Shape("食品生产", "特殊食品生产", "大型"))


def test_the_rule_of_one_and_of_all_agree(scene):
    make_operator("C-1", format="便利店", kind="食品销售", size="微型")
    make_operator("C-2", format="便利店", kind="食品销售", size="微型", chain_code="C-1")
    make_operator("S-1", kind="三小", small_kind="小餐饮", format="小餐饮", size="微型")
    rules = STAFFING.at(TODAY)
    for which, duty in ((rules.officer, Duty.OFFICER), (rules.director, Duty.DIRECTOR)):
        of_all = set(Operator.objects.filter(owes(which)).values_list("code", flat=True))
        of_one = {each.code for each in Operator.objects.all() if duty in owed_duties(each, TODAY)}
        assert of_all == of_one


def test_coverage_is_those_with_a_valid_officer_among_those_that_need_one(scene):
    named(scene)
    named(scene, person_no="P-2", duty=Duty.DIRECTOR)

    assert coverage(scene.office, "1310", TODAY) == [
        Coverage("131002", 1, 0, 1, 0), Coverage("131022", 2, 1, 2, 1)
    ]  # fmt: skip
    assert [each.code for each in missing(scene.station, Duty.OFFICER, TODAY)] == ["R-2"]
    assert not missing(scene.other, Duty.OFFICER, TODAY).filter(code="R-2").exists()


@pytest.mark.parametrize(
    "change", [{"ended_on": TODAY}, {"suspended_on": TODAY}, {"appointed_on": TODAY + timedelta(days=1)}]
)
def test_who_is_not_in_post_does_not_count(scene, change):
    named(scene)
    Appointment.objects.update(**change)

    assert Duty.OFFICER in missing_duties(scene.own, TODAY)


def test_whom_one_may_not_appoint(scene):
    SafetyStaff.objects.create(operator=scene.beside, person_no="P-9", person_name="x", barred_from=date(2020, 1, 1))
    named(scene)
    for wrong in ({"person_no": "P-9"}, {}, {"person_no": "P-3", "appointed_on": TODAY + timedelta(days=1)}):
        with pytest.raises(DutyRefused):
            named(scene, **wrong)
    with pytest.raises(PermissionDenied):
        appoint(operator=scene.own, named=NAMED, by=scene.officer, at=NOW)


def test_leaving_keeps_the_row_and_the_next_one_begins_anew(scene):
    first = named(scene)
    end_appointment(appointment=first, by=scene.director, at=NOW)
    with pytest.raises(DutyRefused):
        end_appointment(appointment=first, by=scene.director, at=NOW)

    named(scene, person_no="P-2")
    assert Appointment.objects.count() == 2
    assert missing_duties(scene.own, TODAY) == [Duty.DIRECTOR]


def test_hours_add_up_per_person_and_year_over_businesses(scene):
    mine = named(scene).staff
    same = SafetyStaff.objects.create(operator=scene.beside, person_no="P-1", person_name="周五")
    area = {"area_code": "131022", **columns_of_key("131022")}
    for code, day, hours, who in (("A", TODAY, 8, mine), ("B", TODAY, 4, same), ("C", date(2025, 5, 1), 40, mine)):
        session = TrainingSession.objects.create(
            code=code, title=code, kind="course", organiser="局", held_on=day, hours=hours, **area
        )
        Attendance.objects.create(session=session, operator=who.operator, staff=who)

    assert hours_by_staff([mine.pk], 2026) == {mine.pk: 12}
    assert hours_by_staff([same.pk], 2025) == {same.pk: 40}


def test_the_portal_appoints_and_says_what_is_missing(scene, client):
    client.force_login(scene.principal)
    page = reverse("operator:safety_staff_detail", args=["R-1"])
    assert "应配备食品安全总监，目前没有" in client.get(page).content.decode()
    url = reverse("operator:appointment_create", args=["R-1"])
    told = {"name": "周五", "person_no": "P-1", "duty": "director", "document_no": "1号", "appointed_on": "2026-11-18"}
    assert "11 位手机号" in client.post(url, told | {"phone": "12"}).content.decode()
    client.post(url, told)
    shown = client.get(page).content.decode()
    assert "周五" in shown
    assert "应配备食品安全总监" not in shown
    client.post(reverse("operator:appointment_end", args=["R-1", Appointment.objects.get().pk]))
    assert Appointment.objects.get().ended_on == TODAY


def test_the_board_opens_the_missing_and_the_record_shows_the_posts(scene, client):
    named(scene)
    client.force_login(scene.station)
    board = client.get(reverse("selfcontrol:safety_staff_board")).content.decode()
    assert "固安镇" in board
    listed = client.get(reverse("selfcontrol:safety_staff_list"), {"duty": "officer"}).content.decode()
    assert "主体R-2" in listed
    assert "主体R-1" not in listed
    record = client.get(reverse("census:operator_detail", args=["R-1"]), {"tab": "selfcontrol"}).content.decode()
    assert "任〔2026〕1号" in record
    assert "食品安全总监" in record
