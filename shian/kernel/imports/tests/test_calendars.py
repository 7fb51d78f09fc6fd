"""A year of the calendar comes from its notice, through the importer."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from shian.kernel.accounts.models import Role, User
from shian.kernel.imports.actions import import_path
from shian.kernel.imports.actions.paths import ImportSummary
from shian.kernel.imports.calendars import WORKDAYS
from shian.kernel.imports.models import ImportProblem
from shian.kernel.imports.permissions import import_into
from shian.kernel.imports.tests.files import csv_file, xlsx_file
from shian.kernel.notary.models import Entry
from shian.kernel.workdays.models import CalendarDay
from shian.kernel.workdays.queries import calendar, known_years

pytestmark = pytest.mark.django_db
PACK = settings.SHIAN_PACKS / "calendars" / "workdays-2019-2026.csv"
HEADINGS = ["通知年份", "日期", "类型", "节日", "来源"]
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
OFF = [
    "2026-12-31", "2027-01-01", "2027-02-05", "2027-02-08", "2027-02-09", "2027-04-05", "2027-05-03", "2027-06-09",
    "2027-09-15", "2027-10-01", "2027-10-04", "2027-10-05",
]  # fmt: skip


def notice(off: list[str], worked: list[str]) -> list[list[str]]:
    rows = [["2027", day, "放假", "国庆节", NOTICE] for day in off]
    return [HEADINGS, *rows, *(["2027", day, "上班", "国庆节", NOTICE] for day in worked)]


def import_file(path: Path) -> ImportSummary:
    return import_path(path=path, by="root", at=timezone.now(), importer="workdays")[0]


def test_the_pack_makes_eight_years_known() -> None:
    summary = import_file(PACK)

    assert (summary.state, summary.rejected, summary.warnings) == ("accepted", 0, 0)
    assert known_years() == list(range(2019, 2027))
    assert calendar().add_workdays(date(2026, 2, 12), 7) == date(2026, 2, 28)
    for year, workdays in ((2023, 249), (2024, 251), (2025, 248), (2026, 248)):
        assert CalendarDay.objects.filter(day__year=year, is_workday=True).count() == workdays
    assert Entry.objects.get(action="imports.accepted").data["importer"] == "workdays"


def test_the_same_file_again_changes_nothing() -> None:
    import_file(PACK)
    summary = import_file(PACK)

    assert (summary.new, summary.changed, summary.same) == (0, 0, 293)


def test_a_years_notice_moves_the_answers_at_once(tmp_path: Path) -> None:
    assert calendar().add_workdays(date(2027, 9, 30), 1) == date(2027, 10, 1)
    before = calendar().provisional_years(date(2027, 1, 1), date(2027, 2, 1))

    summary = import_file(csv_file(tmp_path / "2027.csv", notice(OFF, ["2027-10-09"])))

    assert (before, summary.new, summary.rejected) == ((2027,), 13, 0)
    assert calendar().add_workdays(date(2027, 9, 30), 1) == date(2027, 10, 6)
    assert calendar().is_workday(date(2027, 10, 9))
    assert not calendar().provisional_years(date(2027, 1, 1), date(2027, 2, 1))


def test_a_notice_comes_as_a_workbook_too(tmp_path: Path) -> None:
    summary = import_file(xlsx_file(tmp_path / "2027.xlsx", notice(OFF, ["2027-10-09"])))

    assert (summary.state, summary.new) == ("accepted", 13)
    assert not calendar().year(2027).is_provisional


def test_a_notice_may_name_the_last_days_of_december_and_leaves_the_old_year_as_it_was(tmp_path: Path) -> None:
    import_file(PACK)
    import_file(csv_file(tmp_path / "2027.csv", notice(OFF, [])))

    assert not calendar().is_workday(date(2026, 12, 31))
    assert CalendarDay.objects.filter(day__year=2026, is_workday=True).count() == 247
    assert CalendarDay.objects.filter(notice_year=2026).count() == 39


def test_a_corrected_notice_takes_back_what_it_no_longer_names(tmp_path: Path) -> None:
    import_file(csv_file(tmp_path / "first.csv", notice(OFF, ["2027-10-09"])))
    summary = import_file(csv_file(tmp_path / "second.csv", notice([*OFF[:-1], "2027-10-07"], [])))

    assert (summary.new, summary.changed, summary.same) == (1, 0, 11)
    assert calendar().is_workday(date(2027, 10, 5))
    assert not calendar().is_workday(date(2027, 10, 9))
    assert not calendar().is_workday(date(2027, 10, 7))


def test_numbers_follow_the_days(tmp_path: Path) -> None:
    import_file(csv_file(tmp_path / "2027.csv", notice(OFF, ["2027-10-09"])))
    rows = list(CalendarDay.objects.order_by("day").values_list("is_workday", "number"))

    counted = 0
    for is_workday, number in rows:
        counted += is_workday
        assert number == counted


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([*OFF, "2026-11-30"], "日期不在通知年份内"),
        ([*OFF, "2028-01-01"], "日期不在通知年份内"),
        (OFF[:5], "该年放假日不足11天"),
    ],
)
def test_a_wrong_row_is_returned_with_its_reason(tmp_path: Path, rows: list[str], reason: str) -> None:
    summary = import_file(csv_file(tmp_path / "2027.csv", notice(rows, [])))

    assert summary.rejected
    assert reason in set(ImportProblem.objects.values_list("reason", flat=True))


def test_a_worked_weekday_is_a_warning(tmp_path: Path) -> None:
    summary = import_file(csv_file(tmp_path / "2027.csv", notice(OFF, ["2027-10-08"])))

    assert (summary.state, summary.warnings) == ("accepted", 1)


def test_only_system_administrators_import_the_calendar() -> None:
    allowed = {role for role in Role if import_into(WORKDAYS)(User(username="a", role=role)).allowed}

    assert allowed == {Role.ADMIN}
