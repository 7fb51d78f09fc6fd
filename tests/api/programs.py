"""A program that calls the interface with a token of its owner."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from shian.kernel.accounts.models import User
from shian.kernel.api.actions import create_token
from shian.kernel.api.registry import all_scopes

BASE = "/api/v1"


def token_for(user: User, *scopes: str, days: int = 30) -> str:
    """The key of a new token; every scope when none is named."""
    _token, key = create_token(
        owner=user, name="程序", scopes=scopes or tuple(all_scopes()), days=days, at=timezone.now()
    )
    return key


class Program:
    """get and post as JSON, with the token and, for writes, a new idempotency key."""

    def __init__(self, key: str, language: str = "zh-hans") -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}

    def get(self, path: str, params: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(f"{BASE}{path}", params, headers={**self.headers, **named})

    def post(self, path: str, body: Any = None, *, key: str = "", form: dict[str, Any] | None = None) -> Any:
        headers = {**self.headers, "Idempotency-Key": key or f"key-{uuid4()}"}
        if form is not None:
            return self.client.post(f"{BASE}{path}", form, headers=headers)
        content = json.dumps({} if body is None else body)
        return self.client.post(f"{BASE}{path}", content, content_type="application/json", headers=headers)


def program_of(user: User, *scopes: str, language: str = "zh-hans") -> Program:
    """A program with a new token of the user."""
    return Program(token_for(user, *scopes), language)
