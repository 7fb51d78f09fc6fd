"""Points of the demo cities: the published numbers, one format per mode, the same every time."""

from __future__ import annotations

import math
from collections import Counter

from tests.democity.conftest import TODAY
from tools.democity.city import City, make_city
from tools.democity.operators import COLUMN
from tools.democity.points import HEADINGS

Row = dict[str, object]


def points(city: City) -> list[Row]:
    found = next(each for each in city.resources if each.name == "check_points")
    return [dict(zip(HEADINGS, row, strict=True)) for row in found.rows]


def test_langfang_has_6755_points_in_24_and_9_formats_each_with_a_check_record(langfang: City) -> None:
    rows = points(langfang)

    assert len(rows) == 6755
    assert len({row["业态代码"] for row in rows if row["检查方式"] == "明查"}) == 24
    assert len({row["业态代码"] for row in rows if row["检查方式"] == "暗访"}) == 9
    assert not any(row["退出日期"] and row["退出日期"] <= langfang.place.as_of for row in rows)  # type: ignore[operator]
    assert all(row["检查日期"] <= langfang.place.as_of for row in rows)  # type: ignore[operator]
    assert {str(row["区划代码"])[:6] for row in rows} == {each.key for each in langfang.place.counties}


def test_every_point_of_a_format_with_operators_stands_on_one_of_its_own(langfang: City) -> None:
    operators = {row[0]: row for row in next(each for each in langfang.resources if each.name == "operators").rows}
    rows = points(langfang)

    for row in rows:
        assert bool(row["主体编号"]) == (row["业态代码"] not in {f"M0{number}" for number in range(1, 7)})
        if row["主体编号"]:
            assert str(row["区划代码"]) == operators[row["主体编号"]][COLUMN["所在区划"]]
    stalls = [operators[row["主体编号"]] for row in rows if row["业态代码"] == "A04"]
    assert all(each[COLUMN["所在市场编号"]] for each in stalls)


def test_an_operator_is_a_point_once_per_mode_and_codes_are_unique(langfang: City) -> None:
    rows = points(langfang)

    pairs = Counter((row["检查方式"], row["主体编号"]) for row in rows if row["主体编号"])
    assert max(pairs.values()) == 1
    assert len({row["点位编号"] for row in rows}) == len(rows)
    places = Counter((row["区划代码"], row["点位名称"]) for row in rows if not row["主体编号"])
    assert max(places.values()) == 1


def test_the_ten_formats_of_qianjin_make_a_sample_of_546(qianjin: City) -> None:
    counts = Counter(row["业态代码"] for row in points(qianjin))

    assert len(counts) == 10
    assert sum(math.ceil(count / 5) for count in counts.values()) == 546


def test_the_same_seed_makes_the_same_points(qianjin: City, another_qianjin: City) -> None:
    assert points(make_city("qianjin", seed=1, today=TODAY)) == points(qianjin)
    assert points(another_qianjin) != points(qianjin)
