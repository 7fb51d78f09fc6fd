"""The entrance: who gets in, what the others are told, how long a session lives."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.actions import unlock_user
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.policy import policy_at
from shian.kernel.accounts.tests.entrance import PASSWORD, confirm, member, sign_in
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
COUNTED = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "counted"}}


def fail(client: Client, username: str = "alice", times: int = 5) -> Any:
    for _ in range(times):
        answer = sign_in(client, username, "wrong")
    return answer


def test_signing_in_begins_a_session_with_a_new_key_and_seals_it(client: Client) -> None:
    member()
    client.get(reverse("account_login"))
    session = client.session
    session["before"] = "kept by a visitor"
    session.save()

    answer = sign_in(client, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36")

    assert answer["Location"] == "/"
    assert client.session.session_key != session.session_key
    entry = Entry.objects.get(action="accounts.signed_in")
    assert entry.actor == "alice"
    assert entry.data["device"] == "Chrome · Windows"
    assert entry.data["methods"] == ["password"]


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client: Client) -> None:
    member()

    def text(username: str) -> str:
        body = sign_in(Client(), username, "wrong").content.decode().replace(username, "?")
        return "".join(line for line in body.splitlines() if "csrfmiddlewaretoken" not in line)

    assert text("alice") == text("nobody")


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(client: Client) -> None:
    member()
    counts = []
    for username in ("alice", "nobody"):
        with patch(
            "django.contrib.auth.hashers.MD5PasswordHasher.encode",
            autospec=True,
            side_effect=lambda self, password, salt: f"md5${salt}$" + "0" * 32,
        ) as encode:
            sign_in(Client(), username, "wrong")
        counts.append(encode.call_count)

    assert counts[0] == counts[1] > 0


def test_five_wrong_passwords_lock_the_name_with_the_remaining_time(client: Client) -> None:
    member()

    assert fail(client, times=4).status_code == 200
    locked = sign_in(client, password="wrong")

    assert locked.status_code == 429
    assert "15 分钟后再试" in locked.content.decode()
    assert 890 <= int(locked["Retry-After"]) <= 900
    assert sign_in(client).status_code == 429
    assert Entry.objects.filter(action="accounts.user_locked", subject="accounts.user:alice").count() == 1


def test_a_lock_holds_from_everywhere_and_for_names_without_account(client: Client) -> None:
    member()
    fail(client)

    assert sign_in(Client(), REMOTE_ADDR="10.9.8.7", HTTP_USER_AGENT="other").status_code == 429
    assert fail(Client(), "nobody").status_code == 429


def test_a_lock_ends_by_itself(client: Client) -> None:
    member()
    fail(client)

    with patch("axes.handlers.proxy.now", return_value=timezone.now() + timedelta(minutes=15, seconds=1)):
        assert sign_in(client).status_code == 302


def test_an_administrator_unlocks(client: Client) -> None:
    user, root = member(), member("root", Role.ADMIN)
    fail(client)

    unlock_user(user=user, by=root, at=timezone.now())

    assert sign_in(client).status_code == 302
    assert Entry.objects.filter(action="accounts.user_unlocked", actor="root").exists()


def test_a_right_password_forgets_the_wrong_ones(client: Client) -> None:
    member()
    fail(client, times=4)
    sign_in(client)

    assert fail(Client(), times=4).status_code == 200


@override_settings(CACHES=COUNTED, ACCOUNT_RATE_LIMITS={"login": "3/m/ip", "login_failed": "100/m/ip"})
def test_attempts_of_one_address_are_limited(client: Client) -> None:
    answers = [sign_in(client, f"nobody{n}", "wrong").status_code for n in range(4)]

    assert answers == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("wanted", "led"),
    [("/areas/", "/areas/"), ("https://evil.example/", "/"), ("//evil.example/", "/"), ("javascript:alert(1)", "/")],
)
def test_the_way_after_the_sign_in_never_leaves_this_host(client: Client, wanted: str, led: str) -> None:
    member()

    answer = client.post(f"{reverse('account_login')}?next={wanted}", {"login": "alice", "password": PASSWORD})

    assert answer["Location"] == led


def test_the_sign_in_wants_its_csrf_token() -> None:
    member()
    strict = Client(enforce_csrf_checks=True)

    assert sign_in(strict).status_code == 403


def test_the_session_cookie_is_for_this_site_and_no_script(client: Client) -> None:
    member()
    cookie = sign_in(client).cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]


@pytest.mark.parametrize("terms", [{"valid_to": -1}, {"valid_from": 60}])
def test_an_account_outside_its_time_does_not_open(client: Client, terms: dict[str, int]) -> None:
    now = timezone.now()
    user = member()
    User.objects.filter(pk=user.pk).update(**{name: now + timedelta(minutes=m) for name, m in terms.items()})

    assert sign_in(client)["Location"] == reverse("account_inactive")
    assert "账号不可用" in client.get(reverse("account_inactive")).content.decode()


def test_a_session_ends_at_the_moment_at_which_its_account_ends(client: Client) -> None:
    user = member(role=Role.ASSESSOR, valid_to=timezone.now() + timedelta(hours=1))
    sign_in(client)
    assert client.get(reverse("areas:area_list")).status_code == 200

    User.objects.filter(pk=user.pk).update(valid_to=timezone.now())
    answer = client.get(reverse("areas:area_list"))

    assert answer["Location"].startswith(reverse("account_login"))
    assert "sessionid" not in client.cookies or not client.cookies["sessionid"].value
    assert Entry.objects.get(action="accounts.session_expired").data["reason"] == "ended"


@pytest.mark.parametrize(("key", "minutes", "reason"), [("seen_at", 16, "idle"), ("began_at", 721, "age")])
def test_an_idle_or_old_session_ends(client: Client, key: str, minutes: int, reason: str) -> None:
    member()
    sign_in(client)
    session = client.session
    session[key] = timezone.now().timestamp() - minutes * 60
    session.save()

    assert client.get("/").status_code == 302
    assert Entry.objects.get(action="accounts.session_expired").data["reason"] == reason


def test_for_htmx_the_whole_page_moves_to_the_sign_in(client: Client) -> None:
    user = member()
    sign_in(client)
    User.objects.filter(pk=user.pk).update(is_active=True, valid_to=timezone.now())

    answer = client.get(reverse("areas:area_list"), HTTP_HX_REQUEST="true")

    assert answer["HX-Redirect"].startswith(reverse("account_login"))


def test_a_session_in_use_lives_on_and_is_noted_once_a_minute(client: Client) -> None:
    member()
    sign_in(client)
    session = client.session
    session["seen_at"] = timezone.now().timestamp() - 14 * 60
    session.save()
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=14))

    assert client.get(reverse("areas:area_list")).status_code == 200
    assert timezone.now().timestamp() - client.session["seen_at"] < 60
    assert timezone.now() - UserSession.objects.get().last_seen_at < timedelta(minutes=1)


def test_sensitive_pages_ask_for_the_password_again(client: Client) -> None:
    member()
    sign_in(client)

    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))

    confirm(client)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_signing_out_is_sealed_and_empties_the_session(client: Client) -> None:
    member()
    sign_in(client)

    client.post(reverse("account_logout"))

    assert client.get("/").status_code == 302
    assert Entry.objects.filter(action="accounts.signed_out", actor="alice").exists()


@override_settings(CACHES=COUNTED)
def test_one_session_too_many_ends_the_oldest_which_is_told(client: Client) -> None:
    member()
    most = policy_at(timezone.localdate()).sessions_at_once
    browsers = [client, *(Client() for _ in range(most))]
    for browser in browsers[:-1]:
        sign_in(browser)
    assert client.get("/").status_code == 200

    newest = browsers[-1]
    sign_in(newest)

    assert "最早的 1 个会话已结束" in newest.get(reverse("accounts:account_detail")).content.decode()
    assert [browser.get("/").status_code for browser in browsers] == [302] + [200] * most
    assert "这里的会话已结束" in client.get(reverse("account_login")).content.decode()
    entry = Entry.objects.get(action="accounts.session_ended")
    assert (entry.data["sessions"], entry.data["reason"]) == (1, "at_once")
    assert UserSession.objects.count() == most


def test_sessions_that_are_over_do_not_count(client: Client) -> None:
    member()
    for _ in range(policy_at(timezone.localdate()).sessions_at_once + 2):
        browser = Client()
        sign_in(browser)
        browser.post(reverse("account_logout"))

    sign_in(client)

    assert client.get("/").status_code == 200
    assert not Entry.objects.filter(action="accounts.session_ended").exists()
