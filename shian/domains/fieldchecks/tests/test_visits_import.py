"""Records on paper as a file: judged by the marks that were in force on the day of the visit."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from shian.domains.fieldchecks.models import FieldVisit
from shian.domains.fieldchecks.queries.standards import FIELD_RULES
from shian.domains.fieldchecks.tests.factories import make_point
from shian.kernel.imports.actions import import_path
from shian.kernel.imports.models import ImportProblem
from shian.registers.people.tests.factories import OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
HEADINGS = ["检查编号", "点位编号", "区划代码", "组织单位编码", "检查日期", "检查人员", "同行人员", "得分", "结论"]


@pytest.fixture(autouse=True)
def marks(place, settings, tmp_path):
    """Two versions of the numbers: 80 and 90 at first, 60 and 85 from September 2022 on; none before 2021."""
    make_point("P-1", listed_on=date(2020, 1, 1))
    OrganisationFactory(code="1310-CAMPO", area_code="131000")
    first = FIELD_RULES.versions()[0]
    text = (settings.SHIAN_PACKS / "parameters" / "field_scores.yaml").read_text(encoding="utf-8")
    body = text[text.index("  - valid_from") :]
    later = body.replace(str(first.valid_from), "2022-09-01").replace(
        "passed: 80, excellent: 90", "passed: 60, excellent: 85"
    )
    folder = tmp_path / "packs" / "parameters"
    folder.mkdir(parents=True)
    (folder / "field_scores.yaml").write_text(text + later, encoding="utf-8")
    settings.SHIAN_PACKS = tmp_path / "packs"


def bring(tmp_path, *rows):
    path = tmp_path / "visits.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        lines = [
            [f"V-{number}", "P-1", "131022", "1310-CAMPO", day, "某甲", "某乙", percent, verdict]
            for number, (day, percent, verdict) in enumerate(rows, start=1)
        ]
        csv.writer(handle).writerows([HEADINGS, *lines])
    return import_path(path=path, by="cli", at=timezone.now(), importer="field_visits")[0]


def test_a_score_is_judged_by_the_marks_of_its_day(tmp_path):
    summary = bring(
        tmp_path, ("2022-08-31", 85, ""), ("2022-09-01", 85, ""), ("2022-08-31", 70, ""), ("2022-09-01", 70, "")
    )

    assert (summary.accepted, summary.rejected) == (4, 0)
    told = FieldVisit.objects.order_by("number").values_list("percent", "verdict")
    assert list(told) == [(85, "passed"), (85, "excellent"), (70, "failed"), (70, "passed")]


def test_a_verdict_above_its_score_comes_back_with_the_mark(tmp_path):
    summary = bring(tmp_path, ("2022-08-31", 70, "合格"), ("2022-09-01", 70, "合格"), ("2022-09-01", 95, "不合格"))

    assert (summary.accepted, summary.rejected) == (2, 1)
    assert [str(each.reason) for each in ImportProblem.objects.all()] == ["得分不到合格分 80，结论不能是合格"]


def test_a_day_without_marks_needs_a_verdict(tmp_path):
    summary = bring(tmp_path, ("2020-06-01", 95, ""), ("2020-06-01", 95, "合格"))

    assert (summary.accepted, summary.rejected) == (1, 1)
    assert FieldVisit.objects.get().percent == Decimal(95)
