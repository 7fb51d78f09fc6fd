"""What an administrator takes away from an account: second factors, a lock."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django.db import transaction

from shian.kernel.accounts.actions.seals import seal_deed
from shian.kernel.accounts.actions.sessions import drop_sessions
from shian.kernel.accounts.models import User


@transaction.atomic
def reset_factors(*, user: User, by: User, reason: str, at: datetime) -> int:
    """Remove passkeys, authenticator app and recovery codes (lost phone); the sessions end. How many were removed."""
    count = int(Authenticator.objects.filter(user=user).delete()[0])
    seal_deed(user, "factors_reset", by.username, at, reason=reason, factors=count, sessions=drop_sessions(user))
    return count


@transaction.atomic
def unlock_user(*, user: User, by: User, at: datetime) -> None:
    """Forget the wrong passwords of this name, so that its owner may try again."""
    count = AxesProxyHandler.reset_attempts(username=user.username)
    seal_deed(user, "user_unlocked", by.username, at, attempts=count)
