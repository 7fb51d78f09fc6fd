"""Divisions, residents and outlines through their importers."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from shian.kernel.imports.actions import ImportSummary, import_path
from shian.kernel.imports.models import ImportProblem
from shian.kernel.imports.tests.files import csv_file
from shian.registers.areas.actions import OutlinesUnreadable, load_outlines
from shian.registers.areas.models import Area, AreaOutline, AreaPopulation

pytestmark = pytest.mark.django_db
HEAD = [
    "区划代码",
    "名称",
    "级别",
    "类型",
    "上级代码",
    "面积平方公里",
    "启用日期",
    "停用日期",
    "继任代码",
    "虚拟区划",
    "创建批次",
]
PROVINCE = ["130000", "河北省", "省", "省", "", "", "2000-01-01", "", "", "否", ""]
CITY = ["131000", "廊坊市", "市", "地级市", "130000", "6429", "2000-01-01", "", "", "否", "4"]
ZONE = ["131072", "临空经济区", "县", "临空经济区", "131000", "", "2018-12-28", "", "", "是", ""]
CORE = ["131072400", "临空经济区核心片区", "乡", "园区", "131072", "", "2018-12-28", "", "", "是", ""]
COUNTY = ["131022", "固安县", "县", "县", "131000", "703.5", "2000-01-01", "", "", "否", ""]
TOWN = ["131022100", "固安镇", "乡", "镇", "131022", "", "2000-01-01", "", "", "否", ""]
VILLAGE = ["131022100201", "一街村", "村", "行政村", "131022100", "", "2000-01-01", "", "", "否", ""]
ALL = [PROVINCE, CITY, ZONE, CORE, COUNTY, TOWN, VILLAGE]


def bring(tmp_path: Path, rows: Sequence[Sequence[Any]], importer: str = "areas", head: Any = None) -> ImportSummary:
    path = csv_file(tmp_path / "a.csv", [head or HEAD, *rows])
    return import_path(path=path, by="cli", at=timezone.now(), importer=importer)[0]


def reasons(summary: ImportSummary) -> list[str]:
    return [p.reason for p in ImportProblem.objects.filter(batch=summary.batch).order_by("row_no")]


def changed(row: list[str], **values: str) -> list[str]:
    positions = dict(
        zip(("code", "name", "level", "kind", "parent", "km2", "start", "end", "next"), range(9), strict=True)
    )
    copy = list(row)
    for name, value in values.items():
        copy[positions[name]] = value
    return copy


def test_every_level_gets_its_key_and_columns(tmp_path: Path) -> None:
    summary = bring(tmp_path, ALL)

    assert (summary.new, summary.rejected) == (7, 0)
    keys = dict(Area.objects.values_list("code", "key"))
    assert keys["130000"] == "13"
    assert keys["131000"] == "1310"
    assert keys["131072400"] == "131072400"
    village = Area.objects.get(code="131022100201")
    assert (village.province, village.city, village.county, village.township) == ("13", "1310", "131022", "131022100")
    assert (village.parent_key, village.village) == ("131022100", "131022100201")
    assert Area.objects.get(code="131072").is_pseudo
    assert bring(tmp_path, ALL).same == 7


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (changed(TOWN, code="131022"), "级别不符"),
        (changed(COUNTY, code="131000"), "级别不符"),
        (changed(TOWN, kind="县"), "类型与级别不符"),
        (changed(TOWN, parent="131072"), "上级代码与区划代码不符"),
        (changed(TOWN, parent="139999"), "没有这个“上级代码”"),
        (changed(TOWN, end="1999-01-01"), "早于或等于"),
        (changed(TOWN, code="1310221"), "格式不正确"),
    ],
)
def test_divisions_that_contradict_themselves_stay_out(tmp_path: Path, row: list[str], reason: str) -> None:
    summary = bring(tmp_path, [PROVINCE, CITY, ZONE, changed(COUNTY, code="131023"), row])

    assert summary.rejected >= 1
    assert any(reason in each for each in reasons(summary))


def test_versions_of_one_code_may_not_overlap_but_may_follow(tmp_path: Path) -> None:
    old = changed(TOWN, code="131022201", name="彭村乡", kind="乡")
    assert bring(tmp_path, [*ALL, old]).rejected == 0

    new = changed(old, name="彭村镇", kind="镇", start="2022-01-01")
    assert "日期重叠" in reasons(bring(tmp_path, [new]))[0]

    summary = bring(tmp_path, [changed(old, end="2022-01-01"), new])
    assert (summary.new, summary.changed, summary.rejected) == (1, 1, 0)


def test_a_child_of_a_wrong_parent_stays_out_too(tmp_path: Path) -> None:
    summary = bring(tmp_path, [PROVINCE, CITY, changed(COUNTY, kind="乡"), TOWN, VILLAGE])

    assert (summary.accepted, summary.rejected) == (2, 3)


def test_residents_belong_to_divisions_of_their_day(tmp_path: Path) -> None:
    bring(tmp_path, ALL)
    rows = [["131022100", "2021-12-31", "12,345"], ["131072400", "2010-12-31", "1"], ["131022999", "2021-12-31", "1"]]

    summary = bring(tmp_path, rows, "area_populations", ["区划代码", "统计日期", "常住人口"])

    assert (summary.accepted, summary.rejected) == (1, 2)
    assert AreaPopulation.objects.get().residents == 12345
    assert AreaPopulation.objects.get().counted_on == date(2021, 12, 31)


def test_outlines_are_loaded_twice_without_doubling(tmp_path: Path) -> None:
    path = tmp_path / "o.geojson"
    square = {"type": "Polygon", "coordinates": [[[116, 39], [117, 39], [117, 40], [116, 39]]]}
    feature = {"type": "Feature", "properties": {"code": "131000"}, "geometry": square}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    terms: dict[str, Any] = {"path": path, "source": "测试", "is_synthetic": True, "by": "cli", "at": timezone.now()}

    assert (load_outlines(**terms), load_outlines(**terms)) == (1, 1)
    assert AreaOutline.objects.get().key == "1310"

    path.write_text(json.dumps({"features": [{**feature, "geometry": {"type": "Point"}}]}), encoding="utf-8")
    with pytest.raises(OutlinesUnreadable):
        load_outlines(**terms)
