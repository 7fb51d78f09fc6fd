"""The assessment sheet: what enters, what comes back, what a corrected sheet changes."""

import csv
from datetime import date

import pytest
from django.utils import timezone

from shian.domains.campaign.actions import evaluate_area
from shian.domains.campaign.models import ItemResult, Verdict
from shian.domains.campaign.tests.factories import AS_OF, AT
from shian.kernel.imports.actions import import_path, undo_batch
from shian.kernel.imports.models import ImportBatch

pytestmark = pytest.mark.django_db
HEADINGS = ["评价内容编号", "区划代码", "结论", "得分率", "理由", "评审人", "评审日期"]
GOOD = ["1.1.1", "131000", "达标", "1", "", "一组", "2022-11-01"]


def bring(tmp_path, *rows):
    path = tmp_path / "verdicts.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([HEADINGS, *rows])
    return import_path(path=path, by="cli", at=timezone.now(), importer="verdicts")[0]


def changed(**given):
    names = ["code", "area", "verdict", "ratio", "reason", "reviewer", "reviewed_on"]
    return [given.get(name, value) for name, value in zip(names, GOOD, strict=True)]


def test_a_sheet_decides_items_at_their_areas(tmp_path, city):
    partial = changed(code="1.5.1", area="131022100", verdict="部分达标", ratio="0.5", reason="缺一份")

    summary = bring(tmp_path, GOOD, partial)
    evaluation = evaluate_area(area="131000", as_of=AS_OF, by="office", at=AT)

    assert (summary.accepted, summary.rejected) == (2, 0)
    found = ItemResult.objects.filter(evaluation=evaluation, state="verdict").order_by("area_key")
    assert [(row.area_key, row.ratio) for row in found] == [("1310", 1), ("131022100", 0.5)]
    assert Verdict.objects.get(area_code="131022100").township == "131022100"


@pytest.mark.parametrize(
    "row",
    [changed(code="9.9.9"), changed(area="999999"), changed(verdict="很好"), changed(ratio="0.5"), changed(ratio="1.5"),
     changed(verdict="部分达标", ratio="1", reason="x"), changed(verdict="不达标", ratio="0"),
     changed(reviewed_on="2999-01-01")],
)  # fmt: skip
def test_wrong_rows_come_back_and_good_ones_enter(tmp_path, city, row):
    summary = bring(tmp_path, row, changed(code="1.1.2"))

    assert (summary.accepted, summary.rejected) == (1, 1)
    assert Verdict.objects.get().indicator_code == "1.1.2"


def test_the_same_sheet_again_changes_nothing_and_a_corrected_one_supersedes(tmp_path, city):
    bring(tmp_path, GOOD)
    bring(tmp_path, GOOD)
    bring(tmp_path, changed(verdict="不达标", ratio="0", reason="复核后更正"))

    rows = Verdict.objects.order_by("id")
    assert [(row.verdict, row.superseded_at is None) for row in rows] == [("达标", False), ("不达标", True)]
    assert rows[1].reviewed_on == date(2022, 11, 1)


def test_an_undone_sheet_leaves_the_verdicts_of_before(tmp_path, city, django_user_model):
    bring(tmp_path, GOOD)
    before = list(Verdict.objects.order_by("id").values())
    corrected = bring(tmp_path, changed(verdict="不达标", ratio="0", reason="复核后更正"), changed(code="1.1.2"))
    assert Verdict.objects.count() == 3

    root = django_user_model.objects.create(username="root", role="admin", is_superuser=True)
    undo_batch(batch=ImportBatch.objects.get(pk=corrected.batch), reason="传错评价表", by=root, at=timezone.now())

    assert list(Verdict.objects.order_by("id").values()) == before
