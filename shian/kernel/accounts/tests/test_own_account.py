"""我的账户: sessions, language, look."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from shian.kernel.accounts.models import User
from shian.kernel.accounts.tests.entrance import member, sign_in
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1"


def key_of(client: Client) -> int:
    return UserSession.objects.get(session_key=client.session.session_key).pk


def two_sessions() -> tuple[Client, Client]:
    desk, phone = Client(), Client()
    member()
    sign_in(desk)
    sign_in(phone, HTTP_USER_AGENT=PHONE, REMOTE_ADDR="10.12.3.4")
    return desk, phone


def test_sessions_are_listed_with_device_and_masked_place() -> None:
    desk, _phone = two_sessions()

    body = desk.get(reverse("accounts:account_detail")).content.decode()

    assert "Safari · iPhone" in body
    assert "10.12.*.*" in body
    assert "10.12.3.4" not in body


def test_one_session_is_ended_and_sealed() -> None:
    desk, phone = two_sessions()

    desk.post(reverse("accounts:session_end", args=[key_of(phone)]))

    assert phone.get(reverse("accounts:account_detail")).status_code == 302
    assert desk.get(reverse("accounts:account_detail")).status_code == 200
    assert Entry.objects.filter(action="accounts.session_ended", actor="alice").exists()


def test_all_other_sessions_are_ended() -> None:
    desk, phone = two_sessions()

    phone.post(reverse("accounts:sessions_end"))

    assert desk.get(reverse("accounts:account_detail")).status_code == 302
    assert phone.get(reverse("accounts:account_detail")).status_code == 200


def test_nobody_ends_the_session_of_another() -> None:
    desk, _phone = two_sessions()
    stranger = Client()
    member("carol")
    sign_in(stranger, "carol")

    assert stranger.post(reverse("accounts:session_end", args=[key_of(desk)])).status_code == 404
    assert desk.get(reverse("accounts:account_detail")).status_code == 200


def test_language_and_look_come_along_to_another_browser(client: Client) -> None:
    member()
    sign_in(client)

    client.post(reverse("accounts:preferences_save"), {"language": "en", "theme": "dark"})

    assert User.objects.get(username="alice").theme == "dark"
    other = Client()
    sign_in(other)
    assert other.cookies["django_language"].value == "en"
    assert other.cookies["shian_theme"].value == "dark"


def test_an_unknown_language_is_refused(client: Client) -> None:
    member()
    sign_in(client)

    client.post(reverse("accounts:preferences_save"), {"language": "xx", "theme": ""})

    assert User.objects.get(username="alice").language == ""
