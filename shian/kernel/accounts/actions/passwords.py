"""Setting, giving and replacing passwords."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from shian.kernel.accounts.actions.seals import seal_deed
from shian.kernel.accounts.actions.sessions import drop_sessions
from shian.kernel.accounts.models import UsedPassword, User
from shian.kernel.accounts.policy import policy_for
from shian.kernel.accounts.rules import activation_digest, new_activation_code, new_password


@transaction.atomic
def give_password(*, user: User, by: str, at: datetime) -> str:
    """Replace the password by a generated one and return it; ends the activation code.

    Where the policy says so, its owner must change it at the next sign-in.
    """
    password = new_password()
    _set_password(user, password, at, is_given=True)
    seal_deed(user, "password_generated", by, at)
    return password


@transaction.atomic
def give_demo_password(*, user: User, by: str, at: datetime) -> str:
    """Mark the account as one of a generated demo city and give it a password."""
    user.is_demo = True
    user.save(update_fields=["is_demo"])
    return give_password(user=user, by=by, at=at)


@transaction.atomic
def invite_user(*, user: User, by: str, at: datetime) -> str:
    """A new activation code; the former password and all sessions end."""
    code = new_activation_code()
    user.activation_digest = activation_digest(code)
    user.activation_expires_at = at + timedelta(days=policy_for(user).activation_days)
    user.set_unusable_password()
    user.save(update_fields=["activation_digest", "activation_expires_at", "password"])
    seal_deed(user, "user_invited", by, at, sessions=drop_sessions(user))
    return code


@transaction.atomic
def activate_user(*, user: User, password: str, at: datetime) -> None:
    """The user's own first password. Raises ValidationError for a weak one."""
    validate_password(password, user)
    _set_password(user, password, at)
    seal_deed(user, "user_activated", user.username, at)


@transaction.atomic
def change_password(*, user: User, password: str, at: datetime) -> None:
    """The user's own new password, which the form has checked already. Raises ValidationError for a weak one."""
    validate_password(password, user)
    _set_password(user, password, at)
    seal_deed(user, "password_changed", user.username, at)


def _set_password(user: User, password: str, at: datetime, *, is_given: bool = False) -> None:
    policy = policy_for(user)
    user.set_password(password)
    user.activation_digest = ""
    user.activation_expires_at = None
    user.password_changed_at = at
    user.must_change_password = is_given and policy.change_when_given
    user.save(
        update_fields=[
            "password", "activation_digest", "activation_expires_at", "password_changed_at", "must_change_password",
        ]
    )  # fmt: skip
    UsedPassword.objects.create(user=user, password=user.password, set_at=at)
    kept = UsedPassword.objects.filter(user=user).order_by("-set_at", "-pk").values("pk")[: max(policy.history, 1)]
    UsedPassword.objects.filter(user=user).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
