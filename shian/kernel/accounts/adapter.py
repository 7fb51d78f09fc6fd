"""Hooks of allauth: no sign-up by oneself."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators and activated by their owners."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
