"""Files, figures and boards: what is imported is counted, and every figure comes from rows."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shian.domains.selfcontrol.actions.commitments import issue_text, sign_text
from shian.domains.selfcontrol.actions.controls import declare_closure
from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.actions.selfexams import Told, report_selfexam
from shian.domains.selfcontrol.models import (
    Appointment,
    CommitmentSignature,
    DailyControl,
    DispatchMeeting,
    Exam,
    SafetyStaff,
    SelfExam,
    WeeklyCheck,
)
from shian.domains.selfcontrol.queries.coverage import (
    DayCoverage,
    class_rates,
    day_coverage,
    reach_in_year,
    without_record,
)
from shian.domains.selfcontrol.tests.scene import NOW, TODAY
from shian.domains.selfcontrol.tests.test_days import listed, recorded
from shian.engine.measures.queries import figure
from shian.kernel.imports.actions import Stated, upload_file
from shian.kernel.imports.actions.batches import run
from shian.kernel.scope.models import OutOfReach

pytestmark = pytest.mark.django_db
STAFF = "operator_code,area_code,person_no,person_name,duty,appointed_on,ended_on"
DAYS = "operator_code,area_code,day,problems,recorded_on"


def imported(scene, key, heading, *lines):
    """The batch after its rows were written."""
    stream = BytesIO("\n".join([heading, *lines]).encode())
    (batch,) = upload_file(
        importer_key=key, name="x.csv", stream=stream, stated=Stated(effective_on=TODAY), by=scene.office, at=NOW
    )
    return run(batch, by="office", at=NOW, write=True, tell=lambda *_: None)


def problems(batch):
    return list(batch.problems.values_list("reason", flat=True))


def value(name, area="131000", day=TODAY):
    return figure(f"selfcontrol.{name}", area=area, as_of=day).value


def test_staff_come_by_file_and_make_the_rate(scene):
    first = "R-1,131022,Y1,周五,食品安全员,2026-01-01,"
    batch = imported(scene, "safety_staff", STAFF, first, "R-1,131022,Z1,吴六,食品安全总监,2026-01-01,",
                     "F-1,131002,Y2,郑七,食品安全员,2026-01-01,2026-06-30")  # fmt: skip
    assert (batch.rows_new, problems(batch)) == (3, [])
    assert imported(scene, "safety_staff", STAFF, first).rows_same == 1

    assert value("owing") == 3
    assert round(value("staffed"), 1) == round(value("directors"), 1) == Decimal("33.3")
    assert (value("staffed", "131022"), value("staffed", "131002")) == (50, 0)
    assert value("staffed", "131002", date(2026, 3, 1)) == 0  # an officer alone is not enough for a producer
    assert Appointment.objects.get(staff__person_no="Y1").township == "131022100"


def test_what_a_file_of_staff_may_not_say(scene):
    SafetyStaff.objects.create(operator=scene.beside, person_no="B1", person_name="x", barred_from=date(2020, 1, 1))
    batch = imported(scene, "safety_staff", STAFF, "R-1,131002,Y1,周五,食品安全员,2026-01-01,",
                     "R-1,131022,B1,周五,食品安全员,2026-01-01,", "R-1,131022,Y1,周五,食品安全员,2027-01-01,",
                     "none,131022,Y1,周五,食品安全员,2026-01-01,")  # fmt: skip

    found = " ".join(problems(batch))
    assert "另一个县" in found
    assert "禁业" in found
    assert "今天以后" in found
    assert not Appointment.objects.exists()


def test_days_come_by_file_into_their_months_and_never_change_a_record(scene):
    listed(scene)
    recorded(scene)
    lines = [f"R-1,131022,{TODAY},3,{TODAY}", f"R-2,131022,{TODAY},0,{TODAY}", "F-1,131002,2026-01-31,2,2026-02-02"]
    batch = imported(scene, "daily_controls", DAYS, *lines)

    assert (batch.rows_new, batch.rows_same, problems(batch)) == (2, 1, [])
    assert DailyControl.objects.get(operator=scene.own).result == "clear"
    old = DailyControl.objects.get(operator=scene.producer)
    assert (old.problems, old.is_late, old.is_backfilled) == (2, True, True)
    assert "早于当日" in " ".join(
        problems(imported(scene, "daily_controls", DAYS, "F-1,131002,2026-03-02,0,2026-03-01"))
    )


def test_the_board_counts_gaps_apart_from_closed_days(scene, client):
    listed(scene)
    recorded(scene, r06="problem", notes={"r06": "过期"})
    boss = scene.person("吴六", "principal", scene.producer)
    declare_closure(operator=scene.producer, from_on=TODAY, to_on=TODAY, reason="检修", by=boss, at=NOW)

    assert day_coverage(scene.office, "1310", TODAY) == [
        DayCoverage("131002", 1, 1, 0), DayCoverage("131022", 2, 0, 1, 1, 0, 0)
    ]  # fmt: skip
    assert [each.gaps for each in day_coverage(scene.office, "1310", TODAY)] == [0, 1]
    assert [each.code for each in without_record(scene.office, "1310", TODAY)] == ["R-2"]
    assert round(value("days"), 1) == Decimal("33.3")
    assert value("days", "131022") == 50
    client.force_login(scene.office)
    assert "固安县" in client.get(reverse("selfcontrol:daily_control_board")).content.decode()
    shown = client.get(reverse("selfcontrol:daily_control_list"), {"day": TODAY.isoformat()}).content.decode()
    assert "主体R-2" in shown
    for name in ("daily_control_board", "daily_control_list"):  # before anything was owed
        assert client.get(reverse(f"selfcontrol:{name}"), {"day": "1999-01-01"}).status_code == 200
    client.force_login(scene.other)
    assert client.get(reverse("selfcontrol:daily_control_list"), {"area": "131022"}).status_code == 404


def test_self_examinations_by_class_with_totals_from_the_register(scene, client):
    boss = scene.person("吴六", "principal", scene.producer)
    told = Told(problems=4, rectified=3, is_monitored=True, summary="逐项自查")
    report = report_selfexam(operator=scene.producer, duty_class="producer", year=2026, told=told, by=boss, at=NOW)
    assert (report.due_on, report.reported_on) == (date(2026, 11, 20), TODAY)
    later = NOW + timedelta(days=5)
    report_selfexam(operator=scene.producer, duty_class="producer", year=2026,
                    told=Told(4, 4, True, "已全部整改"), by=boss, at=later)  # fmt: skip
    assert SelfExam.objects.get().reported_on == TODAY
    for wrong in (("chain", told), ("producer", Told(1, 2, False, "x"))):
        with pytest.raises(DutyRefused):
            report_selfexam(operator=scene.producer, duty_class=wrong[0], year=2026, told=wrong[1], by=boss, at=NOW)

    rates = {each.told.key: each for each in class_rates(scene.office, "1310", 2026, TODAY)}
    producer = rates["producer"]
    assert (producer.operators, producer.reported, producer.in_time, producer.rectified) == (1, 1, 1, 4)
    assert rates["market"].operators == 0
    assert (value("reports_producer"), value("reports_special")) == (100, None)
    client.force_login(scene.office)
    assert "食品生产企业" in client.get(reverse("selfcontrol:self_exam_board")).content.decode()
    listed_ = client.get(reverse("selfcontrol:self_exam_list"), {"class": "producer", "year": "2025"})
    assert "主体F-1" in listed_.content.decode()


def test_special_food_makers_put_their_problems_right(scene):
    lines = "operator_code,area_code,duty_class,year,due_on,reported_on,problems,rectified"
    row = "F-1,131002,特殊食品生产企业,2026,2026-11-20,2026-11-01,4,3"
    batch = imported(scene, "self_exams", lines, row)
    assert problems(batch) == []

    assert value("special_rectified") == 75
    assert "多于问题数" in " ".join(problems(imported(scene, "self_exams", lines, row.replace("4,3", "3,4"))))


def test_training_is_counted_in_operators_and_in_attendances(scene, client):
    imported(scene, "safety_staff", STAFF, "R-1,131022,Y1,周五,食品安全员,2026-01-01,")
    heading = "code,title,kind,organiser,area_code,held_on,hours"
    lines = [f"T-{n},第{n}期,集中培训,市局,131000,2026-0{n}-10,{hours}" for n, hours in ((1, 30), (2, 12))]
    assert problems(imported(scene, "training_sessions", heading, *lines)) == []
    came = [f"T-{n},R-1,131022,Y1,1" for n in (1, 2)] + ["T-1,R-2,131022,,25"]
    attended = "session,operator_code,area_code,person_no,people"
    assert problems(imported(scene, "training_attendances", attended, *came)) == []

    assert reach_in_year(scene.office, 2026) == (2, 27)
    assert (value("trained_operators"), value("attendances")) == (2, 27)
    assert (value("hours_least"), value("hours_reached")) == (42, 100)
    assert value("hours_least", day=date(2026, 1, 31)) == 30
    client.force_login(scene.office)
    page = client.get(reverse("selfcontrol:training_session_list")).content.decode()
    assert "参训主体（不重复）" in page
    assert "第1期" in page
    wrong = imported(scene, "training_attendances", attended, "T-1,R-2,131022,Y9,1")
    assert "没有这个人员编号" in " ".join(problems(wrong))


def test_the_pass_rate_reproduces_from_the_list(scene):
    imported(scene, "safety_staff", STAFF, "R-1,131022,Y1,周五,食品安全员,2026-01-01,")
    heading = "number,operator_code,area_code,person_no,examined_on,score,passed"
    lines = [f"E-{n},R-1,131022,Y1,2026-05-01,{score},{word}" for n, score, word in
             ((1, 90, "是"), (2, 40, "否"), (3, 60, "是"), (4, 70, "是"))]  # fmt: skip
    assert problems(imported(scene, "exam_results", heading, *lines)) == []

    passed = Exam.objects.filter(passed=True).count()
    assert value("exam_rate") == 100 * passed / Exam.objects.count() == 75
    assert value("examined") == 4


def test_a_commitment_is_signed_once_by_the_principal_and_listed_by_class_and_area(scene, client):
    told = {"number": "CN-1", "title": "食品安全承诺书", "text": "我承诺守法经营。", "area_code": "131022"}
    text = issue_text(**told, kinds=["餐饮服务"], by=scene.county, at=NOW)
    with pytest.raises(OutOfReach):
        issue_text(**told | {"number": "CN-2"}, kinds=[], by=scene.other, at=NOW)
    client.force_login(scene.principal)
    assert "食品安全承诺书" in client.get(reverse("operator:desk_detail", args=["R-1"])).content.decode()
    client.post(reverse("operator:commitment_text_sign", args=["R-1", text.pk]))

    assert CommitmentSignature.objects.get().operator == scene.own
    with pytest.raises(DutyRefused):
        sign_text(operator=scene.own, text=text, by=scene.principal, at=NOW)
    client.force_login(scene.county)
    page = client.get(reverse("selfcontrol:commitment_text_detail", args=[text.pk])).content.decode()
    assert "固安镇" in page
    assert "餐饮服务" in page
    url = reverse("selfcontrol:commitment_text_list")
    client.get(url)
    with CaptureQueriesContext(connection) as before:
        client.get(url)
    for number in range(2, 5):
        issue_text(**told | {"number": f"CN-{number}"}, kinds=[], by=scene.county, at=NOW)
    with CaptureQueriesContext(connection) as after:
        rows = client.get(url).context["list"].table.rows
    assert {each.key: each.cells["signed"] for each in rows} == {"CN-1": 1, "CN-2": 0, "CN-3": 0, "CN-4": 0}
    assert len(after) == len(before)


WEEKS = "operator_code,area_code,monday,weekdays,summary,signed_duty,signed_on"
MONTHS = "operator_code,area_code,month,held_on,participants,heard,signed_on"


def test_who_has_an_officer_and_signed_week_and_month_is_covered(scene):
    """Of the week before TODAY's and of October: days without a record in the signed week, or one report missing, and
    an operator is not covered."""
    imported(scene, "safety_staff", STAFF, "R-1,131022,Y1,周五,食品安全员,2026-01-01,",
             "F-1,131002,Y2,郑七,食品安全员,2026-01-01,")  # fmt: skip
    weeks = imported(scene, "weekly_checks", WEEKS, "R-1,131022,2026-11-09,12345,正常,食品安全员,2026-11-15",
                     "F-1,131002,2026-11-09,,正常,食品安全员,2026-11-16")  # fmt: skip
    months = imported(scene, "dispatch_meetings", MONTHS, "R-1,131022,2026-10-01,2026-11-02,负责人,正常,2026-11-02",
                      "F-1,131002,2026-10-01,2026-11-05,负责人,正常,2026-11-06")  # fmt: skip

    assert (problems(weeks), problems(months)) == ([], [])
    assert list(WeeklyCheck.objects.order_by("operator__code").values_list("is_late", flat=True)) == [True, False]
    assert list(DispatchMeeting.objects.order_by("operator__code").values_list("is_late", flat=True)) == [True, False]
    found = WeeklyCheck.objects.get(operator__code="R-1").found
    assert found["days"] == {f"2026-11-{day:02d}": "clear" for day in range(9, 14)}
    parts = {name: figure(f"selfcontrol.{name}", area="131000", as_of=TODAY) for name in ("weeks", "months", "covered")}
    assert {name: (each.part, each.whole) for name, each in parts.items()} == {
        "weeks": (2, 3), "months": (2, 3), "covered": (1, 3),
    }  # fmt: skip
    assert value("weeks", day=date(2026, 11, 15)) == 0
    assert value("months", day=date(2026, 11, 5)) == 0


@pytest.mark.parametrize(
    ("key", "heading", "row", "said"),
    [
        ("weekly_checks", WEEKS, "R-1,131022,2026-11-10,1,正常,食品安全员,2026-11-15", "不是星期一"),
        ("weekly_checks", WEEKS, "R-1,131022,2026-11-09,18,正常,食品安全员,2026-11-15", "格式不正确"),
        ("weekly_checks", WEEKS, "R-1,131022,2026-11-09,1,正常,食品安全员,2026-11-08", "早于那一周"),
        ("dispatch_meetings", MONTHS, "R-1,131022,2026-10-02,2026-11-02,甲,正常,2026-11-02", "不是某月"),
        ("dispatch_meetings", MONTHS, "R-1,131022,2026-10-01,2026-11-03,甲,正常,2026-11-02", "召开日期"),
    ],
)
def test_wrong_weeks_and_months_come_back(scene, key, heading, row, said):
    assert said in " ".join(problems(imported(scene, key, heading, row)))
