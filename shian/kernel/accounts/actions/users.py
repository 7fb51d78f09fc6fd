"""Making, closing and changing accounts."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from shian.kernel.accounts.actions.seals import seal_deed
from shian.kernel.accounts.actions.sessions import drop_sessions
from shian.kernel.accounts.models import ADMINISTRATORS, Role, User
from shian.kernel.accounts.policy import policy_for
from shian.kernel.accounts.queries import is_last_administrator
from shian.kernel.accounts.rules import activation_digest, new_activation_code
from shian.kernel.ui.actors import is_system_actor


class UsernameTaken(ValueError):
    """An account of this name exists already."""


class UsernameUnusable(ValueError):
    """Nobody could sign in with this name: it is empty or has characters beyond letters, digits and @.+-_."""


class OwnAccount(ValueError):
    """Nobody closes the own account or changes the own role."""

    def __init__(self) -> None:
        super().__init__(_("不能停用本人账号，也不能更改本人角色。请由另一位管理员办理。"))


class EndMissing(ValueError):
    """An assessor is a guest: the account has a last day."""

    def __init__(self) -> None:
        super().__init__(_("评估人员使用临时账号，须有停用日期。"))


class LastAdministrator(ValueError):
    """Nobody would be left to do this administrator's part."""

    def __init__(self, role: Role) -> None:
        super().__init__(_("这是最后一个可用的%(role)s账号。请先建立另一个。") % {"role": role.label})


@transaction.atomic
def create_user(
    *,
    username: str,
    display_name: str,
    role: Role,
    by: str,
    at: datetime,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> tuple[User, str]:
    """An account without a usable password, and its one-time activation code.

    With `valid_to` it is a temporary account, which ends by itself. Raises UsernameTaken, UsernameUnusable, EndMissing.
    """
    _refuse_unusable(username)
    _refuse_endless(role, valid_to)
    if User.objects.filter(username=username).exists():
        raise UsernameTaken(username)
    code = new_activation_code()
    user = User(
        username=username,
        display_name=display_name,
        role=role,
        is_staff=role == Role.ADMIN,
        is_superuser=role == Role.ADMIN,
        valid_from=valid_from,
        valid_to=valid_to,
        activation_digest=activation_digest(code),
        activation_expires_at=at + timedelta(days=policy_for().activation_days),
    )
    user.set_unusable_password()
    user.save()
    seal_deed(user, "user_created", by, at, valid_from=valid_from, valid_to=valid_to)
    return user, code


@transaction.atomic
def create_admin(*, username: str, role: Role = Role.SECURITY, by: str, at: datetime) -> tuple[User, str]:
    """One of the three administrators without a password, and the one-time activation code: the security
    administrator opens all other accounts.

    Raises UsernameTaken, UsernameUnusable, and ValueError for a role that administers nothing.
    """
    if role not in ADMINISTRATORS:
        raise ValueError(role)
    return create_user(username=username, display_name=username, role=role, by=by, at=at)


@transaction.atomic
def deactivate_user(*, user: User, by: User, reason: str, at: datetime) -> None:
    """Close the account and end its sessions at once. Raises OwnAccount, LastAdministrator."""
    _refuse_own_or_last(user, by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    seal_deed(user, "user_deactivated", by.username, at, reason=reason, sessions=drop_sessions(user))


@transaction.atomic
def reactivate_user(*, user: User, by: User, at: datetime) -> None:
    """Open a closed account again; its password and second factors are as they were."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    seal_deed(user, "user_reactivated", by.username, at)


@transaction.atomic
def change_role(*, user: User, role: Role, by: User, at: datetime) -> None:
    """Another role; the sessions end, because rights have changed. Raises OwnAccount, LastAdministrator, EndMissing."""
    _refuse_own_or_last(user, by)
    _refuse_endless(role, user.valid_to)
    former, user.role = user.role, role
    user.is_staff = user.is_superuser = role == Role.ADMIN
    user.save(update_fields=["role", "is_staff", "is_superuser"])
    seal_deed(user, "role_changed", by.username, at, former=former, sessions=drop_sessions(user))


@transaction.atomic
def set_validity(*, user: User, valid_from: datetime | None, valid_to: datetime | None, by: User, at: datetime) -> None:
    """From when to when the account may be used. Raises EndMissing, LastAdministrator when that would end the last."""
    _refuse_endless(user.role, valid_to)
    if valid_to is not None and is_last_administrator(user):
        raise LastAdministrator(Role(user.role))
    user.valid_from, user.valid_to = valid_from, valid_to
    user.save(update_fields=["valid_from", "valid_to"])
    seal_deed(user, "validity_set", by.username, at, valid_from=valid_from, valid_to=valid_to)


def _refuse_unusable(username: str) -> None:
    try:
        User._meta.get_field("username").run_validators(username)
    except ValidationError:
        raise UsernameUnusable(username) from None
    if not username or is_system_actor(username):
        raise UsernameUnusable(username)


def _refuse_endless(role: str, valid_to: datetime | None) -> None:
    if role == Role.ASSESSOR and valid_to is None:
        raise EndMissing


def _refuse_own_or_last(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise OwnAccount
    if is_last_administrator(user):
        raise LastAdministrator(Role(user.role))
