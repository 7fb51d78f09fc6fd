"""What the environment says about an outside sign-in service; read by settings, so it knows no Django."""

from collections.abc import Mapping
from typing import Any


def identity_service(environment: Mapping[str, str]) -> dict[str, Any]:
    """The one outside sign-in service (the province's unified identity, say), from the environment; {} without one."""
    server = environment.get("SHIAN_OIDC_SERVER", "")
    if not server:
        return {}
    app = {
        "provider_id": "identity",
        "name": environment.get("SHIAN_OIDC_NAME", "统一身份认证"),
        "client_id": environment["SHIAN_OIDC_CLIENT_ID"],
        "secret": environment["SHIAN_OIDC_CLIENT_SECRET"],
        "settings": {
            "server_url": server,
            "oauth_pkce_enabled": True,
            "username_claim": environment.get("SHIAN_OIDC_CLAIM", "preferred_username"),
            # Where the sign-in form may lead, when that is another origin than the server's.
            "form_origin": environment.get("SHIAN_OIDC_ORIGIN", ""),
        },
    }
    return {"openid_connect": {"APPS": [app]}}
