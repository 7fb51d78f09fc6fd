"""Hooks of allauth: no sign-up by oneself; the previous visit is remembered for "what changed since"."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators and activated by their owners."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        previous = user.last_login
        super().login(request, user)
        if previous:
            request.session["previous_visit"] = timezone.localtime(previous).date().isoformat()
