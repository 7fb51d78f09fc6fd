"""The point register as a file: what enters, what comes back with which message."""

import csv
from datetime import date

import pytest
from django.utils import timezone

from shian.domains.fieldchecks.models import FieldPoint
from shian.domains.fieldchecks.tests.factories import make_operator, make_point
from shian.kernel.imports.actions import import_path, undo_batch
from shian.kernel.imports.models import ImportBatch, ImportProblem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
HEADINGS = [
    "点位编号", "检查方式", "业态代码", "主体编号", "点位名称", "区划代码", "主管部门", "列入日期",
    "整备日期", "检查日期", "就绪日期", "退出日期",
]  # fmt: skip
NAMES = [
    "code", "mode", "format", "operator", "name", "area", "department", "listed", "prepared", "checked",
    "ready", "withdrawn",
]  # fmt: skip
GOOD = ["P-1", "明查", "M19", "OP-1", "", "131022100", "", "2022-06-01", "2022-07-01", "2022-09-01", "", ""]


@pytest.fixture(autouse=True)
def operators(place):
    make_operator("OP-1")
    make_operator("OP-2")
    make_operator("OP-FAR", area="131002100")


def row(**given):
    return [given.get(name, value) for name, value in zip(NAMES, GOOD, strict=True)]


def bring(tmp_path, *rows):
    path = tmp_path / "points.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([HEADINGS, *rows])
    return import_path(path=path, by="cli", at=timezone.now(), importer="check_points")[0]


def test_an_operator_becomes_a_point_with_what_its_file_says(tmp_path):
    summary = bring(tmp_path, GOOD)

    assert (summary.accepted, summary.rejected) == (1, 0)
    point = FieldPoint.objects.get()
    assert (point.name, point.address, point.operator.code) == ("主体OP-1", "某路1号", "OP-1")
    assert (point.state, point.checked_on, point.department) == ("checked", date(2022, 9, 1), "市场监督管理局")
    assert (point.county, point.township) == ("131022", "131022100")


def test_a_place_without_operator_needs_its_name(tmp_path):
    good = row(operator="", format="M01", name="落垡蔬菜基地")
    summary = bring(tmp_path, good, row(code="P-2", operator="", format="M01", name=""))

    assert (summary.accepted, summary.rejected) == (1, 1)
    assert FieldPoint.objects.get().operator is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"format": "M99"}, "迎检业态目录里没有这个业态代码"),
        ({"mode": "暗访"}, "迎检业态目录里没有这个业态代码"),
        ({"mode": "抽查"}, "明查"),
        ({"operator": "OP-9"}, "主体编号"),
        ({"operator": "OP-FAR"}, "另一个县"),
        ({"area": "131000", "operator": "", "name": "某地"}, "只到市级"),
        ({"area": "139999", "operator": "", "name": "某地"}, "没有这个区划代码"),
        ({"ready": "2022-08-01"}, "早于"),
        ({"checked": "", "ready": "2022-09-03"}, "没有检查日期"),
        ({"listed": "2099-01-01", "prepared": "", "checked": ""}, "今天以后"),
    ],
)
def test_a_wrong_row_comes_back_and_says_why(tmp_path, changes, told):
    summary = bring(tmp_path, row(**changes), row(code="P-7", operator="OP-2"))

    assert (summary.accepted, summary.rejected) == (1, 1)
    assert any(told in f"{each.reason} {each.remedy} {each.column}" for each in ImportProblem.objects.all()), [
        (each.column, each.reason, each.remedy) for each in ImportProblem.objects.all()
    ]


def test_an_operator_belongs_to_one_format_per_mode(tmp_path):
    twice = bring(tmp_path, GOOD, row(code="P-2"), row(code="P-3", mode="暗访", format="A03"))

    assert (twice.accepted, twice.rejected) == (1, 2)
    again = bring(tmp_path, row(code="P-4", mode="暗访", format="A03"))
    assert again.rejected == 1
    assert FieldPoint.objects.get().code == "P-3"


def test_withdrawing_makes_room_for_another_format(tmp_path):
    bring(tmp_path, GOOD)

    too_early = bring(tmp_path, row(withdrawn="2022-10-01"), row(code="P-2", format="M18"))
    moved = bring(tmp_path, row(code="P-2", format="M18"))

    assert (too_early.accepted, too_early.rejected) == (1, 1)
    assert (moved.accepted, moved.rejected) == (1, 0)
    assert {(each.code, each.state) for each in FieldPoint.objects.all()} == {("P-1", "withdrawn"), ("P-2", "checked")}


def test_an_undone_file_leaves_the_points_of_before(tmp_path, django_user_model):
    make_point("P-1", listed_on=date(2022, 6, 1))
    before = list(FieldPoint.objects.values())
    brought = bring(tmp_path, row(operator="", name="点位P-1"), row(code="P-2"))
    assert FieldPoint.objects.count() == 2

    root = django_user_model.objects.create(username="root", role="admin", is_superuser=True)
    undo_batch(batch=ImportBatch.objects.get(pk=brought.batch), reason="传错点位表", by=root, at=timezone.now())

    assert list(FieldPoint.objects.values()) == before
