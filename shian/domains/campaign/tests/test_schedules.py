"""Backward scheduling: moving the final date moves every dependent step; gates; each late step names one person."""

import csv
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.actions.schedules import (
    ScheduleRefused,
    lay_schedule,
    move_final_date,
    movement_of,
    open_stage,
    record_output,
)
from shian.domains.campaign.models import PlanMove, Schedule, Stage, StageOutput, Standard
from shian.domains.campaign.queries.schedules import accountable, items_without_step, steps_of, unit_rows
from shian.domains.campaign.rules.schedule_packs import ScheduleInvalid, schedule_in
from shian.domains.campaign.rules.schedules import (
    DatesClash,
    StageDates,
    Standing,
    hung_on,
    moved_stages,
    standing_of,
    worst,
)
from shian.domains.campaign.tests.factories import make_organisation, make_user
from shian.domains.campaign.tests.loops import photo
from shian.engine.cases.actions import CaseChanged, Given, NewDate, move_case, redate_cases
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case, CaseClock, CaseEvent
from shian.kernel.accounts.models import Role
from shian.kernel.imports.actions import import_path
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.workdays.queries import calendar
from shian.registers.people.models import Organisation, Person, Post

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2023, 1, 4, 9, 0, tzinfo=ZONE)
TODAY = AT.date()
FINAL = date(2024, 12, 31)
pytestmark = pytest.mark.django_db


def pack(name: str = "weixian") -> bytes:
    return (settings.SHIAN_PACKS / "schedules" / f"{name}.yaml").read_bytes()


def clauses() -> bytes:
    return (settings.SHIAN_PACKS / "criteria" / "weixian-plan.yaml").read_bytes()


def put_in(unit, name: str, kind: str, title: str, **more) -> Person:
    person = Person.objects.create(person_no=name, name=name, **more)
    Post.objects.create(person=person, organisation=unit, title=title, kind=kind, area_code=unit.area_code,
                        valid_from=date(2019, 1, 1), **columns_of_key(unit.area))  # fmt: skip
    return person


@pytest.fixture
def county(city):
    """A county with its command office, four units with people, and an officer of the office."""
    make_organisation("CAMPO", "131022", kind="指挥部办公室", is_campaign_department=False)
    for code in ("FSCO", "SAMR", "AGRI", "EDU"):
        unit = make_organisation(code, "131022")
        put_in(unit, f"{code}-head", "领导", "局长")
    put_in(make_organisation("HEALTH", "131022"), "HEALTH-liaison", "联络员", "创建工作联络员")
    return make_user("planner", Role.OFFICE, "131022")


@pytest.fixture
def laid(county):
    return lay_schedule(content=pack(), clauses=clauses(), standard=Standard.objects.get(), area="131022",
                        final_on=None, by=county, at=AT)  # fmt: skip


@pytest.fixture
def schedule(county) -> Schedule:
    """The plan without the clauses: the single steps of the office."""
    return lay_schedule(content=pack(), clauses=b"", standard=Standard.objects.get(), area="131022", final_on=None,
                        by=county, at=AT).schedule  # fmt: skip


def test_days_hang_on_the_end_by_working_days() -> None:
    days = calendar()
    assert hung_on(days, date(2023, 3, 20), date(2023, 3, 31), date(2023, 5, 31)) == date(2023, 5, 18)
    assert hung_on(days, FINAL, FINAL, date(2025, 3, 31)) == date(2025, 3, 31)


def test_past_stages_stay_and_the_present_one_keeps_its_first_day() -> None:
    stages = [
        StageDates(1, date(2023, 1, 3), date(2023, 1, 31), is_begun=True, is_past=True),
        StageDates(2, date(2023, 2, 1), date(2023, 6, 30), is_begun=True),
        StageDates(3, date(2023, 7, 3), date(2023, 12, 29)),
    ]
    one, two, three = moved_stages(calendar(), stages, date(2023, 12, 29), date(2024, 3, 29))
    assert one == stages[0]
    assert (two.starts_on, two.ends_on > stages[1].ends_on) == (date(2023, 2, 1), True)
    assert (three.ends_on, three.starts_on > two.ends_on) == (date(2024, 3, 29), True)
    with pytest.raises(DatesClash):
        moved_stages(calendar(), stages, date(2023, 12, 29), date(2023, 6, 1))


@pytest.mark.parametrize(
    ("told", "standing"),
    [
        ({"is_open": False}, Standing.DONE),
        ({"due_on": date(2023, 1, 3)}, Standing.OVERDUE),
        ({"due_on": date(2023, 1, 6), "warns_on": date(2023, 1, 4)}, Standing.AT_RISK),
        ({"due_on": date(2023, 2, 6), "warns_on": date(2023, 2, 1)}, Standing.NOT_STARTED),
        ({"due_on": date(2023, 2, 6), "is_begun": True}, Standing.ON_TRACK),
    ],
)
def test_how_a_step_stands(told, standing) -> None:
    usual = {"is_open": True, "is_begun": False, "due_on": None, "warns_on": None, "today": TODAY}
    assert standing_of(**{**usual, **told}) is standing


def test_of_many_the_worst_is_told() -> None:
    assert worst([Standing.DONE, Standing.OVERDUE]) is Standing.OVERDUE
    assert worst([Standing.DONE, Standing.NOT_STARTED]) is Standing.ON_TRACK
    assert worst([Standing.DONE]) is Standing.DONE
    assert worst([]) is None


@pytest.mark.parametrize("name", ["weixian", "langfang"])
def test_packs_are_plans(name: str) -> None:
    standard = yaml.load((settings.SHIAN_PACKS / "criteria" / "2021.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    items = {each["code"] for section in standard["sections"] for point in section["points"]
             for each in point["indicators"]}  # fmt: skip
    found = schedule_in(
        yaml.load(pack(name), Loader=yaml.CSafeLoader), items, {each["code"] for each in standard["departments"]}
    )
    assert len(found.stages) == 4
    assert [key for key, _title in found.stages[0].outputs] == ["plan", "targets", "duties", "ledger"]


def test_a_wrong_plan_is_refused_with_everything_that_is_wrong() -> None:
    told = yaml.load(pack(), Loader=yaml.CSafeLoader)
    told["stages"][1]["starts_on"] = date(2023, 1, 15)
    told["steps"][0]["item"] = "9.9.9"
    with pytest.raises(ScheduleInvalid) as refused:
        schedule_in(told, {"1.2.1", "1.2.3"}, {"FSCO"})
    assert [each.code for each in refused.value.problems] == ["schedule.overlap", "schedule.item"]


def test_the_plan_of_wei_county_gives_every_clause_its_steps_and_a_person(laid) -> None:
    steps = list(steps_of(laid.schedule))
    assert len(steps) == laid.steps == 8 + 2 * 74
    smuggling = [each for each in steps if each.title.startswith("走私食品查处")]
    assert {each.unit.code for each in smuggling} == {"131022-CAMPO"}, "no lead is named and none guessed"
    assert "走私食品查处：建账并自查差距" in laid.without_unit
    named = accountable(steps, TODAY)
    assert {named[each.pk] for each in steps if each.unit_id == "131022-SAMR"} == {"SAMR-head"}
    assert {each.owner_name for each in steps if each.unit_id == "131022-HEALTH"} == {"HEALTH-liaison"}
    health = Case.objects.filter(unit="131022-HEALTH").first()
    assert (health.county, health.data["grid"], bool(health.data["duty"])) == ("131022", "HEALTH局", True)
    assert items_without_step(steps, Standard.objects.get())  # second items of a clause are told by name


def test_steps_are_counted_back_from_the_final_date(schedule) -> None:
    step = Case.objects.get(title="建立任务台账")
    assert step.due_on == date(2023, 1, 30)  # a working day before the stage's end
    assert CaseClock.objects.get(case=step).due_on == step.due_on
    assert step.next_rung_on < step.due_on


def test_a_final_date_too_near_is_refused(county) -> None:
    with pytest.raises(ScheduleRefused, match="日期已过"):
        lay_schedule(content=pack(), clauses=b"", standard=Standard.objects.get(), area="131022",
                     final_on=date(2024, 12, 20), by=county, at=datetime(2023, 1, 20, 9, tzinfo=ZONE))  # fmt: skip


def test_moving_the_final_date_moves_every_dependent_step_under_one_seal(
    schedule, county, django_assert_max_num_queries
) -> None:
    done = finish(Case.objects.get(title="成立领导小组和办公室"))
    before = dict(steps_of(schedule).values_list("pk", "due_on"))
    movement = movement_of(schedule, date(2025, 3, 31))
    with django_assert_max_num_queries(14):
        moved = move_final_date(schedule=schedule, final_on=date(2025, 3, 31), reason="验收推迟",
                                seen=movement.digest, by=county, at=AT)  # fmt: skip
    rows = list(steps_of(schedule))
    for each in rows:
        if each.pk == done.pk:
            assert each.due_on == before[each.pk]
            continue
        clock = CaseClock.objects.get(case=each)
        assert each.due_on == clock.due_on > before[each.pk]
        event = CaseEvent.objects.get(case=each, step="redate")
        assert (event.seal, event.data["due_before"], event.note) == (
            moved.seal, before[each.pk].isoformat(), "验收推迟",
        )  # fmt: skip
        assert event.number == each.version == 2
    assert moved.steps == len(rows) - 1
    assert moved.stages[3][2] == "2024-12-31"
    assert Stage.objects.get(number=4).ends_on == Schedule.objects.get().final_on == date(2025, 3, 31)
    assert Entry.objects.filter(action="campaign.plan_moved").count() == 1


def test_the_one_seal_of_a_move_opens_from_every_step_to_who_sees_the_plan(client, schedule, county, officer) -> None:
    movement = movement_of(schedule, date(2025, 3, 31))
    moved = move_final_date(schedule=schedule, final_on=date(2025, 3, 31), reason="验收推迟", seen=movement.digest,
                            by=county, at=AT)  # fmt: skip
    address = reverse("notary:entry_detail", args=[moved.seal])
    stranger = make_user("dora", Role.OFFICE, "131100")

    client.force_login(officer)
    assert client.get(address).status_code == 200
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_a_preview_that_is_stale_moves_nothing(schedule, county) -> None:
    movement = movement_of(schedule, date(2025, 3, 31))
    step = Case.objects.get(title="建立任务台账")
    take(step, "start", "liaison")
    with pytest.raises(ScheduleRefused, match="重新核对"):
        move_final_date(schedule=schedule, final_on=date(2025, 3, 31), reason="验收推迟", seen=movement.digest,
                        by=county, at=AT)  # fmt: skip
    assert not PlanMove.objects.exists()
    with pytest.raises(CaseChanged):
        redate_cases(dates=[NewDate(each.case, each.due_on) for each in movement.steps], clock="step", note="x",
                     by="x", unit="", seal=Entry.objects.first().uid, at=AT)  # fmt: skip


def test_only_the_office_of_the_area_moves_the_plan(schedule, client) -> None:
    elsewhere = make_user("elsewhere", Role.OFFICE, "131002")
    with pytest.raises(OutOfReach):
        move_final_date(schedule=schedule, final_on=date(2025, 3, 31), reason="x", seen="", by=elsewhere, at=AT)
    client.force_login(elsewhere)
    assert client.get(reverse("campaign:road_map"), {"plan": schedule.key}).status_code == 404


def test_the_second_stage_waits_for_the_outputs_of_the_first(schedule, county) -> None:
    second = Stage.objects.get(number=2)
    with pytest.raises(ScheduleRefused) as refused:
        open_stage(stage=second, by=county, at=AT)
    assert [each.title for each in refused.value.missing] == ["创建工作方案", "目标任务", "责任分工", "任务台账"]
    for output in StageOutput.objects.filter(stage__number=1):
        record_output(output=output, reference="威食创〔2023〕1号", by=county, at=AT)
    assert open_stage(stage=second, by=county, at=AT).opened_by == "planner"
    with pytest.raises(ScheduleRefused, match="已经启动"):
        open_stage(stage=second, by=county, at=AT)


def test_the_war_map_tells_each_unit_and_stage(laid) -> None:
    rows = {row.code: row for row in unit_rows(steps_of(laid.schedule), date(2023, 2, 6))}
    office = rows["131022-FSCO"]
    assert office.squares[1].standing is Standing.OVERDUE
    assert office.squares[2].standing is Standing.NOT_STARTED
    assert sum(len(row.whole.steps) for row in rows.values()) == laid.steps


def take(case: Case, step: str, by: object, at: datetime = AT, **given: object) -> None:
    declared = case_type("step")
    move_case(declared=declared, case=case, step=declared.step(step), seen=case.version, given=Given(**given), by=by,
              at=at)  # fmt: skip


def finish(case: Case) -> Case:
    take(case, "submit", "liaison", note="已成立", files=[photo(at=AT)])
    take(case, "confirm", "office")
    return case


@pytest.fixture
def today(monkeypatch):
    """The pages of this plan are read on a day of its time."""
    now = {"at": AT + timedelta(days=33)}  # 2023-02-06: the first stage is over, and nothing was done
    monkeypatch.setattr(timezone, "now", lambda: now["at"])
    return now


def page(client, name: str, user, **asked: object) -> str:
    client.force_login(user)
    return client.get(reverse(f"campaign:{name}"), asked).content.decode()


@pytest.fixture
def officer(county):
    """Who answers for steps in the bureau that has most of them."""
    user = make_user("officer", Role.DEPARTMENT, "131022")
    unit = Organisation.objects.get(code="131022-FSCO")
    Post.objects.filter(person__user=user).update(organisation=unit)
    return user


def test_the_chart_changes_colour_when_a_step_is_reported(client, schedule, county, officer, today) -> None:
    before = page(client, "war_live", county)
    assert "sh-sidebar" not in before
    assert 'hx-trigger="every 20s"' in before  # within a minute, whatever one answer takes
    assert before.count('class="sh-war-square is-overdue"') == 1
    for step in Case.objects.filter(data__stage=1):
        take(step, "submit", officer, at=today["at"], note="已完成", files=[photo(at=today["at"])])
    after = page(client, "war_live", county)
    assert after.count('class="sh-war-square is-overdue"') == 0
    assert after.count('class="sh-war-square is-done"') == 1
    assert "已完成" in after


def test_the_calendar_of_a_unit_holds_all_its_dated_duties(client, schedule, officer, today) -> None:
    text = page(client, "work_calendar", officer)
    steps = Case.objects.filter(type="step", unit="131022-FSCO")
    assert steps.count() == 8
    for step in steps:
        assert text.count(step.title) >= 2  # in its square, and in the list under the month
        assert f"{step.due_on:%m-%d}</span>" in text
    for stage in Stage.objects.all():
        assert stage.title in text
    assert 'href="#print"' in text


def test_each_late_step_names_one_person_and_tells_why(client, schedule, county, officer, today) -> None:
    late = Case.objects.filter(data__stage=1)
    take(late[0], "explain", officer, at=today["at"], data={"delay_reason": "经费未到位"})
    text = page(client, "hanging_list", county)
    for step in late:
        assert step.title in text
    assert text.count("FSCO-head") == late.count() == 4
    assert ("经费未到位" in text, text.count("未说明")) == (True, 3)


def test_the_office_previews_and_moves_the_final_date(client, schedule, county, today) -> None:
    client.force_login(county)
    url = f"{reverse('campaign:plan_move')}?plan={schedule.key}"
    told = {"final_on": "2025-03-31", "reason": "验收推迟"}
    preview = client.post(url, told).content.decode()
    assert preview.count("<tr") == 1 + 8
    assert "已逾期，调整后重新计期" in preview
    assert Schedule.objects.get().final_on == FINAL  # nothing has moved yet
    seen = movement_of(schedule, date(2025, 3, 31)).digest
    assert f'name="seen" value="{seen}"' in preview
    assert client.post(url, {**told, "seen": seen}).status_code == 302
    assert Schedule.objects.get().final_on == date(2025, 3, 31)
    assert "验收推迟" in page(client, "road_map", county)
    step = Case.objects.get(title="建立任务台账")
    text = client.get(reverse("cases:case_detail", args=[step.pk])).content.decode()
    assert "期限随计划调整" in text
    assert f"/log/{PlanMove.objects.get().seal}" in text or str(PlanMove.objects.get().seal) in text


def test_opening_the_second_stage_shows_what_is_missing(client, schedule, county, today) -> None:
    client.force_login(county)
    second = Stage.objects.get(number=2)
    text = client.post(reverse("campaign:stage_open", args=[second.pk]), follow=True).content.decode()
    assert "以前阶段的成果还没有登记：创建工作方案、目标任务、责任分工、任务台账" in text
    for output in StageOutput.objects.filter(stage__number=1):
        client.post(reverse("campaign:output_enter", args=[output.pk]), {"reference": "威食创〔2023〕1号"})
    text = client.post(reverse("campaign:stage_open", args=[second.pk]), follow=True).content.decode()
    assert "全面创建阶段已启动" in text


def test_the_timetable_says_item_cell_duty_and_person(client, laid, county, today) -> None:
    text = page(client, "step_list", county, unit="131022-HEALTH")
    assert "HEALTH-liaison" in text
    assert "HEALTH局" in text
    assert "没有落实到人" in text  # the steps of the smuggling clause


def test_a_plan_is_laid_down_from_its_files(client, county) -> None:
    client.force_login(county)
    far = {"file": SimpleUploadedFile("plan.yaml", pack()), "final_on": "2999-12-31"}
    assert "日历没有 2999 年" in client.post(reverse("campaign:plan_create"), far).content.decode()
    files = {"file": SimpleUploadedFile("plan.yaml", pack()), "clauses": SimpleUploadedFile("clauses.yaml", clauses())}
    refused = client.post(reverse("campaign:plan_create"), files).content.decode()
    assert "请推后最终期限" in refused  # the county's plan of 2023 lies in the past
    files = {"file": SimpleUploadedFile("plan.yaml", pack()), "clauses": SimpleUploadedFile("clauses.yaml", clauses())}
    answer = client.post(reverse("campaign:plan_create"), {**files, "final_on": "2030-12-31"}, follow=True)
    assert "共 156 个步骤" in answer.content.decode()
    assert Schedule.objects.get().final_on == date(2030, 12, 31)


PLAN_ROW = {
    "plan": "p-2023", "title": "工作计划", "area_code": "131022", "final_on": "2023-12-29", "stage": "1",
    "stage_title": "筹备部署阶段", "starts_on": "2023-01-03", "ends_on": "2023-12-29", "opened_on": "2023-01-03",
    "output": "plan", "output_title": "创建工作方案", "reference": "固创办〔2023〕1号", "recorded_on": "2023-01-20",
}  # fmt: skip


def bring(tmp_path, *rows):
    path = tmp_path / "campaign_plans.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([list(PLAN_ROW), *([*row.values()] for row in rows)])
    return import_path(path=path, by="cli", at=timezone.now(), importer="campaign_plans", again=True)[0]


def test_a_plan_comes_from_a_file_once_and_a_file_never_moves_it(tmp_path, city) -> None:
    waiting = {**PLAN_ROW, "output": "targets", "output_title": "目标任务", "reference": "", "recorded_on": ""}
    first = bring(tmp_path, PLAN_ROW, waiting)
    assert (first.accepted, first.rejected) == (2, 0)
    assert Schedule.objects.get().area == "131022"
    assert [each.key for each in StageOutput.objects.filter(recorded_at__isnull=True)] == ["targets"]
    assert bring(tmp_path, PLAN_ROW, waiting).new == 0
    assert bring(tmp_path, {**PLAN_ROW, "final_on": "2024-12-31"}).rejected == 1
    assert Schedule.objects.get().final_on == date(2023, 12, 29)
