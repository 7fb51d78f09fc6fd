"""Accounts for the people of an operator: opened by the station, bound to one operator or several."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.actions.steps import seal_own
from shian.domains.selfcontrol.models import Duty, OperatorAccount
from shian.domains.selfcontrol.permissions import ACCOUNT_OPEN, acting
from shian.kernel.accounts.actions import create_user, end_all_sessions, give_demo_password
from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.walls import system_scope
from shian.registers.operators.models import Operator


@transaction.atomic
def open_operator_account(
    *, operator: Operator, name: str, duty: Duty, by: Any, at: datetime, username: str = ""
) -> tuple[User, str]:
    """A user of the role 生产经营者 bound to the operator, named after its code, and the one-time activation code.

    Raises PermissionDenied, OutOfReach; DutyRefused for an operator that is closed.
    """
    actor = acting(ACCOUNT_OPEN, by, operator)
    _refuse_closed(operator, timezone.localdate(at))
    with system_scope():  # names of accounts are unique, whoever asks
        Operator.objects.select_for_update().get(pk=operator.pk)
        number = User.objects.filter(username__startswith=f"{operator.code}-").count() + 1
    username = username or f"{operator.code}-{number}"
    user, code = create_user(username=username, display_name=name, role=Role.OPERATOR, by=actor, at=at)
    _bind(operator, user, duty, actor, at)
    return user, code


@transaction.atomic
def bind_account(*, operator: Operator, username: str, duty: Duty, by: Any, at: datetime) -> OperatorAccount:
    """The account of somebody who answers for another business already, bound to this one too.

    Raises PermissionDenied, OutOfReach; DutyRefused for a name that is no operator's account, or bound already.
    """
    actor = acting(ACCOUNT_OPEN, by, operator)
    _refuse_closed(operator, timezone.localdate(at))
    user = User.objects.filter(username=username, role=Role.OPERATOR, is_active=True).first()
    if user is None:
        raise DutyRefused(_("没有这个企业账号。"), "username")
    with system_scope():  # the other businesses may lie elsewhere
        if OperatorAccount.objects.filter(operator=operator, user=user, valid_to__isnull=True).exists():
            raise DutyRefused(_("这个账号已经绑定本主体。"), "username")
    return _bind(operator, user, duty, actor, at)


@transaction.atomic
def end_operator_account(*, account: OperatorAccount, by: Any, at: datetime) -> None:
    """The binding ends today; the sessions end too, so that nothing stays open. Raises PermissionDenied, OutOfReach."""
    actor = acting(ACCOUNT_OPEN, by, account.operator)
    account.valid_to = timezone.localdate(at)
    account.save(update_fields=["valid_to"])
    end_all_sessions(user=account.user, by=actor, at=at)
    told = {"username": account.user.username, "duty": account.duty}
    seal_own("account_ended", account.operator, actor, at, told)


@transaction.atomic
def create_demo_operator(*, code: str, username: str, by: str, at: datetime) -> list[dict[str, str]]:
    """An account to look around the portal of a demo city with; none when it exists, or the operator does not."""
    operator = Operator.objects.filter(code=code).first()
    if operator is None or User.objects.filter(username=username).exists():
        return []
    user, _code = open_operator_account(
        operator=operator, name=_("演示企业"), duty=Duty.PRINCIPAL, by=by, at=at, username=username
    )
    password = give_demo_password(user=user, by=by, at=at)
    return [{"username": username, "password": password, "title": f"{operator.name} {Duty.PRINCIPAL.label}"}]


def _bind(operator: Operator, user: User, duty: Duty, actor: str, at: datetime) -> OperatorAccount:
    with system_scope():  # the first binding is what lets anybody see it
        account = OperatorAccount.objects.create(
            operator=operator, user=user, duty=duty, valid_from=timezone.localdate(at), opened_by=actor
        )
    seal_own("account_opened", operator, actor, at, {"username": user.username, "duty": str(duty)})
    return account


def _refuse_closed(operator: Operator, day: date) -> None:
    if operator.closed_on is not None and operator.closed_on <= day:
        raise DutyRefused(_("主体已注销，不能开通账号。"))
