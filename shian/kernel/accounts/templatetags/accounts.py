"""Tags of the sign-in and account pages: {% load accounts %}."""

from collections.abc import Iterable
from typing import Any

from django import template

from shian.kernel.accounts import identity, tables
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
