"""Authenticator app, recovery codes, what roles must have. Passkeys are tested in the browser."""

import base64
import hmac
import re
import struct
import time
from typing import Any
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.actions import reset_factors
from shian.kernel.accounts.cipher import decrypt, encrypt
from shian.kernel.accounts.models import Role
from shian.kernel.accounts.tests.entrance import PASSWORD, confirm, member, sign_in
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
MEMORY = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "factors"}}


def code_of(secret: str, step: int = 0) -> str:
    """What an authenticator app shows (RFC 6238), `step` periods from now."""
    counter = int(time.time()) // 30 + step
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def with_app(client: Client, role: Role = Role.OFFICE) -> str:
    """A signed-in member with an authenticator app; its secret."""
    member(role=role)
    sign_in(client)
    confirm(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'data-copy="([A-Z2-7]+)"', page)
    assert found
    client.post(reverse("mfa_activate_totp"), {"code": code_of(found.group(1))})
    return found.group(1)


def test_an_app_is_added_encrypted_and_sealed(client: Client) -> None:
    secret = with_app(client)

    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored
    assert decrypt(stored) == secret
    assert Entry.objects.filter(action="accounts.factor_added", actor="alice", data__type="totp").exists()


def test_with_an_app_the_password_alone_does_not_open(client: Client) -> None:
    secret = with_app(client)
    other = Client()

    assert sign_in(other)["Location"] == reverse("mfa_authenticate")
    assert other.get("/").status_code == 302
    assert "验证码不正确" in other.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert other.post(reverse("mfa_authenticate"), {"code": code_of(secret, 1)})["Location"] == "/"
    assert other.get(reverse("areas:area_list")).status_code == 200
    assert Entry.objects.filter(action="accounts.factor_refused").exists()
    assert Entry.objects.filter(action="accounts.signed_in", data__methods=["password", "mfa:totp"]).exists()


@override_settings(CACHES=MEMORY)
def test_a_code_works_once(client: Client) -> None:
    secret, answers = with_app(client), []
    code = code_of(secret, 1)
    for other in (Client(), Client()):
        sign_in(other)
        answers.append(other.post(reverse("mfa_authenticate"), {"code": code}).status_code)

    assert answers == [302, 200]


def test_recovery_codes_are_shown_once_and_each_opens_once(client: Client) -> None:
    with_app(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r"<code>(\w+)</code>", page)

    assert len(codes) == 10
    assert codes[0] not in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    answers = []
    for other in (Client(), Client()):
        sign_in(other)
        answers.append(other.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code)
    assert answers == [302, 200]
    assert Entry.objects.filter(action="accounts.recovery_code_used", actor="alice").count() == 1


def test_an_administrator_adds_a_second_factor_before_anything_else(client: Client) -> None:
    member(role=Role.SECURITY)
    sign_in(client)

    assert client.get(reverse("accounts:user_list"))["Location"] == reverse("mfa_index")
    confirm(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'data-copy="([A-Z2-7]+)"', page)
    assert secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret.group(1))})
    assert client.get(reverse("accounts:user_list")).status_code == 200


def test_an_administrator_keeps_the_last_second_factor(client: Client) -> None:
    with_app(client, Role.SECURITY)

    answer = client.post(reverse("mfa_deactivate_totp"))

    assert "不能移除最后一项" in answer.content.decode()
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_others_may_switch_the_app_off(client: Client) -> None:
    with_app(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    assert Entry.objects.filter(action="accounts.factor_removed", actor="alice").exists()


def test_a_reset_takes_all_factors_and_sessions_and_keeps_the_reason(client: Client) -> None:
    with_app(client)
    root = member("root", Role.SECURITY)
    user: Any = Authenticator.objects.first().user  # type: ignore[union-attr]

    assert reset_factors(user=user, by=root, reason="手机遗失，本人到场", at=timezone.now()) == 2

    assert client.get("/").status_code == 302
    assert sign_in(Client())["Location"] == "/"
    assert Entry.objects.get(action="accounts.factors_reset").data["reason"] == "手机遗失，本人到场"


def test_a_secret_opens_with_its_own_key_only() -> None:
    token = encrypt("JBSWY3DP")

    with override_settings(SECRET_KEY="another"), pytest.raises(InvalidToken):
        decrypt(token)
    from django.conf import settings

    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert decrypt(token) == "JBSWY3DP"


@pytest.mark.parametrize("name", ["mfa_index", "mfa_list_webauthn", "mfa_generate_recovery_codes", "mfa_add_webauthn"])
def test_pages_of_factors_are_ours_and_chinese(client: Client, name: str) -> None:
    with_app(client)

    body = client.get(reverse(name)).content.decode()

    assert 'class="sh-topbar"' in body
    assert not re.search(r">\s*(Add|Edit|Security|Generate|Recovery|Two-Factor)\b", body)


@override_settings(CACHES=MEMORY)
def test_guessing_codes_is_limited(client: Client) -> None:
    with_app(client)
    other = Client()
    sign_in(other)

    with patch("allauth.mfa.totp.internal.auth.validate_totp_code", return_value=False):
        for _ in range(12):
            answer = other.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert "过于频繁" in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
