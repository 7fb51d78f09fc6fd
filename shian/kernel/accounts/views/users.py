"""账号管理: the administrators' list, one account with its log, a new account."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.accounts import actions
from shian.kernel.accounts.actions.seals import subject_of
from shian.kernel.accounts.deeds import deed_word
from shian.kernel.accounts.forms import UserForm
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.permissions import ACCOUNT_MANAGE, confirms, requires
from shian.kernel.accounts.queries import held_posts, locked_until, users_matching
from shian.kernel.accounts.tables import USERS, account_notes, state_of_user, user_row, user_sections, user_url
from shian.kernel.notary.queries import entries_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FieldGroup, FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Filter, FilterBar, Option, TimelineEntry
from shian.kernel.ui.tables import Empty, ListQuery, Table

SHOWN_ENTRIES = 50


def crumbs(user: User | None = None) -> list[Crumb]:
    """The way back to the list, and to the account."""
    way = [Crumb(_("账号管理"), reverse("accounts:user_list"))]
    return [*way, Crumb(user.username, user_url(user.username))] if user else way


@requires(ACCOUNT_MANAGE)
def user_list(request: HttpRequest) -> HttpResponse:
    now, params = timezone.now(), request.GET
    text, role, state = params.get("q", "").strip(), params.get("role", ""), params.get("state", "")
    query = ListQuery.read(params, USERS, default_sort="username")
    page = keyset_page(users_matching(text, role, state, now), query)
    rows = [user_row(user, locked_until(user.username, now), now) for user in page.items]
    states = {
        "open": _("在用"), "waiting": _("待激活"), "locked": _("已锁定"), "inactive": _("已停用"), "ended": _("已到期"),
    }  # fmt: skip
    filters = [
        Filter("q", _("搜索"), "search", value=text, placeholder=_("用户名或姓名")),
        Filter("role", _("角色"), options=[Option(v, label) for v, label in Role.choices], value=role),
        Filter("state", _("状态"), options=[Option(k, label) for k, label in states.items()], value=state),
    ]
    listed = ListPage(
        _("账号管理"),
        Table(USERS, rows, query=query, page=page, empty=Empty(_("没有符合条件的账号"), _("请放宽筛选条件。"))),
        unit=_("个"),
        filters=FilterBar(filters),
        actions=[Action(_("新建账号"), reverse("accounts:user_create"), icon="plus", kind="primary")],
    )
    return render(request, "ui/page_list.html", {"list": listed})


@requires(ACCOUNT_MANAGE)
@confirms
def user_create(request: HttpRequest) -> HttpResponse:
    """The activation code is shown once, on the account's own page."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        begins, ends = form.moments()
        data = form.cleaned_data
        user, code = actions.create_user(
            username=data["username"],
            display_name=data["display_name"],
            role=Role(data["role"]),
            by=request.user.get_username(),
            at=timezone.now(),
            valid_from=begins,
            valid_to=ends,
        )
        return show_code(request, user, code)
    page = FormPage(
        _("新建账号"),
        form,
        _("建立账号"),
        groups=[
            FieldGroup(_("账号"), ["username", "display_name", "role"]),
            FieldGroup(_("使用期限"), ["valid_from", "valid_to"], _("长期账号不填。")),
        ],
        intro=_("建立后得到一次性激活码，当面或书面交给本人。辖区来自本人的任职：有人员档案的，请从机构与人员开通。"),
        cancel_url=reverse("accounts:user_list"),
        crumbs=crumbs(),
    )
    return render(request, "ui/page_form.html", {"page": page})


def show_code(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """The activation code, once; it is stored nowhere."""
    told = _("%(name)s 的激活码：%(code)s（%(days)s前有效，只显示这一次）")
    day = timezone.localtime(user.activation_expires_at).date().isoformat() if user.activation_expires_at else ""
    messages.success(request, told % {"name": user.username, "code": code, "days": day})
    return redirect("accounts:user_detail", user.username)


@requires(ACCOUNT_MANAGE)
def user_detail(request: HttpRequest, username: str) -> HttpResponse:
    user, now = get_object_or_404(User, username=username), timezone.now()
    locked = locked_until(username, now)
    state, word = state_of_user(user, locked, now)
    record = RecordPage(
        user.display_name or username,
        code=username,
        kind=_("账号"),
        state=state,
        state_label=word,
        badges=[Role(user.role).label, *([_("演示账号")] if user.is_demo else [])],
        crumbs=crumbs(),
        actions=_verbs(user, request.user, locked),
        sections=user_sections(user, locked),
        timeline=_timeline(username),
    )
    shown = {"record": record, "posts": held_posts(user, request.user), "notes": account_notes(user)}
    return render(request, "accounts/user_detail.html", shown)


def _timeline(username: str) -> list[TimelineEntry]:
    entries = entries_of(subject_of(username))[:SHOWN_ENTRIES]
    return [
        TimelineEntry(
            deed_word(entry.action),
            entry.at,
            by=actor(entry.actor),
            body=str(entry.data.get("reason", "")),
            seal=entry.seal,
        )
        for entry in entries
    ]


def _verbs(user: User, viewer: Any, locked: datetime | None) -> list[Action]:
    """What an administrator may do to this account now."""

    def verb(name: str, label: str, icon: str, consequence: str = "", kind: str = "secondary") -> Action:
        url = reverse(f"accounts:{name}", args=[user.username])
        method = "post" if consequence else "get"
        return Action(label, url, icon=icon, kind=kind, method=method, consequence=consequence)

    found = []
    if locked:
        found.append(verb("user_unlock", _("解锁"), "lock", _("清除输错密码的记录，本人可以立即重新登录。"), "primary"))
    if user.is_active:
        told = _("生成新的激活码；原密码失效，已登录的会话全部结束。")
        found.append(verb("user_invite", _("重发激活码"), "mail", told))
        found.append(verb("user_disconnect", _("结束会话"), "logout", _("结束此账号的全部会话，本人须重新登录。")))
        found.append(verb("user_reset", _("重置第二因素"), "fingerprint"))
    found.append(verb("user_validity", _("使用期限"), "calendar"))
    if user.pk != viewer.pk:
        found.append(verb("user_role", _("更改角色"), "user"))
        if user.is_active:
            found.append(verb("user_close", _("停用"), "ban", kind="danger"))
        else:
            found.append(verb("user_reopen", _("重新启用"), "refresh", _("账号可以重新登录，密码和第二因素不变。")))
    return found
