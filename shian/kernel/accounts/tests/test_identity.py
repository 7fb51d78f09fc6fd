"""Sign-in through an outside identity service, against one that really runs."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.actions import create_user, deactivate_user
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.tests.entrance import member, sign_in
from shian.kernel.accounts.tests.identity_server import Provider, running_provider, settings_for
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running_provider() as provider:
        provider.claims = {"sub": "id-4711", "preferred_username": "alice", "name": "王安"}
        settings.SOCIALACCOUNT_PROVIDERS = settings_for(provider)
        yield provider


def through(client: Client, **query: str) -> Any:
    """The whole way: our form, the provider's page, back to us."""
    begun = client.post(reverse("openid_connect_login", args=["identity"]), query_params=query)
    answered = requests.get(begun["Location"], allow_redirects=False, timeout=5)
    return client.get(answered.headers["Location"].removeprefix("http://testserver"))


def test_an_existing_account_is_opened_and_linked_once(client: Client, provider: Provider) -> None:
    user = member()

    assert through(client)["Location"] == "/"
    through(Client())

    assert client.get(reverse("areas:area_list")).status_code == 200
    linked = SocialAccount.objects.get()
    assert (linked.user_id, linked.uid) == (user.pk, "id-4711")
    assert Entry.objects.filter(action="accounts.identity_linked").count() == 1
    assert Entry.objects.filter(action="accounts.signed_in", data__methods=["socialaccount"]).count() == 2
    assert "/token" in provider.asked


def test_an_invited_account_is_opened_and_its_code_used_up(client: Client, provider: Provider) -> None:
    user, _code = create_user(username="alice", display_name="王安", role=Role.OFFICE, by="root", at=timezone.now())

    assert through(client).status_code == 302

    user.refresh_from_db()
    assert user.activation_digest == ""
    assert client.get(reverse("areas:area_list")).status_code == 200


@pytest.mark.parametrize("claims", [{"sub": "x", "preferred_username": "nobody"}, {"sub": "x"}])
def test_an_unknown_identity_opens_nothing_and_makes_no_account(
    client: Client, provider: Provider, claims: dict[str, str]
) -> None:
    member()
    provider.claims = claims

    answer = through(client)

    assert answer.status_code == 403
    assert "没有为您建立账号" in answer.content.decode()
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert client.get("/").status_code == 302


def test_a_closed_account_stays_closed(client: Client, provider: Provider) -> None:
    user, root = member(), member("root", Role.ADMIN)
    through(Client())
    deactivate_user(user=user, by=root, reason="调离", at=timezone.now())

    assert through(client)["Location"] == reverse("account_inactive")
    assert client.get("/").status_code == 302


def test_a_linked_identity_follows_its_number_not_its_name(client: Client, provider: Provider) -> None:
    member()
    member("carol")
    through(Client())

    provider.claims = {"sub": "id-4711", "preferred_username": "carol"}
    through(client)

    assert Entry.objects.filter(action="accounts.signed_in", actor="carol").count() == 0
    assert Entry.objects.filter(action="accounts.signed_in", actor="alice").count() == 2


def test_a_refusal_of_the_service_is_told(client: Client, provider: Provider) -> None:
    member()
    provider.refuses = True

    answer = through(client)

    assert (
        "取消" in client.get(answer["Location"]).content.decode()
        if answer.status_code == 302
        else answer.content.decode()
    )
    assert client.get("/").status_code == 302


def test_an_answer_that_nobody_asked_for_is_refused(client: Client, provider: Provider) -> None:
    member()
    url = reverse("openid_connect_callback", args=["identity"])

    answer = client.get(url, {"code": "stolen", "state": "made-up"})

    assert answer.status_code in {401, 302}
    assert client.get("/").status_code == 302
    assert "/token" not in provider.asked


def test_nobody_ties_another_identity_to_an_open_session(client: Client, provider: Provider) -> None:
    member()
    member("carol")
    sign_in(client, "carol")

    answer = through(client, process="connect")

    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()


def test_the_sign_in_page_offers_the_service_and_lets_its_form_lead_there(client: Client, provider: Provider) -> None:
    page = client.get(reverse("account_login"))

    assert "用省统一身份认证登录" in page.content.decode()
    assert f"form-action 'self' {provider.address}" in page["Content-Security-Policy"]


def test_without_a_service_nothing_is_offered(client: Client) -> None:
    page = client.get(reverse("account_login"))

    assert "统一身份认证" not in page.content.decode()
    assert page["Content-Security-Policy"].count("form-action 'self';") == 1
    assert client.get(reverse("openid_connect_login", args=["identity"])).status_code == 404
