"""Visits of the demo cities: as many as were published, each on a day on which its point was listed."""

from __future__ import annotations

from collections import Counter

import pytest

from tools.democity.city import City
from tools.democity.points import HEADINGS as POINTS
from tools.democity.visits import HEADINGS


def rows(city: City) -> tuple[list[dict[str, object]], dict[str, dict[str, object]], dict[str, int]]:
    resources = {each.name: each for each in city.resources}
    visits = [dict(zip(HEADINGS, row, strict=True)) for row in resources["field_visits"].rows]
    points = {str(row[0]): dict(zip(POINTS, row, strict=True)) for row in resources["check_points"].rows}
    return visits, points, {name: len(each.rows) for name, each in resources.items()}


@pytest.mark.parametrize(
    ("city", "expected", "formats", "problems"),
    [("qianjin", {"明查": 546}, 10, 43), ("langfang", {"明查": 252, "暗访": 54}, 33, 40)],
)
def test_as_many_visits_as_were_published(
    city: str, expected: dict[str, int], formats: int, problems: int, request: pytest.FixtureRequest
) -> None:
    visits, points, counts = rows(request.getfixturevalue(city))
    visited = [points[str(each["点位编号"])] for each in visits]

    assert Counter(each["检查方式"] for each in visited) == expected
    assert len({(each["检查方式"], each["业态代码"]) for each in visited}) == formats
    assert len({each["检查编号"] for each in visits}) == len(visits)
    assert all(point["列入日期"] <= each["检查日期"] for each, point in zip(visits, visited, strict=True))  # type: ignore[operator]
    assert counts["cases.field_problem"] == problems


def test_twenty_of_a_hundred_of_each_format_of_the_district_were_visited(qianjin: City) -> None:
    visits, points, _counts = rows(qianjin)
    there = Counter(each["业态代码"] for each in points.values() if each["检查方式"] == "明查")
    visited = Counter(points[str(each["点位编号"])]["业态代码"] for each in visits)

    assert all(visited[code] * 5 >= count for code, count in there.items())
    assert all((visited[code] - 1) * 5 < count for code, count in there.items())  # rounded up, no more
