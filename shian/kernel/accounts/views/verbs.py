"""What administrators do to an account; the sensitive ones ask for the own password or passkey again."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.kernel.accounts import actions
from shian.kernel.accounts.forms import ReasonForm, RoleForm, ValidityForm
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.permissions import ACCOUNT_MANAGE, confirms, requires
from shian.kernel.accounts.tables import user_url
from shian.kernel.accounts.views.users import crumbs, show_code
from shian.kernel.ui.pages import FormPage


@requires(ACCOUNT_MANAGE)
@require_POST
@confirms
def user_invite(request: HttpRequest, username: str) -> HttpResponse:
    user = get_object_or_404(User, username=username, is_active=True)
    code = actions.invite_user(user=user, by=request.user.get_username(), at=timezone.now())
    return show_code(request, user, code)


@requires(ACCOUNT_MANAGE)
@require_POST
def user_unlock(request: HttpRequest, username: str) -> HttpResponse:
    user, by = _both(request, username)
    actions.unlock_user(user=user, by=by, at=timezone.now())
    return _done(request, user, _("已解锁。"))


@requires(ACCOUNT_MANAGE)
@require_POST
def user_disconnect(request: HttpRequest, username: str) -> HttpResponse:
    user, by = _both(request, username)
    count = actions.end_all_sessions(user=user, by=by.username, at=timezone.now())
    return _done(request, user, _("已结束 %(count)s 个会话。") % {"count": count})


@requires(ACCOUNT_MANAGE)
@require_POST
@confirms
def user_reopen(request: HttpRequest, username: str) -> HttpResponse:
    user, by = _both(request, username)
    actions.reactivate_user(user=user, by=by, at=timezone.now())
    return _done(request, user, _("账号已重新启用。"))


@requires(ACCOUNT_MANAGE)
@confirms
def user_close(request: HttpRequest, username: str) -> HttpResponse:
    user, by = _both(request, username)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.deactivate_user(user=user, by=by, reason=form.cleaned_data["reason"], at=timezone.now())
        except (actions.OwnAccount, actions.LastAdministrator) as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, user, _("账号已停用。"))
    return _form(request, user, form, _("停用账号"), _("账号立即停用，已登录的会话全部结束；记录保留。"))


@requires(ACCOUNT_MANAGE)
@confirms
def user_reset(request: HttpRequest, username: str) -> HttpResponse:
    user, by = _both(request, username)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count = actions.reset_factors(user=user, by=by, reason=form.cleaned_data["reason"], at=timezone.now())
        return _done(request, user, _("已移除 %(count)s 项第二因素。") % {"count": count})
    told = _("移除通行密钥、验证器和恢复码，会话全部结束；本人下次用密码登录后重新添加。")
    return _form(request, user, form, _("重置第二因素"), told)


@requires(ACCOUNT_MANAGE)
@confirms
def user_role(request: HttpRequest, username: str) -> HttpResponse:
    user, by = _both(request, username)
    form = RoleForm(request.POST or None, initial={"role": user.role})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_role(user=user, role=Role(form.cleaned_data["role"]), by=by, at=timezone.now())
        except (actions.OwnAccount, actions.LastAdministrator, actions.EndMissing) as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, user, _("角色已更改。"))
    return _form(request, user, form, _("更改角色"), _("权限立即改变，已登录的会话全部结束。"))


@requires(ACCOUNT_MANAGE)
@confirms
def user_validity(request: HttpRequest, username: str) -> HttpResponse:
    user, by = _both(request, username)
    form = ValidityForm(request.POST or None, initial=_days(user))
    if request.method == "POST" and form.is_valid():
        begins, ends = form.moments()
        try:
            actions.set_validity(user=user, valid_from=begins, valid_to=ends, by=by, at=timezone.now())
        except (actions.LastAdministrator, actions.EndMissing) as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, user, _("使用期限已保存。"))
    return _form(request, user, form, _("使用期限"), _("到期后账号自动停用，已登录的会话同时结束。"))


def _both(request: HttpRequest, username: str) -> tuple[User, User]:
    """The account, and who does it."""
    by: Any = request.user
    return get_object_or_404(User, username=username), by


def _days(user: User) -> dict[str, Any]:
    """The first and the last day of use, from the stored moments."""
    last = timezone.localtime(user.valid_to - timedelta(microseconds=1)).date() if user.valid_to else None
    return {"valid_from": timezone.localtime(user.valid_from).date() if user.valid_from else None, "valid_to": last}


def _form(request: HttpRequest, user: User, form: forms.Form, title: str, consequence: str) -> HttpResponse:
    page = FormPage(
        title,
        form,
        _("确认"),
        intro=str(user),
        consequence=consequence,
        cancel_url=user_url(user.username),
        crumbs=crumbs(user),
        draft="accounts-verb",
    )
    return render(request, "ui/page_form.html", {"page": page})


def _done(request: HttpRequest, user: User, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect("accounts:user_detail", user.username)
