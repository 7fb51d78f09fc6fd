"""Teams of the demo city: supervisors of their own county, each in one team; three counties fall short."""

from __future__ import annotations

from collections import Counter

from tests.democity.conftest import TODAY
from tools.democity.city import City
from tools.democity.teams import MEMBER_HEADINGS, TEAM_HEADINGS

Row = dict[str, object]


def table(city: City, name: str, headings: list[str]) -> list[Row]:
    found = next(each for each in city.resources if each.name == name)
    return [dict(zip(headings, row, strict=True)) for row in found.rows]


def test_each_county_has_a_team_and_nobody_is_in_two(langfang: City) -> None:
    teams, members = (
        table(langfang, "field_teams", TEAM_HEADINGS),
        table(langfang, "team_members", MEMBER_HEADINGS),
    )

    assert {str(row["区划代码"]) for row in teams} == {each.code for each in langfang.place.counties}
    assert max(Counter(row["人员编号"] for row in members).values()) == 1
    assert len({row["片区"] for row in teams}) == 2


def test_three_counties_fall_short_of_people_or_certificates(langfang: City) -> None:
    size, valid = Counter[str](), Counter[str]()
    for row in table(langfang, "team_members", MEMBER_HEADINGS):
        size[str(row["区划代码"])] += 1
        valid[str(row["区划代码"])] += bool(row["执法证有效期至"] and row["执法证有效期至"] >= TODAY)  # type: ignore[operator]

    short = {code for code in size if size[code] < 30 or valid[code] < 0.7 * size[code]}

    assert short == {"131025", "131026", "131072"}
