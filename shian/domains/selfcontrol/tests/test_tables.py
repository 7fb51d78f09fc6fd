"""Every table of operators' own duty: who sees its rows, and what the database itself refuses."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from shian.domains.selfcontrol.models import (
    Appointment,
    Attendance,
    Closure,
    CommitmentSignature,
    CommitmentText,
    DailyControl,
    Decision,
    DispatchMeeting,
    Exam,
    OwnProblem,
    RiskList,
    SafetyStaff,
    SelfExam,
    TrainingSession,
    WeeklyCheck,
)
from shian.domains.selfcontrol.tests.scene import NOW, TODAY
from shian.kernel.scope.rules import columns_of_key

pytestmark = pytest.mark.django_db
AREA = {"area_code": "131022100", **columns_of_key("131022100")}
MONTH = TODAY.replace(day=1)


def keep_month(day):
    with connection.cursor() as cursor:
        cursor.execute("SELECT selfcontrol_keep_month(%s)", [day])
        return cursor.fetchone()[0]


def drop_months(before):
    with connection.cursor() as cursor:
        cursor.execute("SELECT selfcontrol_drop_months(%s)", [before])
        return cursor.fetchone()[0]


def day_of(operator, day=TODAY, **given):
    keep_month(day)
    values = {"result": "clear", "recorded_at": NOW, "recorded_by": "test", **columns_of_key("131022100"), **given}
    return DailyControl.objects.create(operator=operator, day=day, **values)


def one_of_each(operator):
    """A row of every table for the operator."""
    staff = SafetyStaff.objects.create(operator=operator, person_no="P", person_name="周五")
    session = TrainingSession.objects.create(
        code="T", title="T", kind="course", organiser="所", held_on=TODAY, hours=4, **AREA
    )
    meeting = DispatchMeeting.objects.create(
        operator=operator, month=MONTH, held_on=TODAY, participants="三人", heard="无", written_by="x"
    )
    mine = {"operator": operator}
    text = CommitmentText.objects.create(number="C", title="C", text="C", issued_on=TODAY, issued_by="x", **AREA)
    return [
        CommitmentSignature.objects.create(text=text, signed_on=TODAY, signed_by="x", **mine),
        staff,
        Appointment.objects.create(staff=staff, duty="officer", appointed_on=TODAY, **mine),
        Attendance.objects.create(session=session, staff=staff, **mine),
        Closure.objects.create(from_on=TODAY, to_on=TODAY, reason="歇业", declared_at=NOW, declared_by="x", **mine),
        day_of(operator),
        meeting,
        Decision.objects.create(meeting=meeting, text="修冰柜", due_on=TODAY, **mine),
        Exam.objects.create(number="E", staff=staff, examined_on=TODAY, called_by="x", **mine),
        OwnProblem.objects.create(source="daily", found_on=TODAY, risk="冷藏", due_on=TODAY, found_by="x", **mine),
        RiskList.objects.create(version=1, template="r", template_version="1", items=[], written_by="x", **mine),
        SelfExam.objects.create(
            duty_class="chain", year=2026, due_on=TODAY, reported_on=TODAY, reported_by="x", **mine
        ),
        WeeklyCheck.objects.create(monday=TODAY - timedelta(days=2), found={}, drafted_by="x", **mine),
    ]


def test_rows_are_seen_by_the_own_people_and_by_staff_of_the_area(scene):
    stranger = scene.person("周五", "officer", scene.beside)

    for row in one_of_each(scene.own):
        rows = type(row)._default_manager.all()
        seen = [
            rows.visible_to(user).filter(pk=row.pk).exists()
            for user in (scene.officer, scene.station, scene.office, stranger, scene.other)
        ]
        assert seen == [True, True, True, False, False], row


def test_a_text_to_sign_is_seen_in_its_area(scene):
    text = CommitmentText.objects.create(number="C", title="C", text="C", issued_on=TODAY, issued_by="x", **AREA)

    assert CommitmentText.objects.visible_to(scene.station).get() == text
    assert not CommitmentText.objects.visible_to(scene.other).exists()


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_what_the_database_refuses(scene):
    one_of_each(scene.own)
    staff = SafetyStaff.objects.get()
    mine = {"operator": scene.own}

    refused(lambda: day_of(scene.own))
    refused(lambda: day_of(scene.beside, problems=1))
    refused(lambda: day_of(scene.beside, is_backfilled=True))
    refused(lambda: Appointment.objects.create(staff=staff, duty="officer", appointed_on=date(2026, 11, 1), **mine))
    refused(lambda: WeeklyCheck.objects.update(signed_at=NOW))
    refused(lambda: OwnProblem.objects.update(handled_on=TODAY))
    refused(lambda: Exam.objects.update(score=50))
    refused(lambda: RiskList.objects.update(valid_from=TODAY))
    refused(lambda: SelfExam.objects.update(rectified=1))
    refused(lambda: Attendance.objects.update(people=2))


def test_months_are_partitions_and_only_old_ones_are_dropped(scene):
    old, young = date(2020, 2, 3), TODAY
    day_of(scene.own, old)
    day_of(scene.own, young)

    assert keep_month(old) is False
    assert drop_months(date(2030, 1, 1)) >= 1
    assert [each.day for each in DailyControl.objects.all()] == [young]
