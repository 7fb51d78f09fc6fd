"""Policies and the decorators by which every view states its permission.

A policy takes a user and answers with a Verdict: allowed, and the reason that the page shows when not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from shian.kernel.accounts.models import WATCHERS, Role
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    reason: str = ""


Policy = Callable[[Any], Verdict]


def any_account(user: Any) -> Verdict:
    """Whoever is signed in, people of operators among them: the own account and what is sent to it."""
    return Verdict(bool(user.is_authenticated and user.is_active), _("请先登录。"))


def any_user(user: Any) -> Verdict:
    """Whoever is signed in and does the authorities' business; the rows are cut by scope."""
    role = getattr(user, "role", None)
    if role == Role.OPERATOR:
        return Verdict(False, _("此页面只对工作人员开放。"))
    if role in WATCHERS:
        return Verdict(False, _("安全管理员和审计管理员不办理业务，也不查看业务数据。"))
    return any_account(user)


def role_in(*roles: Role) -> Policy:
    """Users in one of these roles, and system administrators."""
    return _one_of(frozenset({*roles, Role.ADMIN}), roles or (Role.ADMIN,))


def only(*roles: Role) -> Policy:
    """Users in one of these roles, and nobody else."""
    return _one_of(frozenset(roles), roles)


def _one_of(allowed: frozenset[Role], named: tuple[Role, ...]) -> Policy:
    def policy(user: Any) -> Verdict:
        names = _("、").join(str(Role(role).label) for role in named)
        return Verdict(getattr(user, "role", None) in allowed, _("此操作只对%(roles)s开放。") % {"roles": names})

    return policy


ACCOUNT_MANAGE = only(Role.SECURITY)
LOG_AUDIT = only(Role.AUDITOR)


def check(policy: Policy, user: Any) -> None:
    """Raise PermissionDenied with the policy's reason unless it allows the user. Actions call this first."""
    verdict = policy(user)
    if not verdict.allowed:
        raise PermissionDenied(verdict.reason)


def acting(policy: Policy, by: Any, area_key: str | None = None) -> str:
    """The name under which an action is written, once its actor may take it.

    A user is held to the policy and, where an area is given, to the own reach; a text names a program (command line,
    worker, flow), which answers to nobody here. Raises PermissionDenied, OutOfReach.
    """
    if isinstance(by, str):
        return by
    check(policy, by)
    if area_key is not None and not reach_of(by).covers(area_key):
        raise OutOfReach(f"areas.area:{area_key}")
    return str(by.get_username())


def requires(policy: Policy) -> Callable[[View[P]], View[P]]:
    """State a view's permission; the architecture tests refuse a view without one."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            check(policy, request.user)
            return view(request, *args, **kwargs)

        guarded.stated_permission = policy  # type: ignore[attr-defined]
        return cast("View[P]", guarded)

    return decorate


def confirm_first(request: HttpRequest) -> None:
    """Raise allauth's ReauthenticationRequired, which leads to the page that asks for the own password, code or passkey
    and back, unless that was done minutes ago (`reauthentication_minutes` of the dated policy)."""
    raise_if_reauthentication_required(request, app="shian.kernel.accounts")


def confirms(view: View[P]) -> View[P]:
    """Ask for the own password, code or passkey once more before a POST, unless that was done minutes ago."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST":
            confirm_first(request)
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


def open_to_all(view: View[P]) -> View[P]:
    """State that a view needs no sign-in (log-in, activation, public pages)."""
    opened: View[P] = login_not_required(view)
    opened.stated_permission = None  # type: ignore[attr-defined]
    return opened
