"""Pages of divisions."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from shian.kernel.accounts.models import Role
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import Reach
from shian.registers.areas.models import AreaOutline, AreaPopulation
from shian.registers.areas.queries import home_key, residents_by
from shian.registers.areas.tables import area_picker, in_reach
from shian.registers.areas.tests.factories import AreaFactory

pytestmark = pytest.mark.django_db
TODAY = date(2022, 11, 24)
DIVISIONS = {
    "130000": ("province", ""), "131000": ("city", "13"), "131002": ("county", "1310"), "131022": ("county", "1310"),
    "131022100": ("township", "131022"), "131022101": ("township", "131022"), "131022100201": ("village", "131022100"),
}  # fmt: skip


@pytest.fixture
def divisions():
    for code, (level, parent) in DIVISIONS.items():
        AreaFactory(code=code, level=level, name=f"区划{code}", parent_key=parent, valid_from=date(2000, 1, 1))
    for code in ("131022100", "131022101"):
        for year in (2020, 2021):
            AreaPopulation.objects.create(
                area_code=code,
                counted_on=date(year, 12, 31),
                residents=year,
                city="1310",
                county="131022",
                township=code,
            )


def user_with(*keys: str):
    user = get_user_model().objects.create_user(username="u" + "".join(keys), role=Role.COUNTY)
    user._reach = Reach(keys=keys)
    return user


@pytest.fixture
def admin(client, divisions):
    user = get_user_model().objects.create_user(username="root", role=Role.ADMIN)
    client.force_login(user)
    return user


def test_the_list_shows_counties_with_residents_and_parts(client, admin):
    rows = {row.key: row.cells for row in client.get(reverse("areas:area_list")).context["list"].table.rows}

    assert rows["131022"]["residents"] == 2 * 2021
    assert rows["131022"]["children"] == 2
    assert rows["131002"]["residents"] is None


def test_a_division_shows_its_parts_and_the_way_up(client, admin):
    page = client.get(reverse("areas:area_detail", args=["131022"]), {"as_of": TODAY.isoformat()}).content.decode()

    assert "区划131022100" in page
    assert "区划131000" in page


@pytest.mark.parametrize("code", ["999999", "13x", "1310220"])
def test_unknown_divisions_are_404(client, admin, code):
    assert client.get(reverse("areas:area_detail", args=[code])).status_code == 404


def test_outlines_are_those_one_level_below(client, admin):
    for key in ("131022", "131022100"):
        AreaOutline.objects.create(key=key, geometry={"type": "Polygon", "coordinates": []}, source="x")

    found = client.get(reverse("areas:area_outlines"), {"parent": "1310"}).json()["features"]

    assert [each["properties"]["key"] for each in found] == ["131022"]
    assert client.get(reverse("areas:area_outlines"), {"parent": "1"}).status_code == 404


@pytest.mark.parametrize(
    ("keys", "home"),
    [
        (("1310",), "1310"),
        (("131022",), "131022"),
        (("131002", "131022"), "1310"),
        (("131022", "1310"), "1310"),
        ((), ""),
    ],
)
def test_home_is_the_smallest_division_around_the_reach(divisions, keys, home):
    assert home_key(user_with(*keys), TODAY) == home


def test_residents_are_the_newest_count_up_to_the_date(divisions):
    from shian.kernel.scope.rules import Level

    assert residents_by(Level.COUNTY, date(2021, 6, 1)) == {"131022": 2 * 2020}
    assert residents_by(Level.TOWNSHIP, TODAY, "131022100") == {"131022100": 2021}


def test_the_cascade_offers_what_lies_inside_the_reach(divisions):
    picker = area_picker(user_with("131022"), "131022", TODAY)

    assert [[option.value for option in level.options] for level in picker.levels] == [
        ["131022"],
        ["131022100", "131022101"],
    ]


def test_a_choice_outside_the_reach_is_refused(divisions):
    user = user_with("131022")

    assert in_reach(user, "131022100") == "131022100"
    with pytest.raises(OutOfReach):
        in_reach(user, "131002")
    assert in_reach(user, "13102") == ""
