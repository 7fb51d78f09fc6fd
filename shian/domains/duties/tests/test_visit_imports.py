"""Files of visits, trainings and who attended: what enters, what comes back and why."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone

from shian.domains.duties.models import DutyVisit, Official, SpotCheck, Training, TrainingAttendance, TrainingQuestion
from shian.domains.duties.queries.visits import untrained
from shian.domains.duties.tests.factories import (
    COUNTY,
    DAY,
    VILLAGE,
    make_match,
    make_official,
    make_operator,
    make_tier,
)
from shian.kernel.imports.actions import import_path
from shian.kernel.imports.models import ImportBatch, ImportProblem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
HEADINGS = {
    "duty_visits": ["督导编号", "主体编号", "所在区划", "督导日期", "干部编号", "督导方式", "问题数"],
    "duty_trainings": ["培训编号", "培训主题", "区划代码", "举办日期"],
    "duty_spotchecks": ["督查编号", "名称", "区划代码", "督导自", "督导至", "督查组", "公布日期"],
    "duty_spotitems": ["督查编号", "督导编号", "核查结果", "核查得分", "核查情况", "核查日期", "核查人"],
    "duty_attendances": ["培训编号", "干部编号", "测试得分"],
}


def bring(tmp_path, importer, *rows):
    """What the importer says: rows accepted, and the reasons of those that came back."""
    path = tmp_path / f"{importer}-{ImportBatch.objects.count()}.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([HEADINGS[importer], *rows])
    summary = import_path(path=path, by="cli", at=timezone.now(), importer=importer)[0]
    batch = ImportBatch.objects.latest("pk")
    return summary.accepted, list(ImportProblem.objects.filter(batch=batch).values_list("reason", flat=True))


def test_a_visit_of_paper_finds_the_official_of_its_day(tmp_path):
    operator = make_operator("O-1")
    match = make_match(operator, make_official(), make_tier(operator))
    good = ["D-1", "O-1", VILLAGE, "2022-10-20", "", "线上督导", "1"]

    assert bring(tmp_path, "duty_visits", good) == (1, [])
    visit = DutyVisit.objects.get()
    assert (visit.match, visit.official, visit.quarter, visit.tier, visit.way, visit.faults) == (
        match, match.official, "2022Q4", "D", "remote", 1,
    )  # fmt: skip
    accepted, reasons = bring(
        tmp_path, "duty_visits",
        ["D-2", "O-1", VILLAGE, "2022-10-07", "", "", ""],
        ["D-3", "O-1", COUNTY, "2022-10-20", "", "", ""],
        ["D-4", "O-1", VILLAGE, "2022-10-20", make_official().code, "", ""],
        ["D-5", "O-1", VILLAGE, (timezone.localdate() + timedelta(days=1)).isoformat(), "", "", ""],
    )  # fmt: skip
    assert accepted == 0
    for word in ("当日没有包保干部", "区划不符", "当日的包保干部是", "今天以后"):
        assert any(word in each for each in reasons), word


def test_the_untrained_list_is_exact(tmp_path):
    there, absent, gone = make_official(), make_official(), make_official(valid_to=DAY)
    assert bring(tmp_path, "duty_trainings", ["P-1", "怎么督导", COUNTY, "2022-10-20"]) == (1, [])
    assert bring(tmp_path, "duty_attendances", ["P-1", there.code, "90"], ["P-1", gone.code, ""]) == (2, [])

    assert list(untrained(Official.objects.all(), DAY)) == [absent]
    assert TrainingAttendance.objects.count() == 2
    training = Training.objects.get()
    assert (training.state, training.held_on.isoformat()) == ("recorded", "2022-10-20")
    Training.objects.update(state="held")
    assert set(untrained(Official.objects.all(), DAY)) == {there, absent}
    assert str(TrainingQuestion(training=training, question="没有安全员怎么办")) == "没有安全员怎么办"


def test_somebody_who_was_no_official_attended_nothing(tmp_path):
    late = make_official(valid_from=DAY)
    bring(tmp_path, "duty_trainings", ["P-1", "怎么督导", COUNTY, "2022-10-20"])

    accepted, reasons = bring(tmp_path, "duty_attendances", ["P-1", late.code, ""])

    assert accepted == 0
    assert "培训当日不在任" in reasons[0]


CHECK = ["DC-1", "四季度督查", COUNTY, "2022-10-01", "2022-12-31", "一组", "2023-01-20"]


def test_a_published_check_comes_as_files_scores_its_areas_and_its_untrue_visits_count_no_more(tmp_path):
    official = make_official()
    for code in ("O-1", "O-2"):
        operator = make_operator(code)
        make_match(operator, official, make_tier(operator))
        bring(tmp_path, "duty_visits", [f"D-{code}", code, VILLAGE, "2022-10-20", "", "", ""])
    assert bring(tmp_path, "duty_spotchecks", CHECK) == (1, [])
    wrong = bring(
        tmp_path, "duty_spotitems",
        ["DC-1", "D-O-1", "不属实", "", "", "2023-01-10", "一组"],
        ["DC-1", "D-O-2", "属实", "", "", "2023-01-10", "一组"],
    )  # fmt: skip
    assert wrong[0] == 0
    assert sorted(wrong[1]) == ["不属实没有写理由", "属实的没有打分"]

    told = bring(
        tmp_path, "duty_spotitems",
        ["DC-1", "D-O-1", "不属实", "", "没有来过", "2023-01-10", "一组"],
        ["DC-1", "D-O-2", "属实", "80", "", "2023-01-10", "一组"],
    )  # fmt: skip

    check = SpotCheck.objects.get()
    assert (told, check.state, check.published_at.date().isoformat()) == ((2, []), "published", "2023-01-20")
    score = check.scores.get(area_key="131022100")
    # 1 of 2 visited, 1 of 2 true, a sheet of 80: 20 + 20 + 16
    assert (score.visited, score.in_force, score.untrue, score.score) == (1, 2, 1, 56)
    assert set(DutyVisit.objects.filter(is_untrue=True).values_list("number", flat=True)) == {"D-O-1"}


def test_a_check_of_half_a_quarter_or_of_other_areas_is_refused(tmp_path):
    operator = make_operator("O-1", area="131002100201")
    official = make_official("village", "131002100201")
    make_match(operator, official, make_tier(operator))
    bring(tmp_path, "duty_visits", ["D-1", "O-1", "131002100201", "2022-10-20", "", "", ""])
    accepted, reasons = bring(tmp_path, "duty_spotchecks", [*CHECK[:3], "2022-10-02", *CHECK[4:]])
    assert (accepted, reasons) == (0, ["不是季度的第一天"])
    bring(tmp_path, "duty_spotchecks", CHECK)

    accepted, reasons = bring(tmp_path, "duty_spotitems", ["DC-1", "D-1", "属实", "90", "", "2023-01-10", "一组"])

    assert (accepted, reasons) == (0, ["督导不在督查的区划里"])
