"""Opening accounts for persons on file, and what their account pages say of their posts."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.actions import activate_user
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.queries import user_awaiting_activation
from shian.kernel.accounts.tests.entrance import PASSWORD, confirm, member, sign_in
from shian.registers.people.models import Person
from shian.registers.people.tests.factories import OrganisationFactory, PersonFactory, PostFactory

pytestmark = pytest.mark.django_db
OPEN = "people:account_open"


@pytest.fixture
def root(client: Client) -> User:
    user = member("root", Role.SECURITY)
    User.objects.filter(pk=user.pk).update(is_demo=True)
    sign_in(client, "root")
    confirm(client)
    return user


def officer(number: str = "P77") -> Person:
    unit = OrganisationFactory(code="131022-SAMR", name="固安县市场监督管理局")
    person = PersonFactory(person_no=number)
    PostFactory(person=person, organisation=unit, title="食品科科长")
    return person


def test_an_account_for_a_person_has_the_role_and_the_reach_of_the_post(client: Client, root: User) -> None:
    officer()

    page = client.post(reverse(OPEN), {"person_no": "P77", "valid_to": "2099-12-31"}, follow=True).content.decode()

    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert code
    user = user_awaiting_activation("P77", code.group(), timezone.now())
    assert user
    assert user.role == Role.COUNTY
    assert user.valid_to
    assert timezone.localtime(user.valid_to).date() == date(2100, 1, 1)
    assert "食品科科长" in page
    assert "固安县市场监督管理局" in page


@pytest.mark.parametrize(("number", "told"), [("P00", "没有这个编号"), ("P88", "没有在任岗位")])
def test_who_is_not_on_file_or_holds_no_post_gets_no_account(
    client: Client, root: User, number: str, told: str
) -> None:
    PersonFactory(person_no="P88")

    assert told in client.post(reverse(OPEN), {"person_no": number}).content.decode()
    assert not User.objects.filter(username=number).exists()


def test_the_own_account_page_names_the_posts(client: Client, root: User) -> None:
    officer()
    client.post(reverse(OPEN), {"person_no": "P77"})
    activate_user(user=User.objects.get(username="P77"), password=PASSWORD, at=timezone.now())
    own = Client()
    sign_in(own, "P77")

    body = own.get(reverse("accounts:account_detail")).content.decode()

    assert "食品科科长" in body
    assert reverse("people:organisation_detail", args=["131022-SAMR"]) in body
