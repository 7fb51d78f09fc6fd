"""A user of one area sees, opens, searches and exports nothing of another, and the attempt is logged."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.tests.entrance import confirmed
from shian.kernel.notary.models import Entry
from shian.registers.operators.models import Operator
from shian.registers.people.tests.factories import reach_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langfang")]
DAY = "2022-11-24"


@pytest.fixture
def county(client: Client) -> User:
    user = reach_user("alice", "131022", Role.COUNTY)
    client.force_login(user)
    return user


@pytest.fixture
def station(client: Client) -> User:
    user = reach_user("bob", "131022100", Role.STATION)
    client.force_login(user)
    return user


def elsewhere(**columns: str) -> Operator:
    return Operator.objects.filter(**columns).order_by("pk")[0]


AREA_PAGES = [
    ("figures:figure_detail", ("operators.total",)),
    ("figures:figure_rows", ("operators.total",)),
    ("figures:figure_export", ("operators.total",)),
    ("campaign:item_list", ()),
    ("campaign:item_detail", ("1.4.2",)),
    ("campaign:item_export", ()),
    ("campaign:veto_board", ()),
    ("campaign:loss_list", ()),
]
LISTS = [
    ("census:operator_list", ()),
    ("census:operator_export", ()),
    ("census:operator_map", ()),
    ("census:operator_points", ()),
    ("census:stage_report", ()),
    ("people:organisation_list", ()),
    ("ledgers:row_list", ("monitoring_sites",)),
    ("ledgers:row_export", ("monitoring_sites",)),
]
VIEW = {"bbox": "116,38,118,40", "zoom": "9"}


@pytest.mark.parametrize(("name", "args"), AREA_PAGES)
@pytest.mark.parametrize("area", ["131023", "131000", "131100"])
def test_a_county_user_gets_404_for_another_area(
    name: str, args: tuple[str, ...], area: str, county: User, client: Client
) -> None:
    response = client.get(reverse(name, args=args), {"area": area, "as_of": DAY})

    assert response.status_code == 404


@pytest.mark.parametrize(("name", "args"), AREA_PAGES)
def test_a_station_user_gets_404_for_the_sister_township(
    name: str, args: tuple[str, ...], station: User, client: Client
) -> None:
    response = client.get(reverse(name, args=args), {"area": "131022101", "as_of": DAY})

    assert response.status_code == 404


@pytest.mark.parametrize(("name", "args"), LISTS)
@pytest.mark.parametrize("area", ["131022101", "131023", "1311"])
def test_listing_or_exporting_another_area_is_404_and_sealed(
    name: str, args: tuple[str, ...], area: str, station: User, client: Client
) -> None:
    response = client.get(reverse(name, args=args), {"area": area, "as_of": DAY, **VIEW})

    assert response.status_code == 404
    entry = Entry.objects.get(action="scope.refused")
    assert (entry.actor, entry.subject) == ("bob", f"areas.area:{area}")


@pytest.mark.parametrize(("name", "args"), LISTS)
def test_listing_or_exporting_the_own_area_opens(
    name: str, args: tuple[str, ...], station: User, client: Client
) -> None:
    response = client.get(reverse(name, args=args), {"area": "131022100", "as_of": DAY, **VIEW})

    assert response.status_code == 200
    if response.streaming:
        b"".join(response.streaming_content)


def test_an_attempt_at_a_record_elsewhere_is_404_and_sealed(county: User, client: Client) -> None:
    other = elsewhere(county="131023")

    response = client.get(reverse("census:operator_detail", args=[other.code]))

    assert response.status_code == 404
    entry = Entry.objects.get(action="scope.refused")
    assert entry.actor == "alice"
    assert other.code in entry.subject


def test_lists_and_exports_hold_own_rows_only(county: User, client: Client) -> None:
    confirmed(client, county)
    export = client.post(f"{reverse('census:operator_export')}?format=csv&as_of={DAY}", {"chosen": "日常监管"})
    text = b"".join(export.streaming_content) if export.streaming else export.content
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    codes = {cell for row in rows for cell in row if cell.startswith("1310") and "-" in cell}

    assert len(codes) > 5000
    assert {code[:6] for code in codes} == {"131022"}


def test_the_search_finds_nothing_elsewhere(county: User, client: Client) -> None:
    def found(operator: Operator) -> bool:
        answer = client.get(reverse("census:operator_list"), {"q": operator.licence_no, "state": "any"})
        return operator.code in answer.content.decode()

    assert found(elsewhere(county="131022", licence_kind="JY"))
    assert not found(elsewhere(county="131023", licence_kind="JY"))


def test_rows_behind_a_figure_are_as_many_as_the_figure_says(county: User, client: Client) -> None:
    figure = client.get(reverse("figures:figure_detail", args=["operators.total"]), {"area": "131022", "as_of": DAY})
    rows = client.get(reverse("figures:figure_rows", args=["operators.total"]), {"area": "131022", "as_of": DAY})

    expected = (
        Operator.objects.filter(county="131022", versions__valid_from__lte=DAY)
        .exclude(versions__valid_to__lte=DAY)
        .distinct()
        .count()
    )
    assert f"{expected:,}" in figure.content.decode()
    assert f"{expected:,}" in rows.content.decode()


def test_a_city_user_does_not_reach_the_city_whose_code_begins_alike(client: Client) -> None:
    carol = reach_user("carol", "131000", Role.OFFICE)
    client.force_login(carol)
    Operator.objects.filter(pk=elsewhere(county="131023").pk).update(city="1311", county="131102")

    assert not Operator.objects.visible_to(carol).filter(city="1311").exists()
    response = client.get(reverse("figures:figure_detail", args=["operators.total"]), {"area": "131100", "as_of": DAY})
    assert response.status_code == 404
