"""Reads of accounts."""

from datetime import datetime

from shian.kernel.accounts.models import User
from shian.kernel.accounts.rules import activation_digest


def user_awaiting_activation(username: str, code: str, at: datetime) -> User | None:
    """The user whose unexpired activation code this is, or None (which of the two was wrong is not told)."""
    return User.objects.filter(
        username=username,
        activation_digest=activation_digest(code),
        activation_expires_at__gt=at,
        is_active=True,
    ).first()
