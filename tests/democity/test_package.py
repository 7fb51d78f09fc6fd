"""The demo city gives back the published figures, holds together, and is the same every time."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.democity.conftest import TODAY
from tools.democity.city import City, make_city
from tools.democity.geometry import read_cells
from tools.democity.identifiers import mod_11_10, social_credit_code
from tools.democity.operators import HEADINGS
from tools.democity.place import PACKS

AS_OF = date(2022, 11, 24)
Row = dict[str, object]


def table(city: City, name: str) -> list[Row]:
    resource = next(item for item in city.resources if item.name == name)
    return [dict(zip(resource.headings, row, strict=True)) for row in resource.rows]


def standing(city: City, day: date) -> list[Row]:
    return [
        row
        for row in table(city, "operators")
        if row["开业日期"] <= day and (not row["注销日期"] or row["注销日期"] > day)  # type: ignore[operator]
    ]


def test_operators_of_the_published_day_open_into_the_published_kinds(langfang: City) -> None:
    rows = standing(langfang, AS_OF)
    assert len(rows) == 64_098
    assert Counter(row["主体类别"] for row in rows) == {
        "食品生产": 474,
        "食品相关产品生产": 106,
        "食品销售": 23_863,
        "农贸市场": 50,
        "餐饮服务": 14_129,
        "三小": 25_476,
    }
    small = Counter(row["三小类别"] for row in rows if row["三小类别"])
    assert small == {"小作坊": 494, "小餐饮": 19_167, "小摊点": 5_815}


def test_the_register_has_history_on_both_sides_of_the_published_day(langfang: City) -> None:
    rows = table(langfang, "operators")
    assert any(row["注销日期"] and row["注销日期"] < AS_OF for row in rows)  # type: ignore[operator]
    assert any(row["开业日期"] > AS_OF for row in rows)  # type: ignore[operator]
    assert 0.97 < len(standing(langfang, date(2023, 5, 19))) / 64_098 < 1.03
    assert max(row["开业日期"] for row in rows) <= TODAY  # type: ignore[type-var, operator]


def test_codes_and_numbers_are_unique_and_pass_their_checks(langfang: City) -> None:
    rows = table(langfang, "operators")
    for heading in ("主体编号", "统一社会信用代码", "证照编号"):
        values = [str(row[heading]) for row in rows if row[heading]]
        assert len(values) == len(set(values)), heading
    for row in rows[::29]:
        number, code = str(row["证照编号"]), str(row["统一社会信用代码"])
        if row["证照类型"] in ("SC", "JY", "YB"):
            assert mod_11_10(number[2:-1]) == number[-1]
        assert not code or social_credit_code(code[:2], code[2:8], code[8:16]) == code


def test_every_operator_sits_inside_its_township_cell(langfang: City) -> None:
    cells = read_cells(PACKS / "areas" / "langfang" / "township_cells.geojson")
    for row in table(langfang, "operators"):
        if row["经度"] != "":
            cell = cells[str(row["所在区划"])[:9]]
            assert cell.contains(float(str(row["经度"])), float(str(row["纬度"]))), row["主体编号"]


def test_chains_and_markets_point_to_operators_that_exist(langfang: City) -> None:
    rows = table(langfang, "operators")
    codes = {row["主体编号"]: row for row in rows}
    for row in rows:
        for heading in ("连锁总部编号", "所在市场编号"):
            assert not row[heading] or row[heading] in codes
    hosts = Counter(codes[row["所在市场编号"]]["业态"] for row in rows if row["所在市场编号"])
    assert hosts["批发市场"] == 652


def test_divisions_have_the_published_kinds_and_square_kilometres(langfang: City) -> None:
    rows = table(langfang, "areas")
    kinds = Counter(row["类型"] for row in rows if row["级别"] == "县")
    assert kinds == {"县": 5, "自治县": 1, "县级市": 2, "市辖区": 2, "国家级开发区": 1, "临空经济区": 1}
    hundredths: Counter[str] = Counter()
    for row in rows:
        hundredths[str(row["级别"])] += round(float(str(row["面积平方公里"] or 0)) * 100)
    assert hundredths["市"] == hundredths["县"] == hundredths["乡"] == 642_900
    city = next(row for row in rows if row["区划代码"] == "131000")
    assert city["创建批次"] == 4


def test_residents_of_the_townships_add_up_to_the_published_total(langfang: City) -> None:
    rows = table(langfang, "area_populations")
    assert sum(int(str(row["常住人口"])) for row in rows if row["统计日期"] == date(2021, 12, 31)) == 5_538_200
    assert len({row["统计日期"] for row in rows}) == 7


def test_organisations_have_the_published_counts(langfang: City) -> None:
    rows = table(langfang, "organisations")
    kinds = Counter(row["单位类别"] for row in rows)
    assert sum(row["创建部门"] == "是" for row in rows) == 27
    assert (kinds["指挥部"], kinds["指挥部办公室"], kinds["工作组"], kinds["督查片区"]) == (1, 1, 7, 2)
    assert kinds["议事机构"] == len({row["区划代码"] for row in table(langfang, "areas") if row["级别"] == "乡"})
    codes = {row["单位编码"] for row in rows}
    assert len(codes) == len(rows)
    assert all(not row["上级单位编码"] or row["上级单位编码"] in codes for row in rows)
    assert all(row["单位编码"] in codes for row in table(langfang, "posts"))


def test_products_are_the_published_varieties_under_their_categories(langfang: City) -> None:
    rows = table(langfang, "products")
    assert sum(bool(row["上级编码"]) for row in rows) == 2_364


def test_phones_are_visibly_not_issued(langfang: City) -> None:
    phones = [str(row["联系电话"]) for row in table(langfang, "operators")[::50]]
    phones += [str(row["手机"]) for row in table(langfang, "persons")]
    assert all(phone[3:7] == "0000" for phone in phones)


def test_the_same_seed_and_day_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        make_city("langfang", seed=7, today=TODAY, scale=0.02).write(tmp_path / folder, xlsx=True)
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    names = sorted(str(path.relative_to(tmp_path / "one")) for path in files)
    assert "operators.xlsx" in names
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_another_seed_gives_another_city(qianjin: City, another_qianjin: City) -> None:
    assert table(qianjin, "operators") != table(another_qianjin, "operators")


@pytest.mark.parametrize(("name", "total"), [("qianjin", 2_700), ("weixian", 4_000)])
def test_a_place_is_only_data(name: str, total: int, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    city: City = request.getfixturevalue(name)
    assert len(standing(city, city.place.as_of)) == total
    city.write(tmp_path)
    document = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    operators = next(item for item in document["resources"] if item["name"] == "operators")
    with (tmp_path / "operators.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert operators["shian"]["expected_rows"] == len(rows)
    assert operators["shian"]["expected"]["employees"] == sum(int(row["从业人数"]) for row in rows)
    assert list(rows[0]) == HEADINGS


def test_the_published_problems_of_2023_are_there_with_three_open_by_name(langfang: City) -> None:
    problems = {row["编号"]: row for row in table(langfang, "cases.problem") if str(row["提出日期"]).startswith("2023")}
    closed = {row["事项编号"] for row in table(langfang, "case_steps") if row["环节"] == "核实销号"}

    assert len(problems) == 720
    assert len(set(problems) & closed) == 717


def test_every_file_that_a_step_names_is_in_the_package(langfang: City) -> None:
    steps = next(item for item in langfang.resources if item.name == "case_steps")

    assert {row["佐证材料"] for row in table(langfang, "case_steps") if row["佐证材料"]} <= set(steps.files)


def test_what_the_worker_loads_later_doubles_nothing_that_is_there_from_the_start(langfang: City) -> None:
    """No number twice; of every quarter at most one visit of a business, by whoever was its official on the day."""
    later = langfang.later()
    quarters = [item for item in later if item.importer == "duty_visits"]
    numbers: Counter[object] = Counter(row["督导编号"] for row in table(langfang, "duty_visits"))
    numbers.update(row[0] for item in quarters for row in item.rows)
    problems: Counter[object] = Counter(row["编号"] for row in table(langfang, "cases.duty_problem"))
    problems.update(row[0] for item in later if item.name == "cases.duty_problem" for row in item.rows)

    assert [item.name for item in quarters] == [
        f"duty_visits.{key}" for key in ("2025Q3", "2025Q4", "2026Q1", "2026Q2")
    ]
    assert max(numbers.values()) == max(problems.values()) == 1
    matches: dict[object, list[Row]] = {}
    for match in table(langfang, "duty_matches"):
        matches.setdefault(match["主体编号"], []).append(match)
    for item in quarters:
        assert max(Counter(row[1] for row in item.rows).values()) == 1
        for _number, code, _area, on, official, *_rest in item.rows[::97]:
            held = [
                m["干部编号"]
                for m in matches[code]
                if m["起始日期"] <= on and not (m["终止日期"] and m["终止日期"] <= on)
            ]  # type: ignore[operator]
            assert held == [official]
