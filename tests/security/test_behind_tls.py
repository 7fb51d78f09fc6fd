"""SHIAN_HTTPS=1 behind SHIAN_PROXIES proxies: nothing in the clear, cookies that stay on TLS, the client's own address.

The settings are those that a production process reads from its environment, not a copy of them.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from shian.kernel.accounts.tests.entrance import member, sign_in
from shian.kernel.notary.models import Entry
from tests.security.test_answers import in_production

pytestmark = pytest.mark.django_db
NAMES = (
    "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE LANGUAGE_COOKIE_SECURE SECURE_SSL_REDIRECT SECURE_REDIRECT_EXEMPT "
    "SECURE_PROXY_SSL_HEADER SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS ALLAUTH_TRUSTED_PROXY_COUNT "
    "USE_X_FORWARDED_HOST ACCOUNT_DEFAULT_HTTP_PROTOCOL MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"
)
CODE = (
    "import json; from django.conf import settings as s; "
    f"print(json.dumps({{n: getattr(s, n) for n in '{NAMES}'.split()}}))"
)
PROXY, CLIENT, FORGED = "10.0.0.2", "203.0.113.9", "198.51.100.7"
TLS = {"HTTP_X_FORWARDED_PROTO": "https", "REMOTE_ADDR": PROXY}
COUNTED = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tls"}}


@pytest.fixture(scope="module")
def settings_of(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The settings behind so many proxies, read once by a process of production each."""
    kept: dict[str, dict[str, Any]] = {}

    def read(proxies: str) -> dict[str, Any]:
        if proxies not in kept:
            folder: Path = tmp_path_factory.mktemp("home")
            told = in_production(folder, "-c", CODE, SHIAN_PROXIES=proxies)
            assert told.returncode == 0, told.stderr
            kept[proxies] = json.loads(told.stdout)
        return kept[proxies]

    return read


def address_of(answer_to: dict[str, Any], settings: dict[str, Any]) -> str:
    """The address that the log remembers of a sign-in."""
    member()
    with override_settings(**settings):
        assert sign_in(Client(), **answer_to).status_code == 302
    return str(Entry.objects.get(action="accounts.signed_in").data["ip"])


def test_a_request_in_the_clear_is_sent_to_tls(settings_of: Any) -> None:
    with override_settings(**settings_of("1")):
        answer = Client().get(f"{reverse('account_login')}?next=/", REMOTE_ADDR=PROXY)
        health = Client().get("/health/live", REMOTE_ADDR="127.0.0.1")

    assert (answer.status_code, answer["Location"]) == (301, f"https://testserver{reverse('account_login')}?next=/")
    assert health.status_code == 200, "what the machine asks itself"


def test_behind_tls_every_cookie_is_secure_and_the_browser_remembers(settings_of: Any) -> None:
    user = member()
    user.language, user.theme = "en", "dark"
    user.save()
    with override_settings(**settings_of("1")):
        client = Client()
        page = client.get(reverse("account_login"), **TLS)
        answer = sign_in(client, **TLS)

    cookies = {**page.cookies, **answer.cookies}
    assert {"sessionid", "csrftoken", "django_language", "shian_theme"} <= set(cookies)
    assert [name for name, cookie in cookies.items() if not cookie["secure"]] == []
    assert page["Strict-Transport-Security"] == f"max-age={365 * 24 * 3600}; includeSubDomains"


@pytest.mark.parametrize(
    ("proxies", "sent", "seen"),
    [
        ("1", f"{FORGED}, {CLIENT}", CLIENT),
        ("1", CLIENT, CLIENT),
        ("2", f"{FORGED}, {CLIENT}, {PROXY}", CLIENT),
        ("0", FORGED, PROXY),
    ],
)
def test_the_address_is_read_from_the_end_that_our_proxies_wrote(
    proxies: str, sent: str, seen: str, settings_of: Any
) -> None:
    told = {**TLS, "HTTP_X_FORWARDED_FOR": sent}

    assert address_of(told, settings_of(proxies)) == seen


def test_with_too_few_addresses_nobody_is_taken_for_somebody_else(settings_of: Any) -> None:
    member()
    told = {**TLS, "HTTP_X_FORWARDED_FOR": FORGED}

    with override_settings(**settings_of("2")):
        answer = sign_in(Client(), **told)

    assert answer.status_code == 400
    assert not Entry.objects.filter(action="accounts.signed_in").exists()


def test_a_forged_address_does_not_escape_the_limit(settings_of: Any) -> None:
    limits = {"login": "3/m/ip", "login_failed": "100/m/ip"}
    with override_settings(**settings_of("1"), CACHES=COUNTED, ACCOUNT_RATE_LIMITS=limits):
        answers = [
            sign_in(
                Client(), f"nobody{number}", "wrong", **TLS, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, {CLIENT}"
            ).status_code
            for number in range(4)
        ]

    assert answers == [200, 200, 200, 429]


@pytest.mark.parametrize(("proxies", "secure"), [("1", True), ("0", False)])
def test_the_scheme_that_a_stranger_claims_counts_only_behind_our_proxy(
    proxies: str, secure: bool, settings_of: Any
) -> None:
    with override_settings(**settings_of(proxies)):
        answer = Client().get(reverse("account_login"), **TLS)
        assert answer.wsgi_request.is_secure() is secure


def test_the_host_that_a_stranger_claims_is_not_believed(settings_of: Any) -> None:
    with override_settings(**settings_of("1")):
        answer = Client().get("/", HTTP_X_FORWARDED_HOST="evil.example", REMOTE_ADDR=PROXY)

    assert answer["Location"] == "https://testserver/"


def test_passkeys_want_tls(settings_of: Any) -> None:
    assert settings_of("1")["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is False
