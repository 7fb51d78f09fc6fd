"""Pages of the interface."""

import pytest
from django.test import Client
from django.urls import reverse

from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.tests.entrance import confirm, member, sign_in
from shian.kernel.api.models import Token
from shian.kernel.api.problems import PROBLEMS
from shian.kernel.api.site import openapi

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client: Client) -> User:
    user = member("alice", Role.ADMIN)
    User.objects.filter(pk=user.pk).update(is_demo=True)  # spares these tests the second factor
    sign_in(client, "alice")
    confirm(client)
    return user


def test_a_token_is_shown_once(alice: User, client: Client) -> None:
    form = {"name": "统计程序", "days": "30", "scopes": ["read:products", "read:areas"]}

    answer = client.post(reverse("api:token_create"), form)

    token = Token.objects.get(owner=alice)
    page = answer.content.decode()
    assert token.scopes == ["read:areas", "read:products"]
    assert f'<code class="sh-code" data-copy>{token.hint}' in page
    assert answer["Cache-Control"] == "no-store"
    assert f"{token.hint}…" in client.get(reverse("api:token_list")).content.decode()


def test_a_form_without_scopes_makes_no_token(alice: User, client: Client) -> None:
    answer = client.post(reverse("api:token_create"), {"name": "x", "days": "30"})

    assert answer.status_code == 200
    assert not Token.objects.exists()


def test_a_token_is_revoked_after_asking(alice: User, client: Client) -> None:
    client.post(reverse("api:token_create"), {"name": "x", "days": "30", "scopes": ["read:products"]})
    token = Token.objects.get()
    address = reverse("api:token_revoke", args=[token.pk])

    asked = client.get(address)
    answer = client.post(address)

    token.refresh_from_db()
    assert "撤销后立即失效" in asked.content.decode()
    assert answer["Location"] == reverse("api:token_list")
    assert token.revoked_by == "alice"


def test_another_ones_token_is_404(alice: User, client: Client) -> None:
    client.post(reverse("api:token_create"), {"name": "x", "days": "30", "scopes": ["read:products"]})
    client.force_login(User.objects.create(username="bob", role=Role.ADMIN))

    assert client.post(reverse("api:token_revoke", args=[Token.objects.get().pk])).status_code == 404
    assert Token.objects.get().revoked_at is None


def test_the_reference_shows_every_endpoint_and_each_of_them(alice: User, client: Client) -> None:
    listed = client.get(reverse("api:reference_detail")).content.decode()

    for path, methods in openapi()["paths"].items():
        assert path in listed
        for operation in methods.values():
            shown = client.get(reverse("api:reference_detail"), {"operation": operation["operationId"]})
            assert operation["x-scope"] in shown.content.decode()


def test_the_page_of_errors_explains_each_type(alice: User, client: Client) -> None:
    page = client.get(reverse("api:problem_list")).content.decode()

    assert [key for key in PROBLEMS if key not in page] == []


def test_the_description_is_open_and_holds_no_address_from_outside(client: Client) -> None:
    answer = client.get(reverse("api:schema_detail"))

    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"


def test_the_account_page_leads_to_the_tokens(alice: User, client: Client) -> None:
    assert reverse("api:token_list") in client.get(reverse("accounts:account_detail")).content.decode()
