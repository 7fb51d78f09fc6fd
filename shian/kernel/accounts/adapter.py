"""Hooks of allauth: nobody signs up; sign-ins are sealed; messages are ours; outside identities meet known accounts."""

from datetime import datetime
from functools import partial
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.accounts import actions
from shian.kernel.accounts.cipher import decrypt, encrypt
from shian.kernel.accounts.displaced import remember_displaced
from shian.kernel.accounts.locks import client_ip
from shian.kernel.accounts.models import User
from shian.kernel.accounts.policy import policy_for
from shian.kernel.accounts.queries import factors_of, user_of_identity
from shian.kernel.accounts.rules import Standing, device_name, is_idle

THEME_COOKIE, YEAR = "shian_theme", 365 * 24 * 3600


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators and activated by their owners."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("用户名或密码不正确。"),
        "too_many_login_attempts": gettext_lazy("登录尝试过于频繁，请稍后再试。"),
        "rate_limited": gettext_lazy("操作过于频繁，请稍后再试。"),
        "incorrect_password": gettext_lazy("密码不正确。"),
        "enter_current_password": gettext_lazy("当前密码不正确。"),
        "incorrect_code": gettext_lazy("验证码不正确，或已经用过。请等待下一个验证码。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """An account that is closed, not yet open or over is told so, after its password was right."""
        if user.standing_at(timezone.now()) != Standing.OPEN:
            clear_login(request)
            return cast("HttpResponse", self.respond_user_inactive(request, user))
        return cast("HttpResponse | None", super().pre_login(request, user, **kwargs))

    def get_client_ip(self, request: HttpRequest) -> str:
        """What limits and the list of sessions go by."""
        return client_ip(request)

    def login(self, request: HttpRequest, user: Any) -> None:
        previous, at = user.last_login, timezone.now()
        actions.sign_in(
            user=user,
            log_in=partial(super().login, request, user),
            methods=[_method(record) for record in get_authentication_records(request, user)],
            ip=client_ip(request),
            device=device_name(self.get_http_user_agent(request)),
            at=at,
        )
        _end_oldest(request, user, at)
        request.session["began_at"] = request.session["seen_at"] = at.timestamp()
        if previous:
            request.session["previous_visit"] = timezone.localtime(previous).date().isoformat()

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        set_preferences(response, user)
        return response

    def set_password(self, user: Any, password: str) -> None:
        actions.change_password(user=user, password=password, at=timezone.now())

    def is_safe_url(self, url: str) -> bool:
        """Only this very host: an address in `next` never leads elsewhere."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether the user has not said again who he is for longer than the policy of today allows."""
        request = context.request
        told = [each["at"] for each in get_authentication_records(request, request.user) if each.get("reauthenticated")]
        return not told or is_idle(
            told[-1], policy_for(request.user).reauthentication_minutes, timezone.now().timestamp()
        )

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        told = {
            "reauthenticate": _("用密码确认"),
            "mfa_reauthenticate": _("用验证码或恢复码确认"),
            "mfa_reauthenticate:webauthn": _("用通行密钥确认"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": told[method["id"]]} for method in methods]

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail leaves from here; what happens to an account stands in the log."""


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: secrets are stored encrypted, passkeys have Chinese names."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": gettext_lazy("您的角色须使用第二因素，不能移除最后一项。请先添加另一项。"),
        "cannot_generate_recovery_codes": gettext_lazy("请先添加通行密钥或验证器，再生成恢复码。"),
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return _("通行密钥")

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Whose role needs a second factor keeps at least one."""
        needed = authenticator.user.role in policy_for(authenticator.user).second_factor_roles
        return not needed or factors_of(authenticator.user).exclude(pk=authenticator.pk).exists()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": str(settings.MFA_TOTP_ISSUER)}

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """See AccountAdapter."""


class IdentityAdapter(DefaultSocialAccountAdapter):
    """The outside sign-in service opens existing and invited accounts only; it never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie an identity, when it first comes, to the account of the name that it claims."""
        if sociallogin.state.get("process") not in {None, AuthProcess.LOGIN}:
            raise ImmediateHttpResponse(_unknown(request, 403))
        if sociallogin.is_existing:
            return
        user = user_of_identity(_claimed_name(sociallogin))
        if user is None:
            raise ImmediateHttpResponse(_unknown(request, 403))
        actions.link_identity(
            user=user,
            connect=partial(sociallogin.connect, request, user),
            provider=sociallogin.account.provider,
            identity=sociallogin.account.uid,
            at=timezone.now(),
        )

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """See AccountAdapter."""


def _end_oldest(request: HttpRequest, user: User, at: datetime) -> None:
    """One session too many: the oldest end, and both sides are told."""
    ended = actions.end_oldest_sessions(user=user, current_key=request.session.session_key or "", at=at)
    remember_displaced(ended)
    if ended:
        told = _("同一账号最多同时登录 %(most)s 处：最早的 %(count)s 个会话已结束。如非本人登录，请立即修改密码。")
        messages.warning(request, told % {"most": policy_for(user).sessions_at_once, "count": len(ended)})


def set_preferences(response: HttpResponse, user: User) -> None:
    """Language and look of the account, as cookies of this browser."""
    if user.language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    if user.theme:
        response.set_cookie(
            THEME_COOKIE, user.theme, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )


def _method(record: dict[str, Any]) -> str:
    """password, mfa:totp, mfa:webauthn, socialaccount: as allauth recorded it."""
    kind = record.get("type")
    return f"{record['method']}:{kind}" if kind else str(record["method"])


def _claimed_name(sociallogin: Any) -> str:
    """The user name among the claims, under the key that the settings name."""
    data = sociallogin.account.extra_data
    claims = {**data.get("id_token", {}), **data.get("userinfo", {})} or data
    app = sociallogin.account.get_provider().app
    return str(claims.get(app.settings.get("username_claim", "preferred_username")) or "")


def _unknown(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "accounts/identity_unknown.html", status=status)
