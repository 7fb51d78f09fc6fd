"""The Friday meeting: the agenda comes from what is late, decisions are tasks that come again until they are closed."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.actions.meetings import (
    MeetingRefused,
    Plan,
    acknowledge_minutes,
    add_topic,
    decide,
    freeze_agenda,
    issue_minutes,
    keep_fridays,
    schedule_meeting,
)
from shian.domains.campaign.models import AgendaItem, Attendance, Decision, Mechanism, Meeting
from shian.domains.campaign.queries.meetings import counts_by_mechanism, meetings_for, would_be_agenda
from shian.domains.campaign.rules.meetings import OpenCase, Reason, agenda_of
from shian.domains.campaign.tests.factories import make_organisation, make_user
from shian.engine.cases.actions import Opening, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.kernel.accounts.models import Role
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import Bounds, bounded_by
from shian.registers.people.models import Post

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2023, 3, 6, 9, 0, tzinfo=ZONE)
FRIDAY = date(2023, 3, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def units(city):
    make_organisation("CAMPO", kind="指挥部办公室", is_campaign_department=False)
    return make_organisation("AGRI"), make_organisation("EDU")


@pytest.fixture
def office(units):
    return make_user("office", Role.OFFICE)


def friday(units, by="worker", held_on: date = FRIDAY) -> Meeting:
    plan = Plan(Mechanism.FRIDAY, f"{held_on} 周五调度会", held_on)
    return schedule_meeting(area_key="1310", plan=plan, units=units, by=by, at=AT)


def card(units, due_on: date) -> Case:
    issuer = units[1]
    opening = Opening(title="冷库整改", area_key="1310", issuer=issuer, unit=units[0], due_on=due_on,
                      data={"basis": "现场检查"})  # fmt: skip
    return open_case(declared=case_type("card"), opening=opening, by="test", at=AT)


def test_order_of_an_agenda() -> None:
    late = OpenCase(1, "problem", "甲", "", date(2023, 3, 1), False)
    a_card = OpenCase(2, "card", "乙", "", date(2023, 3, 2), False)
    decided = OpenCase(3, "task", "丙", "", date(2023, 4, 1), True)
    in_time = OpenCase(4, "card", "丁", "", FRIDAY, False)
    found = agenda_of([late, a_card, decided, in_time], FRIDAY)

    assert [(reason, case.pk) for reason, case in found] == [
        (Reason.DECISION, 3), (Reason.CARD, 2), (Reason.OVERDUE, 1),
    ]  # fmt: skip


def test_a_late_card_is_on_the_agenda_by_itself(client, units, office) -> None:
    late = card(units, date(2023, 3, 7))
    card(units, date(2023, 3, 20))
    meeting = friday(units)
    assert [case.pk for _reason, case in would_be_agenda(meeting)] == [late.pk]
    add_topic(meeting=meeting, title="迎检准备", unit_name="创建办", by="test", at=AT)
    freeze_agenda(meeting=meeting, by="test", at=AT)

    items = AgendaItem.objects.filter(meeting=meeting).values_list("reason", "title")
    assert list(items) == [("card", "冷库整改"), ("topic", "迎检准备")]
    client.force_login(office)
    assert "督办卡逾期" in client.get(reverse("campaign:meeting_detail", args=[meeting.pk])).content.decode()


def test_a_frozen_agenda_does_not_change(units) -> None:
    meeting = freeze_agenda(meeting=friday(units), by="test", at=AT)
    card(units, date(2023, 3, 7))
    with pytest.raises(MeetingRefused):
        freeze_agenda(meeting=meeting, by="test", at=AT)
    with pytest.raises(MeetingRefused):
        add_topic(meeting=meeting, title="迟到的议题", unit_name="", by="test", at=AT)

    assert not AgendaItem.objects.filter(meeting=meeting).exists()


def test_a_decision_is_a_task_at_once_and_comes_again_until_it_is_closed(units, office) -> None:
    meeting = freeze_agenda(meeting=friday(units), by="test", at=AT)
    decision = decide(
        meeting=meeting, text="一周内完成排查", unit=units[0], owner=None, due_on=date(2023, 3, 31), by="test", at=AT
    )

    task = Decision.objects.get().case
    assert (task.type, task.unit, task.due_on) == ("task", units[0], date(2023, 3, 31))
    following = friday(units, held_on=FRIDAY + timedelta(days=7))
    assert [case.pk for _reason, case in would_be_agenda(following)] == [decision.case_id]
    Case.objects.filter(pk=task.pk).update(is_open=False, closed_at=AT, turn="", next_rung_on=None)
    assert would_be_agenda(following) == []


def test_what_is_not_for_everybody_stands_on_no_agenda(units) -> None:
    late = card(units, date(2023, 3, 7))
    Case.objects.create(
        type="commendation", number="奖惩〔2023〕1号", title="问责：某局工作人员", state="proposed", issuer=late.issuer,
        opened_on=date(2023, 2, 1), due_on=date(2023, 3, 1), created_at=AT, updated_at=AT, province="13", city="1310",
    )  # fmt: skip

    assert [case.pk for _reason, case in would_be_agenda(friday(units))] == [late.pk]


def test_every_member_reads_agenda_and_decisions_and_opens_what_is_its_own(client, units, office) -> None:
    late = card(units, date(2023, 3, 7))
    meeting = freeze_agenda(meeting=friday(units), by="test", at=AT)
    told = {"meeting": meeting, "owner": None, "due_on": date(2023, 3, 31), "by": "test", "at": AT}
    own, other = (decide(text=f"{unit.name}排查", unit=unit, **told).case_id for unit in units)
    liaison = make_user("liaison", Role.DEPARTMENT)
    Post.objects.filter(person__user=liaison).update(organisation=units[0])
    client.force_login(liaison)
    with bounded_by(lambda: Bounds(user=liaison.pk, reach=reach_of(liaison))):
        text = client.get(reverse("campaign:meeting_detail", args=[meeting.pk])).content.decode()

    assert text.count("局排查") >= 2
    links = {pk: reverse("cases:case_detail", args=[pk]) in text for pk in (late.pk, own, other)}
    assert links == {late.pk: True, own: True, other: False}


def test_a_preview_tells_what_is_late_from_what_will_be(client, units, office, monkeypatch) -> None:
    card(units, date(2023, 3, 7))
    card(units, date(2023, 3, 9))
    meeting = friday(units)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2023, 3, 8, 9, 0, tzinfo=ZONE))
    client.force_login(office)
    text = client.get(reverse("campaign:meeting_detail", args=[meeting.pk])).content.decode()
    body = text[text.index('id="agenda"') : text.index("参加单位")]
    assert [body.count(f">{word}<") for word in ("会前到期", "逾期")] == [1, 1]


def test_decisions_wait_for_the_agenda(units) -> None:
    with pytest.raises(MeetingRefused, match="议程"):
        decide(meeting=friday(units), text="x", unit=units[0], owner=None, due_on=FRIDAY, by="test", at=AT)


def test_a_circular_shows_who_has_read_it_and_when(client, units, office) -> None:
    liaison = make_user("liaison", Role.DEPARTMENT)
    Post.objects.filter(person__user=liaison).update(organisation=units[0])
    plan = Plan(Mechanism.EXCHANGE, "抽检情况通报", FRIDAY, minutes="三月抽检情况。")
    circular = schedule_meeting(area_key="1310", plan=plan, units=units, by=office, at=AT)
    with pytest.raises(MeetingRefused, match="印发后"):
        acknowledge_minutes(meeting=circular, by=liaison, at=AT)
    circular = issue_minutes(meeting=circular, minutes=circular.minutes, by=office, at=AT)
    client.force_login(liaison)
    assert client.post(reverse("campaign:meeting_acknowledge", args=[circular.pk])).status_code == 302

    assert list(Attendance.objects.filter(read_at__isnull=False).values_list("unit__code", flat=True)) == ["1310-AGRI"]
    client.force_login(office)
    text = client.get(reverse("campaign:meeting_detail", args=[circular.pk])).content.decode()
    assert "已签收" in text
    assert "未签收" in text


def test_nobody_signs_for_the_offices_of_counties_but_their_own_regulators(units, office) -> None:
    county = make_organisation("CAMPO", area="131022")
    circular = schedule_meeting(
        area_key="1310", plan=Plan(Mechanism.EXCHANGE, "通报", FRIDAY), units=[*units, county], by=office, at=AT
    )
    circular = issue_minutes(meeting=circular, minutes="已阅。", by=office, at=AT)
    liaison, regulator = make_user("liaison", Role.DEPARTMENT), make_user("regulator", Role.COUNTY, "131022")
    Post.objects.filter(person__user=liaison).update(organisation=units[0])

    def read() -> list[str]:
        rows = Attendance.objects.filter(meeting=circular, read_at__isnull=False)
        return sorted(rows.values_list("unit__code", flat=True))

    assert acknowledge_minutes(meeting=circular, by=liaison, at=AT) == 1
    assert read() == [units[0].code]
    assert acknowledge_minutes(meeting=circular, by=regulator, at=AT) == 1
    assert read() == sorted([units[0].code, county.code])


def test_who_is_no_member_neither_sees_nor_acknowledges(units, office) -> None:
    meeting = friday(units)
    stranger = make_user("stranger", Role.COUNTY, "131102")
    assert not meetings_for(stranger).exists()
    issue = freeze_agenda(meeting=meeting, by="test", at=AT)
    issue = issue_minutes(meeting=issue, minutes="纪要", by="test", at=AT)
    with pytest.raises(OutOfReach):
        acknowledge_minutes(meeting=issue, by=stranger, at=AT)


def test_meetings_per_mechanism_are_counted(units, office) -> None:
    friday(units)
    friday(units, held_on=FRIDAY + timedelta(days=7))
    schedule_meeting(area_key="1310", plan=Plan(Mechanism.JOINT, "联席会议", FRIDAY), units=units, by="test", at=AT)

    assert counts_by_mechanism(office, 2023) == {"friday": 2, "joint": 1}
    assert counts_by_mechanism(office, 2022) == {}


def test_a_second_dispatch_meeting_of_a_day_is_refused_in_the_form(client, units, office) -> None:
    friday(units)
    client.force_login(office)
    told = {"mechanism": "friday", "title": "又一次", "held_on": FRIDAY.isoformat(), "units": ["1310-AGRI"]}
    text = client.post(reverse("campaign:meeting_create"), told).content.decode()
    assert f"{FRIDAY} 的周五调度会已经安排" in text
    assert 'value="又一次"' in text
    assert Meeting.objects.count() == 1


def test_fridays_are_scheduled_once(units) -> None:
    keep_fridays(by="worker", at=AT)
    keep_fridays(by="worker", at=AT + timedelta(days=1))

    assert [each.held_on for each in Meeting.objects.all()] == [FRIDAY]
