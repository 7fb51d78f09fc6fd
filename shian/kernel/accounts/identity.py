"""The outside sign-in service: where its form may lead, and what the sign-in page shows of it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from shian.kernel.ui.middleware import POLICY


@dataclass(frozen=True)
class IdentityService:
    """Name and address of the button on the sign-in page."""

    name: str
    url: str


def identity_service() -> IdentityService | None:
    """The service that settings name, if any."""
    app = _app()
    if app is None:
        return None
    return IdentityService(app["name"], reverse("openid_connect_login", args=[app["provider_id"]]))


def policy_for_sign_in() -> str:
    """The content security policy of the sign-in page: its form may lead on to the service (browsers check
    redirects of forms too)."""
    app = _app()
    if app is None:
        return POLICY
    told = app["settings"]
    server = urlsplit(told.get("form_origin") or told["server_url"])
    return POLICY.replace("form-action 'self'", f"form-action 'self' {server.scheme}://{server.netloc}")


def _app() -> dict[str, Any] | None:
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return apps[0] if apps else None
