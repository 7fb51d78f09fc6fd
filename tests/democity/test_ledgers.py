"""Ledger groups honour counts, exact totals and natural keys."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tools.democity.areas import residents_by_year, settle
from tools.democity.city import City
from tools.democity.ledger_groups import Workshop, exact_parts
from tools.democity.ledgers import city_ledgers, ledger_resource, make_ledgers
from tools.democity.names import Namer, read_vocabulary
from tools.democity.operators import COLUMN
from tools.democity.place import PACKS, read_place

DECLARATION: dict[str, Any] = {
    "key": "lectures",
    "key_fields": ["lecture_no"],
    "area": "area_code",
    "organisation": "org_code",
    "fields": [
        {"name": "lecture_no", "title": "讲座编号", "type": "string", "constraints": {"required": True}},
        {"name": "title", "title": "讲座名称", "type": "string", "constraints": {"required": True}},
        {"name": "area_code", "title": "区划代码", "type": "string", "constraints": {"required": True}},
        {"name": "org_code", "title": "单位编码", "type": "string"},
        {"name": "year", "title": "年度", "type": "year", "constraints": {"required": True}},
        {"name": "copies", "title": "份数", "type": "integer"},
        {"name": "is_open", "title": "公开", "type": "boolean", "constraints": {"required": True}},
        {"name": "held_on", "title": "日期", "type": "date", "constraints": {"required": True}},
        {"name": "closed_on", "title": "办结日期", "type": "date"},
    ],
}


def workshop(declaration: dict[str, Any] = DECLARATION) -> Workshop:
    place = read_place("qianjin", seed=1, today=date(2026, 6, 30))
    settle(place)
    dice = place.dice("test")
    vocabulary = read_vocabulary()
    residents = residents_by_year(place)[date(2022, 12, 31)]
    return Workshop(place, Namer(vocabulary, place, dice), vocabulary, residents, [], declaration, dice, set())


def rows_of(wish: Any) -> list[dict[str, Any]]:
    resource = ledger_resource(workshop(), wish)
    return [dict(zip(resource.headings, row, strict=True)) for row in resource.rows]


def test_a_group_has_its_count_and_its_exact_total() -> None:
    group = {
        "count": 17,
        "spread_areas": "township",
        "set": {"is_open": True},
        "dates": {"held_on": ["2023-01-01", "2023-11-20"], "closed_on": {"after": "held_on", "days": [1, 9]}},
        "total": {"copies": 2000},
        "text": {"title": "publicity_activities"},
        "organisation": "SAMR",
    }
    rows = rows_of([group])
    assert len(rows) == 17
    assert sum(row["份数"] for row in rows) == 2000
    assert {row["公开"] for row in rows} == {"是"}
    assert {row["年度"] for row in rows} == {2023}
    assert all(len(row["区划代码"]) == 9 for row in rows)
    assert all(row["办结日期"] > row["日期"] for row in rows)
    assert {row["单位编码"] for row in rows} == {"230804-SAMR"}
    assert len({row["讲座编号"] for row in rows}) == 17


def test_literal_rows_stay_as_they_are_and_days_may_be_relative() -> None:
    rows = rows_of({"rows": [{"title": "开放日", "held_on": "today-30d", "copies": 5}]})
    assert rows[0]["日期"] == date(2026, 5, 31)
    assert rows[0]["区划代码"] == "230804"
    assert rows[0]["份数"] == 5


def test_groups_repeat_for_areas_and_combinations() -> None:
    group = {"per": "township", "each_of": {"year": [2021, 2022]}, "text": {"title": "{area}{year}年讲座"}}
    rows = rows_of({"groups": [group]})
    assert len(rows) == 10
    assert any(row["讲座名称"] == "永安街道2022年讲座" for row in rows)


def test_drawn_operators_are_distinct_and_recorded_after_their_opening(qianjin: City) -> None:
    operators = next(list(item.rows) for item in qianjin.resources if item.name == "operators")
    bench = workshop({**DECLARATION, "operator": "org_code", "organisation": None})
    bench.operators = [list(row) for row in operators]
    group = {
        "count": 50,
        "operators": {"kinds": ["餐饮服务"], "name": "title"},
        "dates": {"held_on": ["2012-01-01", "2023-11-01"]},
    }
    names = [field["name"] for field in DECLARATION["fields"]]
    rows = [dict(zip(names, row, strict=True)) for row in ledger_resource(bench, [group]).rows]
    by_code = {row[0]: row for row in operators}
    assert len({row["org_code"] for row in rows}) == 50
    for row in rows:
        operator = by_code[row["org_code"]]
        assert row["title"] == operator[COLUMN["名称"]]
        assert row["area_code"] == operator[COLUMN["所在区划"]]
        assert operator[COLUMN["开业日期"]] <= row["held_on"] <= date(2023, 11, 1)


def test_a_field_that_no_ledger_declares_is_refused() -> None:
    with pytest.raises(ValueError, match="not declared"):
        rows_of([{"count": 1, "set": {"colour": "red"}}])


def test_parts_keep_the_decimals_of_their_total() -> None:
    parts = exact_parts(289.26, [1, 2, 3, 4])
    assert round(sum(parts), 2) == 289.26


@pytest.mark.parametrize("city", ["langfang", "qianjin", "weixian"])
def test_every_shipped_ledger_row_fits_its_declaration(city: str) -> None:
    declared = {item.stem for item in (PACKS / "ledgers").glob("*.yaml")}
    assert set(city_ledgers(PACKS / "cities" / city)) <= declared


def test_a_city_says_each_ledger_in_one_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "ledgers.yaml").write_text("lectures: [{count: 1}]\n", encoding="utf-8")
    (tmp_path / "ledgers-more.yaml").write_text("drills: [{count: 2}]\n", encoding="utf-8")
    assert sorted(city_ledgers(tmp_path)) == ["drills", "lectures"]

    (tmp_path / "ledgers-twice.yaml").write_text("drills: []\n", encoding="utf-8")
    with pytest.raises(ValueError, match="drills"):
        city_ledgers(tmp_path)


def test_a_city_without_ledgers_has_none(tmp_path: Path) -> None:
    place = workshop().place
    assert make_ledgers(place, {}, [], {}, packs=tmp_path) == []
