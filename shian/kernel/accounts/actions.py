"""Verbs of accounts. Passwords and codes are returned once and never sealed or stored in the clear."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.rules import (
    activation_digest,
    activation_expiry,
    new_activation_code,
    new_password,
)
from shian.kernel.notary.actions import seal


class UsernameTaken(ValueError):
    """An account of this name exists already."""


class UsernameUnusable(ValueError):
    """Nobody could sign in with this name: it is empty or has characters beyond letters, digits and @.+-_."""


@transaction.atomic
def create_user(*, username: str, display_name: str, role: Role, by: str, at: datetime) -> tuple[User, str]:
    """An account without a usable password, and its one-time activation code.

    Raises UsernameTaken, UsernameUnusable.
    """
    try:
        User._meta.get_field("username").run_validators(username)
    except ValidationError:
        raise UsernameUnusable(username) from None
    if not username:
        raise UsernameUnusable(username)
    if User.objects.filter(username=username).exists():
        raise UsernameTaken(username)
    code = new_activation_code()
    user = User(
        username=username,
        display_name=display_name,
        role=role,
        activation_digest=activation_digest(code),
        activation_expires_at=activation_expiry(at),
    )
    user.set_unusable_password()
    user.save()
    _seal(user, "accounts.user_created", by, at)
    return user, code


@transaction.atomic
def create_admin(*, username: str, by: str, at: datetime) -> tuple[User, str]:
    """A system administrator with a generated password, shown once. Raises UsernameTaken."""
    user, _ = create_user(username=username, display_name=username, role=Role.ADMIN, by=by, at=at)
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    return user, give_password(user=user, by=by, at=at)


@transaction.atomic
def give_password(*, user: User, by: str, at: datetime) -> str:
    """Replace the password by a generated one and return it; ends the activation code."""
    password = new_password()
    _set_password(user, password)
    _seal(user, "accounts.password_generated", by, at)
    return password


@transaction.atomic
def activate_user(*, user: User, password: str, at: datetime) -> None:
    """The user's own first password. Raises ValidationError for a weak one."""
    validate_password(password, user)
    _set_password(user, password)
    _seal(user, "accounts.user_activated", user.username, at)


def _set_password(user: User, password: str) -> None:
    user.set_password(password)
    user.activation_digest = ""
    user.activation_expires_at = None
    user.save(update_fields=["password", "activation_digest", "activation_expires_at"])


def _seal(user: User, action: str, by: str, at: datetime) -> None:
    seal(action=action, by=by, subject=f"accounts.user:{user.username}", data={"role": user.role}, at=at)
