"""Making and revoking tokens; a request that comes in by one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from shian.kernel.accounts.permissions import check
from shian.kernel.api.models import Token
from shian.kernel.api.permissions import TOKEN_MANAGE
from shian.kernel.api.registry import all_scopes
from shian.kernel.api.rules import LIFETIMES, minute_of, new_token, token_digest
from shian.kernel.notary.actions import seal

HINT = 10
# One statement finds the token, counts the request in its minute and notes the use. It runs outside the request's
# transaction, so that a refused request counts too and nobody waits for a long one.
ENTER = """
UPDATE api_token SET last_used_at = %(at)s, minute = %(minute)s,
       spent = CASE WHEN minute = %(minute)s THEN spent + 1 ELSE 1 END
 WHERE digest = %(digest)s AND revoked_at IS NULL AND expires_at > %(at)s
RETURNING id, owner_id, scopes, spent
"""


class NoScope(ValueError):
    """A token without a scope, or with one that does not exist, is of no use."""


@dataclass(frozen=True)
class Entered:
    """A request's token. `spent` counts the requests of this minute, this one included."""

    token: int
    owner: int
    scopes: frozenset[str]
    spent: int


@transaction.atomic
def create_token(*, owner: Any, name: str, scopes: Collection[str], days: int, at: datetime) -> tuple[Token, str]:
    """A new token and its key, which is shown once and kept nowhere.

    Raises PermissionDenied; NoScope; ValueError for another lifetime than rules.LIFETIMES.
    """
    check(TOKEN_MANAGE, owner)
    if not scopes or set(scopes) - set(all_scopes()):
        raise NoScope(_("请至少选择一项权限范围。"))
    if days not in LIFETIMES:
        raise ValueError(days)
    key = new_token()
    token = Token.objects.create(
        owner=owner,
        name=name,
        digest=token_digest(key),
        hint=key[:HINT],
        scopes=sorted(scopes),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    _seal(token, "api.token_created", owner.get_username(), at)
    return token, key


@transaction.atomic
def revoke_token(*, number: int, by: Any, at: datetime) -> Token:
    """End one of the user's own tokens; a second time changes nothing. Raises PermissionDenied, Http404."""
    check(TOKEN_MANAGE, by)
    token = Token.objects.visible_to(by).select_for_update().filter(pk=number).first()
    if token is None:
        raise Http404(number)
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = at, by.get_username()
        token.save(update_fields=["revoked_at", "revoked_by"])
        _seal(token, "api.token_revoked", by.get_username(), at)
    return token


def enter(*, key: str, at: datetime) -> Entered | None:
    """Let a request in by its key; None for a key that is unknown, revoked or expired."""
    with connection.cursor() as cursor:
        cursor.execute(ENTER, {"digest": token_digest(key), "at": at, "minute": minute_of(at)})
        row = cursor.fetchone()
    return Entered(row[0], row[1], frozenset(row[2]), row[3]) if row else None


def _seal(token: Token, action: str, by: str, at: datetime) -> None:
    data = {"name": token.name, "scopes": token.scopes, "expires_at": token.expires_at, "hint": token.hint}
    seal(action=action, by=by, subject=f"api.token:{token.pk}", data=data, at=at)
