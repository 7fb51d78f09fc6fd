"""The weekly ledger: a row for every unit, late ones told, locked weeks changed only by a recorded correction."""

import csv
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.actions.weeks import (
    WeekRefused,
    confirm_report,
    correct_report,
    file_report,
    keep_weeks,
    lock_week,
    open_week,
    return_report,
)
from shian.domains.campaign.models import Week, WeekCorrection, WeekLine, WeekReport
from shian.domains.campaign.queries.weeks import week_rule
from shian.domains.campaign.rules.weeks import WeekRule, changed_lines, cut_off, lock_day, monday_of
from shian.domains.campaign.tests.factories import make_organisation, make_user
from shian.kernel.accounts.models import Role
from shian.kernel.imports.actions import import_path, undo_batch
from shian.kernel.imports.models import ImportBatch
from shian.kernel.notary.models import Entry
from shian.kernel.notary.subjects import may_see
from shian.kernel.scope.models import OutOfReach
from shian.kernel.workdays.queries import calendar
from shian.registers.people.models import Post

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2023, 3, 6)
AT = datetime(2023, 3, 6, 9, 0, tzinfo=ZONE)
LATE = datetime(2023, 3, 10, 13, 0, tzinfo=ZONE)
LINE = {"item_code": "1.8.1", "done": "召开推进会", "planned": "现场核查", "problem": "", "help_needed": ""}
pytestmark = pytest.mark.django_db


@pytest.fixture
def units(city):
    agriculture, education = make_organisation("AGRI"), make_organisation("EDU")
    county = make_organisation("CAMPO", "131022", is_campaign_department=False)
    return agriculture, education, county


@pytest.fixture
def liaison(units):
    user = make_user("liaison", Role.DEPARTMENT)
    Post.objects.filter(person__user=user).update(organisation=units[0])
    return user


def report_of(unit) -> WeekReport:
    return WeekReport.objects.select_related("week", "unit").get(unit=unit)


def opened() -> Week:
    return open_week(area_key="1310", monday=MONDAY, by="worker", at=AT)


def test_days_of_a_week(db) -> None:
    rule = WeekRule(5, 12, 1)
    assert monday_of(date(2023, 3, 12)) == MONDAY
    assert cut_off(MONDAY, rule, ZONE) == datetime(2023, 3, 10, 12, tzinfo=ZONE)
    assert lock_day(MONDAY, rule, calendar()) == date(2023, 3, 14)  # Monday is left for late filers
    assert week_rule(MONDAY) == rule


def test_changed_lines_are_paired_by_place() -> None:
    one, two = {"done": "甲"}, {"done": "乙"}
    assert changed_lines([one], [one, two]) == [(None, two)]
    assert changed_lines([one, two], [one]) == [(two, None)]


def test_every_unit_has_its_row_from_the_first_day_and_opening_twice_adds_nothing(units) -> None:
    week = opened()
    opened()

    assert set(WeekReport.objects.filter(week=week).values_list("unit_id", flat=True)) == {each.code for each in units}
    sealed = Entry.objects.get(action="campaign.week_opened")
    users = [
        make_user("seen", Role.DEPARTMENT),
        make_user("town", Role.STATION),
        make_user("far", Role.OFFICE, "131100"),
    ]
    assert [may_see(user, sealed) for user in users] == [True, False, False]


def test_the_summary_holds_units_that_have_not_filed(client, units, liaison) -> None:
    week = opened()
    file_report(report=report_of(units[0]), lines=[LINE], by=liaison, at=AT)
    office = make_user("office", Role.OFFICE)
    client.force_login(office)
    Week.objects.update(cut_off_at=AT - timedelta(hours=1))
    text = client.get(reverse("campaign:week_detail", args=[week.pk])).content.decode()

    assert text.count("<tr") == 4  # heading and three units
    assert text.count("未报") >= 2
    assert "召开推进会" in text


def test_a_liaison_officer_files_for_the_own_unit_only(client, units, liaison) -> None:
    opened()
    with pytest.raises(OutOfReach):
        file_report(report=report_of(units[1]), lines=[LINE], by=liaison, at=AT)
    client.force_login(liaison)
    answer = client.post(
        reverse("campaign:report_submit", args=[report_of(units[0]).pk]),
        {"done_1": "召开推进会", "item_code_1": "1.8.1", "done_2": ""},
    )

    assert answer.status_code == 302
    assert [line.done for line in WeekLine.objects.all()] == ["召开推进会"]
    assert client.get(reverse("campaign:report_detail", args=[report_of(units[1]).pk])).status_code == 404


def test_confirmed_reports_wait_for_a_return(units, liaison) -> None:
    opened()
    office = make_user("office", Role.OFFICE)
    report = file_report(report=report_of(units[0]), lines=[LINE], by=liaison, at=AT)
    confirm_report(report=report, by=office, at=AT)
    with pytest.raises(WeekRefused, match="已确认"):
        file_report(report=report, lines=[LINE], by=liaison, at=AT)
    return_report(report=report, reason="缺少问题", by=office, at=AT)

    assert file_report(report=report, lines=[LINE], by=liaison, at=AT).state == "filed"


def test_a_locked_week_is_refused_by_action_and_by_the_database(units, liaison) -> None:
    week = opened()
    report = file_report(report=report_of(units[0]), lines=[LINE], by=liaison, at=AT)
    assert lock_week(week=week, by="worker", at=LATE)
    assert not lock_week(week=week, by="worker", at=LATE)
    with pytest.raises(WeekRefused, match="已锁定"):
        file_report(report=report, lines=[LINE], by=liaison, at=LATE)
    with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
        WeekLine.objects.update(done="改写")


def test_a_correction_keeps_what_was_said(client, units, liaison) -> None:
    week = opened()
    report = file_report(report=report_of(units[0]), lines=[LINE], by=liaison, at=AT)
    lock_week(week=week, by="worker", at=LATE)
    office = make_user("office", Role.OFFICE)
    with pytest.raises(WeekRefused, match="理由"):
        correct_report(report=report, lines=[{**LINE, "done": "召开两次推进会"}], reason=" ", by=office, at=LATE)
    correct_report(report=report, lines=[{**LINE, "done": "召开两次推进会"}], reason="漏报一次", by=office, at=LATE)

    kept = WeekCorrection.objects.get()
    assert (kept.before[0]["done"], kept.after[0]["done"]) == ("召开推进会", "召开两次推进会")
    assert WeekLine.objects.get().done == "召开两次推进会"
    client.force_login(office)
    text = client.get(reverse("campaign:report_detail", args=[report.pk])).content.decode()
    assert "漏报一次" in text
    assert "更正前的内容" in text


def test_weeks_open_and_lock_by_themselves(units) -> None:
    make_organisation("HQ", kind="指挥部办公室", is_campaign_department=False)
    keep_weeks(by="worker", at=AT)
    keep_weeks(by="worker", at=AT + timedelta(days=8))

    first, second = Week.objects.order_by("monday")
    assert first.locked_at
    assert second.locked_at is None


def test_last_weeks_plan_is_proposed(client, units, liaison) -> None:
    opened()
    file_report(report=report_of(units[0]), lines=[LINE], by=liaison, at=AT)
    open_week(area_key="1310", monday=MONDAY + timedelta(days=7), by="worker", at=AT + timedelta(days=7))
    report = WeekReport.objects.get(unit=units[0], week__monday=MONDAY + timedelta(days=7))
    client.force_login(liaison)

    assert "现场核查" in client.get(reverse("campaign:report_submit", args=[report.pk])).content.decode()


HEADINGS = ["创建区划", "周一日期", "单位编码", "序号", "评价内容编号", "本周完成", "下周计划", "填报日期"]
GOOD = ["131000", "2023-03-06", "1310-AGRI", "1", "1.8.1", "召开推进会", "现场核查", "2023-03-10"]


def bring(tmp_path, *rows):
    path = tmp_path / "weekly_ledger.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([HEADINGS, *rows])
    return import_path(path=path, by="cli", at=timezone.now(), importer="weekly_ledger")[0]


def other(**given: str) -> list[str]:
    names = ["area", "monday", "unit", "number", "item", "done", "planned", "filed_on"]
    return [given.get(name, value) for name, value in zip(names, GOOD, strict=True)]


def test_a_file_fills_weeks_and_leaves_late_units_unfiled(tmp_path, units) -> None:
    summary = bring(tmp_path, GOOD, other(number="2", done="培训企业"), other(unit="131022-CAMPO", monday="2023-03-13",
                    filed_on="2023-03-17"))  # fmt: skip

    assert (summary.accepted, summary.rejected) == (3, 0)
    states = WeekReport.objects.order_by("week__monday", "unit_id").values_list("unit_id", "state")
    assert list(states) == [
        ("1310-AGRI", "filed"), ("1310-EDU", "open"), ("131022-CAMPO", "open"),
        ("1310-AGRI", "open"), ("1310-EDU", "open"), ("131022-CAMPO", "filed"),
    ]  # fmt: skip
    bring(tmp_path, GOOD)
    assert WeekLine.objects.count() == 3


def test_a_corrected_file_changes_its_lines_and_can_be_undone(tmp_path, units) -> None:
    bring(tmp_path, GOOD)
    bring(tmp_path, other(done="召开两次推进会"))
    assert WeekLine.objects.get().done == "召开两次推进会"
    undo_batch(
        batch=ImportBatch.objects.latest("pk"), reason="试用", by=make_user("keeper", Role.OFFICE), at=timezone.now()
    )

    assert WeekLine.objects.get().done == "召开推进会"


@pytest.mark.parametrize(
    "row",
    [other(monday="2023-03-07"), other(monday="2999-01-07"), other(unit="1310-NOBODY"), other(done=""),
     other(filed_on="2023-03-01"), other(number="0"), other(area="999999")],
)  # fmt: skip
def test_wrong_rows_of_a_file_come_back(tmp_path, units, row) -> None:
    summary = bring(tmp_path, row, other(number="5"))

    assert (summary.accepted, summary.rejected) == (1, 1)


def test_a_locked_week_takes_no_file(tmp_path, units) -> None:
    lock_week(week=opened(), by="worker", at=LATE)

    assert bring(tmp_path, GOOD).rejected == 1
