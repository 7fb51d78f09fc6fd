"""What every answer tells the browser; what settings of production hold; who may open connections to the outside."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from shian.config.home import PROJECT
from shian.config.urls import handler403, handler404, handler500  # noqa: F401 (Django reads them)
from shian.config.urls import urlpatterns as real
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.permissions import open_to_all
from tests.architecture.sources import application_files


@open_to_all
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


@open_to_all
def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("not for you")


urlpatterns = [path("broken/", broken), path("refused/", refused), *real]


@pytest.fixture
def answers(db: None, client: Client) -> dict[str, Any]:
    """One answer of each kind: page, redirect, static, refusals and mistakes."""
    client.raise_request_exception = False
    client.logger = None  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=__name__):
        found = {
            "redirect": client.get("/"),
            "sign-in": client.get("/account/login/"),
            "broken": client.get("/broken/"),
            "refused": client.get("/refused/"),
            "wrong host": client.get("/account/login/", headers={"host": "evil.example"}),
            "health": client.get("/health/live"),
        }
        client.force_login(User.objects.create(username="root", role=Role.ADMIN))
        return {**found, "missing": client.get("/no/such/page/"), "home": client.get("/"), "verb": client.put("/")}


def directives(policy: str) -> dict[str, set[str]]:
    return {name: set(values) for name, *values in (part.split() for part in policy.split(";"))}


def test_every_answer_carries_a_policy_without_inline_code(answers: dict[str, Any]) -> None:
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "redirect": 302, "sign-in": 200, "broken": 500, "refused": 403, "wrong host": 400, "health": 200,
        "missing": 404, "home": 200, "verb": answers["verb"].status_code,
    }  # fmt: skip
    for name, answer in answers.items():
        policy = directives(answer.headers["Content-Security-Policy"])
        assert policy["default-src"] == policy["script-src"] == policy["style-src"] == {"'self'"}, name
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == {"'none'"}, name
        assert "unsafe" not in answer.headers["Content-Security-Policy"], name


def test_every_answer_is_closed_to_other_sites(answers: dict[str, Any]) -> None:
    for name, answer in answers.items():
        told = answer.headers
        assert told["X-Content-Type-Options"] == "nosniff", name
        assert told["Referrer-Policy"] == told["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert told["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert "microphone=()" in told["Permissions-Policy"], name


def test_pages_of_a_session_are_not_kept_by_shared_caches(answers: dict[str, Any]) -> None:
    assert "private" in answers["home"].headers["Cache-Control"]


def test_no_page_of_an_error_tells_what_broke(answers: dict[str, Any]) -> None:
    assert "RuntimeError" not in answers["broken"].content.decode()


PRODUCTION = {
    "SHIAN_HTTPS": "1", "SHIAN_PROXIES": "1", "SHIAN_HOSTS": "shian.example",
    "SHIAN_SECRET_KEY": "k3-" * 20 + "aB9_xyz",
    "DATABASE_URL": "postgres://shian_web@127.0.0.1:9/shian", "DJANGO_SETTINGS_MODULE": "shian.config.settings",
}  # fmt: skip
TOLD = "DEBUG SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS"


def in_production(tmp_path: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHIAN_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, *command], cwd=PROJECT, text=True, capture_output=True, check=False,
        env={**kept, **PRODUCTION, "SHIAN_HOME": str(tmp_path), **more},
    )  # fmt: skip


def test_settings_of_production_pass_the_check_of_deployment(tmp_path: Path) -> None:
    found = in_production(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert found.returncode == 0, found.stderr


def test_behind_tls_cookies_stay_on_it_and_browsers_remember(tmp_path: Path) -> None:
    code = (
        "import json; from django.conf import settings as s; "
        f"print(json.dumps([*(getattr(s, n) for n in '{TOLD}'.split()), s.SECURE_PROXY_SSL_HEADER]))"
    )
    told = json.loads(in_production(tmp_path, "-c", code).stdout)

    assert told == [False, True, True, True, True, 365 * 24 * 3600, ["HTTP_X_FORWARDED_PROTO", "https"]]
    alone = json.loads(in_production(tmp_path, "-c", code, SHIAN_PROXIES="0").stdout)
    assert alone[4] is False, "with no proxy that it believes, a redirect would go in circles"
    assert alone[6] is None, "a header that anybody may send is not believed"


# Files that may open connections by themselves, each with its reason.
CONNECTING = {
    "kernel/files/outbound.py": "the one function for addresses that users name: public addresses only, pinned",
    "config/lifecycle.py": "asks its own web process on this machine whether it is up, and for a free port",
    "config/mqtt.py": "listens to the broker that whoever runs the server names in SHIAN_MQTT; no address of a user",
}
NETWORK = {
    "http",
    "urllib.request",
    "urllib3",
    "requests",
    "httpx",
    "aiohttp",
    "socket",
    "ftplib",
    "telnetlib",
    "asyncio",
}


def imported(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def connects(names: set[str]) -> bool:
    return any(name in NETWORK or name.partition(".")[0] in NETWORK - {"urllib.request"} for name in names)


def test_one_function_opens_connections_to_the_outside() -> None:
    package = PROJECT / "shian"
    found = {str(f.relative_to(package)) for f in application_files() if connects(imported(f))}

    assert found - set(CONNECTING) == set(), "fetch through kernel/files/outbound.py"
    assert set(CONNECTING) - found == set(), "a reason for a file that does not connect"


@pytest.mark.parametrize(
    "line", ["import requests", "from urllib import request", "from http.client import HTTPConnection"]
)
def test_a_file_that_connects_would_be_found(line: str, tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(line, encoding="utf-8")

    assert connects(imported(file))
