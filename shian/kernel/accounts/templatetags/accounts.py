"""Tags of the sign-in and account pages: {% load accounts %}."""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from django import template

from shian.kernel.accounts import identity, tables
from shian.kernel.accounts.models import User
from shian.kernel.accounts.queries import has_factor
from shian.kernel.ui.tables import Table

register = template.Library()


@register.simple_tag
def identity_service() -> identity.IdentityService | None:
    """The outside sign-in service, if there is one."""
    return identity.identity_service()


@register.simple_tag
def passkey_table(authenticators: Iterable[Any]) -> Table:
    """The user's passkeys with what can be done to them."""
    return tables.passkey_table(authenticators)


@register.filter
def has_passkey(user: User) -> bool:
    """Does a button for passkeys lead anywhere for this user?"""
    return has_factor(user, Authenticator.Type.WEBAUTHN)
