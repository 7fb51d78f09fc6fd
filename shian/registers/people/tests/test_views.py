"""Pages of units."""

from datetime import date

import pytest
from django.urls import reverse

from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.registers.people.tests.factories import OrganisationFactory, PersonFactory, PostFactory, reach_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    organisation = OrganisationFactory(code="131022-SAMR", name="固安县市场监管局", area_code="131022")
    person = PersonFactory(phone="13812341234")
    PostFactory(person=person, organisation=organisation, area_code="131022", valid_from=date(2020, 1, 1))
    return organisation


def test_units_inside_the_reach_are_listed_with_their_posts(client, unit):
    OrganisationFactory(code="131002-SAMR", name="安次区市场监管局", area_code="131002")
    client.force_login(reach_user("alice", "131022", Role.COUNTY))

    rows = client.get(reverse("people:organisation_list"), {"q": "市场监管"}).context["list"].table.rows

    assert [row.cells["name"] for row in rows] == ["固安县市场监管局"]
    assert rows[0].cells["posts"] == 1


def test_a_unit_shows_its_people_with_masked_numbers(client, unit):
    client.force_login(reach_user("alice", "131022", Role.COUNTY))

    page = client.get(reverse("people:organisation_detail", args=[unit.code])).content.decode()

    assert "138****1234" in page
    assert "13812341234" not in page


def test_a_unit_beyond_the_reach_is_404_and_logged(client, unit):
    client.force_login(reach_user("bob", "131002", Role.COUNTY))

    assert client.get(reverse("people:organisation_detail", args=[unit.code])).status_code == 404
    assert Entry.objects.filter(action="scope.refused", actor="bob").exists()
