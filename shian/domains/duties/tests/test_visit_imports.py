"""Files of visits, trainings and who attended: what enters, what comes back and why."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone

from shian.domains.duties.models import DutyVisit, Official, Training, TrainingAttendance, TrainingQuestion
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
