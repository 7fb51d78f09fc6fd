"""Every page asks for a sign-in unless its view says otherwise; a session ends when its time is over, and its owner's
duties (a password to change, a second factor to add) come before any other page."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.i18n import set_language

from shian.kernel.accounts import actions
from shian.kernel.accounts.displaced import was_displaced
from shian.kernel.accounts.identity import policy_for_sign_in
from shian.kernel.accounts.models import Role
from shian.kernel.accounts.policy import policy_for
from shian.kernel.accounts.queries import has_second_factor
from shian.kernel.accounts.rules import Standing, is_idle, is_too_old

NOTED_EVERY = 60  # seconds: how exactly a session knows when it was last used
# What an assessor may send: only what concerns the own sign-in (allauth's own pages among it), nothing of the city's.
OWN_SIGN_IN = {"set_language", "accounts:preferences_save", "accounts:sessions_end", "accounts:session_end"}
OF_THE_LIBRARY = ("account_", "mfa_")
BEFORE_DUTIES = {"set_language", "account_logout", "accounts:account_detail"}


class LoginRequiredMiddleware(DjangoLoginRequired):
    """As Django's own, with the language switch open: it stands on the sign-in page too. Who comes back after another
    sign-in ended the session is told so."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if view_func is set_language:
            return None
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None and was_displaced(request):
            told = _("您的账号在别处登录，同时登录数超过上限，这里的会话已结束。如非本人登录，请立即修改密码。")
            messages.warning(request, told)
        return answer


class SessionRulesMiddleware:
    """Ends sessions that are idle, too old or of an account that is over; sends their owners to their duties first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SOCIALACCOUNT_PROVIDERS and request.path.startswith(reverse("account_login")):
            response.headers["Content-Security-Policy"] = policy_for_sign_in()
        return response

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not request.user.is_authenticated:
            return None
        if reason := _why_over(request):
            return _expire(request, reason)
        _note(request)
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in BEFORE_DUTIES or name.startswith("mfa_"):
            return None
        if duty := _duty(request):
            told, where = duty
            if name in {where, "account_reauthenticate"}:
                return None
            messages.warning(request, told)
            return _sent(request, redirect(where))
        return None


class ReadOnlyMiddleware:
    """Assessors read and change nothing, whatever the policy of a page says; below the ones that know the user, a
    program's token included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> None:
        if getattr(request.user, "role", "") != Role.ASSESSOR or request.method in {"GET", "HEAD", "OPTIONS"}:
            return
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name not in OWN_SIGN_IN and not name.startswith(OF_THE_LIBRARY):
            raise PermissionDenied(_("评估账号只读，不能提交或更改任何内容。"))


def _why_over(request: HttpRequest) -> str:
    """ "" while the session may go on; else a word of the log: inactive, not_yet, ended, idle, age."""
    user: Any = request.user
    now, policy = timezone.now(), policy_for(user)
    standing = user.standing_at(now)
    if standing != Standing.OPEN:
        return str(standing)
    seen_at, began_at = request.session.get("seen_at"), request.session.get("began_at")
    if seen_at is not None and is_idle(seen_at, policy.idle_minutes, now.timestamp()):
        return "idle"
    if began_at is not None and is_idle(began_at, policy.session_hours * 60, now.timestamp()):
        return "age"
    return ""


def _expire(request: HttpRequest, reason: str) -> HttpResponseBase:
    user: Any = request.user
    actions.expire_session(user=user, close=partial(logout, request), reason=reason, at=timezone.now())
    told = {
        "idle": _("长时间没有操作，已自动退出。请重新登录。"),
        "age": _("本次登录时间已满，请重新登录。"),
        "ended": _("账号的使用期限已到，已自动退出。"),
    }
    messages.warning(request, told.get(reason, _("账号已停用，已自动退出。")))
    return _sent(request, redirect_to_login(request.get_full_path(), settings.LOGIN_URL))


def _note(request: HttpRequest) -> None:
    """Remember that the session is in use, at most once a minute."""
    now = timezone.now()
    seen_at = request.session.get("seen_at")
    if seen_at is None or now.timestamp() - seen_at < NOTED_EVERY:
        return
    request.session["seen_at"] = now.timestamp()
    if request.session.session_key:
        actions.note_activity(session_key=request.session.session_key, at=now)


def _duty(request: HttpRequest) -> tuple[str, str] | None:
    """What the owner must do first, and where. A session that no sign-in began (a test's) has no duties."""
    user: Any = request.user
    if "began_at" not in request.session:
        return None
    policy = policy_for(user)
    if user.has_usable_password():
        if user.must_change_password:
            return _("首次登录请先修改密码。"), "account_change_password"
        if is_too_old(user.password_changed_at, policy.max_age_days, timezone.now()):
            return _("密码使用已满 %(days)s 天，请先修改。") % {"days": policy.max_age_days}, "account_change_password"
    if user.role in policy.second_factor_roles and not request.session.get("has_second_factor"):
        if not has_second_factor(user):
            return _("您的角色须使用第二因素登录。请先添加通行密钥或验证器。"), "mfa_index"
        request.session["has_second_factor"] = True
    return None


def _sent(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """For htmx the whole page moves, not the fragment that it asked for."""
    if getattr(request, "htmx", None):
        return HttpResponse(headers={"HX-Redirect": response.headers["Location"]})
    return response
