"""A small OpenID provider on this machine: discovery, authorisation code with PKCE, tokens signed with RS256, claims.

It follows OpenID Connect Core 1.0 and RFC 7636 as far as a client can tell; its one user consents at once.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from shian.kernel.accounts.environment import identity_service

CLIENT, SECRET = "shian", secrets.token_urlsafe(16)


@dataclass
class Provider:
    """The running provider; `claims` is who signs in, `refuses` makes it answer with an error instead."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    refuses: bool = False
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent: back with a code, or with an error."""
        if query.get("client_id") != CLIENT or query.get("code_challenge_method") != "S256":
            return f"{query['redirect_uri']}?{urlencode({'error': 'invalid_request', 'state': query['state']})}"
        if self.refuses:
            return f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': query['state']})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Tokens for a code, once, for whoever holds the client's secret and the code's verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        if asked is None or challenge != asked["code_challenge"] or [unquote(g) for g in given] != [CLIENT, SECRET]:
            return None
        now, access = int(time.time()), secrets.token_urlsafe(16)
        self.tokens.add(access)
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 60, **self.claims}
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": signed}

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}


def handler_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if parts.path == "/authorize":
                query = {key: values[0] for key, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.end_headers()
            elif parts.path == "/userinfo":
                known = self.headers.get("Authorization", "").removeprefix("Bearer ") in provider.tokens
                self._say(provider.claims if known else None, 401)
            elif parts.path == "/jwks":
                self._say(provider.keys())
            else:
                self._say(provider.configuration() if parts.path.endswith("/openid-configuration") else None, 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {key: values[0] for key, values in parse_qs(body).items()}
            provider.asked.append(self.path)
            self._say(provider.token(form, self.headers.get("Authorization", "")), 400)

        def _say(self, told: Any, otherwise: int = 500) -> None:
            content = json.dumps(told if told is not None else {"error": "refused"}).encode()
            self.send_response(200 if told is not None else otherwise)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    return Handler


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider on a free port of this machine."""
    provider = Provider()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_of(provider)) as server:
        provider.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()


def settings_for(provider: Provider) -> dict[str, Any]:
    """SOCIALACCOUNT_PROVIDERS as settings_accounts builds it from the environment."""
    return identity_service(
        {
            "SHIAN_OIDC_SERVER": provider.address,
            "SHIAN_OIDC_CLIENT_ID": CLIENT,
            "SHIAN_OIDC_CLIENT_SECRET": SECRET,
            "SHIAN_OIDC_NAME": "省统一身份认证",
        }
    )
