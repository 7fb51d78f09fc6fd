"""Operators clustered on the map by a grid on the server, cut to filters and reach."""

from decimal import Decimal

import pytest
from django.urls import reverse

from shian.domains.census.rules.maps import view_of
from shian.engine.measures.tests import factories
from shian.engine.measures.tests.factories import CITY, SOUTH, TOWNS, make_operator
from shian.kernel.accounts.models import Role

BOX = "116,39,117,40"


@pytest.fixture
def operators(db):
    """Three within a kilometre in the south, one further south, one in the north, one without position."""
    factories.make_areas()
    for number, (town, lon, lat) in enumerate(
        [(TOWNS[0], "116.600", "39.500"), (TOWNS[0], "116.601", "39.501"), (TOWNS[0], "116.603", "39.502"),
         (TOWNS[1], "116.700", "39.300"), (TOWNS[2], "116.300", "39.400"), (TOWNS[0], None, None)]
    ):  # fmt: skip
        operator = make_operator(number, town=town, kind="餐饮服务" if number == 3 else "食品销售")
        operator.lon, operator.lat = (Decimal(lon), Decimal(lat)) if lon else (None, None)
        operator.save()


@pytest.fixture
def office(client, operators):
    client.force_login(factories.make_user("alice", Role.OFFICE, CITY))


@pytest.fixture
def county(client, operators):
    client.force_login(factories.make_user("bob", Role.COUNTY, SOUTH))


def points(client, bbox=BOX, zoom="9", **more):
    answer = client.get(reverse("census:operator_points"), {"bbox": bbox, "zoom": zoom, **more})
    assert answer.status_code == 200
    return [feature["properties"] for feature in answer.json()["features"]]


def test_near_ones_are_one_cluster_until_the_map_is_near(client, office):
    assert sorted(point["count"] for point in points(client)) == [1, 1, 3]
    assert sorted(point["count"] for point in points(client, zoom="18")) == [1, 1, 1, 1, 1]


def test_a_single_one_opens_its_file_and_a_cluster_names_nobody(client, office):
    alone = [point for point in points(client) if point["count"] == 1]

    assert {point["url"] for point in alone} == {f"/operators/LF{number:06d}/" for number in (3, 4)}
    assert set(next(point for point in points(client) if point["count"] > 1)) == {"count"}


def test_only_what_is_in_view_is_counted(client, office):
    assert [point["count"] for point in points(client, bbox="116.65,39.2,116.75,39.4")] == [1]
    assert points(client, bbox="0,0,1,1") == []


def test_a_county_gets_its_own_points_only(client, county):
    assert sum(point["count"] for point in points(client)) == 4
    answer = client.get(reverse("census:operator_points"), {"bbox": BOX, "zoom": "9", "area": "131022"})
    assert answer.status_code == 404


def test_the_filters_of_the_list_hold(client, office):
    assert [point["count"] for point in points(client, kind="餐饮服务")] == [1]


@pytest.mark.parametrize(
    ("bbox", "zoom"), [("", "9"), ("1,2,3", "9"), ("a,b,c,d", "9"), (BOX, ""), (BOX, "nan"), ("2,0,1,1", "9")]
)
def test_a_damaged_view_is_404(client, office, bbox, zoom):
    assert client.get(reverse("census:operator_points"), {"bbox": bbox, "zoom": zoom}).status_code == 404


def test_cells_shrink_with_the_zoom_and_never_to_nothing():
    assert view_of(BOX, "9").cell == 2 * view_of(BOX, "10").cell
    assert view_of(BOX, "99").cell == view_of(BOX, "22").cell > 0


def test_the_page_counts_by_division_with_and_without_position(client, office):
    page = client.get(reverse("census:operator_map"), {"kind": "食品销售"})

    drawn = page.context["map"]
    assert {area.key: area.value for area in drawn.areas} == {"131002": 4, "131022": 1}
    assert "kind=" in drawn.points_url
    assert page.context["list"].total == 5
    assert "area=131002" in drawn.areas[0].url


def test_a_county_sees_its_townships(client, county):
    page = client.get(reverse("census:operator_map"))

    assert {area.key: area.value for area in page.context["map"].areas} == {TOWNS[0]: 4, TOWNS[1]: 1}
    assert "固安" not in page.content.decode()


def test_a_station_sees_itself(client, operators):
    client.force_login(factories.make_user("sam", Role.STATION, TOWNS[0]))

    drawn = client.get(reverse("census:operator_map")).context["map"]

    assert [(area.key, area.value) for area in drawn.areas] == [(TOWNS[0], 4)]
    assert "parent=131002&" in drawn.outline_url


def test_points_need_one_statement_for_whatever_number(client, office, django_assert_max_num_queries):
    points(client)

    with django_assert_max_num_queries(12):
        points(client)
