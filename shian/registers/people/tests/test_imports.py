"""Organisations, persons and posts through their importers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from shian.kernel.imports.actions import ImportSummary, import_path
from shian.kernel.imports.models import ImportProblem
from shian.kernel.imports.tests.files import csv_file
from shian.registers.areas.tests.factories import AreaFactory
from shian.registers.people.models import Organisation, Person, Post

pytestmark = pytest.mark.django_db
ORGANISATION = [
    "单位编码",
    "单位名称",
    "简称",
    "单位类别",
    "所在区划",
    "上级单位编码",
    "部门代码",
    "创建部门",
    "成立日期",
    "撤销日期",
]
PARENT = [
    "131022-SAMR",
    "固安县市场监督管理局",
    "县市场监管局",
    "政府部门",
    "131022",
    "",
    "SAMR",
    "是",
    "2019-01-01",
    "",
]
STATION = ["131022100-S", "固安所", "固安所", "监管所", "131022100", "131022-SAMR", "", "否", "2019-01-01", ""]
PERSON, ANN = ["人员编号", "姓名", "手机"], ["P1", "安宁", "13800001234"]
POST = ["人员编号", "单位编码", "职务", "岗位类别", "任职区划", "任职日期", "离任日期"]
HEADED = ["P1", "131022100-S", "所长", "站长", "131022100", "2020-01-01", ""]


@pytest.fixture(autouse=True)
def divisions() -> None:
    AreaFactory(code="131022", level="county")
    AreaFactory(code="131022100", level="township", name="固安镇", kind="镇")


def bring(tmp_path: Path, importer: str, head: list[str], rows: Sequence[Sequence[Any]]) -> ImportSummary:
    path = csv_file(tmp_path / "a.csv", [head, *rows])
    return import_path(path=path, by="cli", at=timezone.now(), importer=importer)[0]


def test_a_child_may_stand_before_its_parent(tmp_path: Path) -> None:
    summary = bring(tmp_path, "organisations", ORGANISATION, [STATION, PARENT])

    station = Organisation.objects.get(code="131022100-S")
    assert summary.new == 2
    assert station.parent.code == "131022-SAMR"
    assert (station.county, station.township, station.is_campaign_department) == ("131022", "131022100", False)
    assert bring(tmp_path, "organisations", ORGANISATION, [STATION, PARENT]).same == 2


def test_another_parent_counts_as_a_change(tmp_path: Path) -> None:
    bring(tmp_path, "organisations", ORGANISATION, [PARENT, STATION])

    summary = bring(tmp_path, "organisations", ORGANISATION, [[*STATION[:5], "", *STATION[6:]]])

    assert summary.changed == 1
    assert Organisation.objects.get(code="131022100-S").parent is None


def test_a_unit_cannot_stand_above_itself(tmp_path: Path) -> None:
    summary = bring(tmp_path, "organisations", ORGANISATION, [[*STATION[:5], STATION[0], *STATION[6:]]])

    assert summary.rejected == 1


def test_persons_get_no_account_and_posts_need_both_ends(tmp_path: Path) -> None:
    bring(tmp_path, "organisations", ORGANISATION, [PARENT, STATION])
    assert bring(tmp_path, "persons", PERSON, [ANN]).new == 1
    assert Person.objects.get().user is None

    nobody, nowhere = ["P9", *HEADED[1:]], [HEADED[0], "X", *HEADED[2:]]
    backwards = [*HEADED[:6], "2019-01-01"]
    summary = bring(tmp_path, "posts", POST, [HEADED, nobody, nowhere])

    assert (summary.accepted, summary.rejected) == (1, 2)
    assert Post.objects.get().township == "131022100"
    assert bring(tmp_path, "posts", POST, [backwards]).rejected == 1
    assert bring(tmp_path, "posts", POST, [[*HEADED[:6], "2022-01-01"]]).changed == 1


def test_a_wrong_phone_keeps_a_person_out(tmp_path: Path) -> None:
    summary = bring(
        tmp_path, "persons", PERSON, [["P2", "白露", "1380"], ["P3", "程实", ""], ["P4", "丁香", "0316-2345678"]]
    )

    assert (summary.accepted, summary.rejected) == (2, 1)
    assert "格式不正确" in ImportProblem.objects.get().reason
