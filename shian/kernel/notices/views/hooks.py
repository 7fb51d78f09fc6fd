"""消息推送: chat groups and programs that are told of a reader's notices; for administrators."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.kernel.accounts.permissions import confirms, requires
from shian.kernel.notary.queries import entries_of
from shian.kernel.notices import actions
from shian.kernel.notices.forms import HookForm
from shian.kernel.notices.models import Hook
from shian.kernel.notices.permissions import HOOK_MANAGE
from shian.kernel.notices.queries import hooks, pushes_of
from shian.kernel.notices.tables import HOOKS, PUSHES, address_of, hook_row, hook_state, push_row, quiet_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pages import FieldGroup, FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, TimelineEntry
from shian.kernel.ui.tables import Empty, Table

SHOWN = 50


def _crumbs() -> list[Crumb]:
    return [Crumb(_("消息推送"), reverse("notices:hook_list"))]


@requires(HOOK_MANAGE)
def hook_list(request: HttpRequest) -> HttpResponse:
    """Every hook, with what waits for it and what failed."""
    empty = Empty(_("还没有推送通道"), _("登记企业微信、钉钉群机器人或自有程序的地址后，通知会同时发到那里。"))
    page = ListPage(
        _("消息推送"),
        Table(HOOKS, [hook_row(each) for each in hooks()], empty=empty),
        unit=_("个通道"),
        summary=_("只发送标题、级别、期限和链接，正文须登录系统查看。"),
        actions=[Action(_("登记通道"), reverse("notices:hook_create"), icon="plus", kind="primary")],
    )
    return render(request, "ui/page_list.html", {"list": page})


@requires(HOOK_MANAGE)
@confirms
def hook_create(request: HttpRequest) -> HttpResponse:
    form = HookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hook = actions.register_hook(told=form.cleaned_data, by=request.user, at=timezone.now())
        except actions.HookRefused as refused:
            form.add_error("url", str(refused))
        else:
            return redirect("notices:hook_detail", hook.pk)
    page = FormPage(
        _("登记通道"),
        form,
        _("登记"),
        groups=[
            FieldGroup(_("通道"), ["name", "kind", "url", "secret"]),
            FieldGroup(_("发送"), ["reader", "mode", "quiet_from", "quiet_to"]),
        ],
        consequence=_("接收人的通知标题将发到系统以外，群内成员都能看到。"),
        cancel_url=reverse("notices:hook_list"),
        crumbs=_crumbs(),
    )
    return render(request, "ui/page_form.html", {"page": page})


@requires(HOOK_MANAGE)
def hook_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One hook: where it leads, and its last messages with their attempts and errors."""
    hook = get_object_or_404(hooks(), pk=number)
    state, word = hook_state(hook)
    page = RecordPage(
        hook.name,
        kind=hook.get_kind_display(),
        state=state,
        state_label=word,
        crumbs=_crumbs(),
        actions=_actions(hook),
        sections=[_facts(hook)],
        timeline=_timeline(hook),
    )
    empty = Empty(_("还没有消息"), _("接收人有新通知时，消息会出现在这里。"))
    pushes = Table(PUSHES, [push_row(each) for each in pushes_of(hook, SHOWN)], empty=empty, id="pushes")
    return render(request, "notices/hook_detail.html", {"record": page, "pushes": pushes})


def _actions(hook: Any) -> list[Action]:
    if hook.ended_at is not None:
        return []
    found = [Action(_("发送测试消息"), reverse("notices:hook_check", args=[hook.pk]), icon="bell", method="post")]
    if hook.failed:
        url = reverse("notices:push_retry", args=[hook.pk])
        found.insert(0, Action(_("重新发送失败的消息"), url, icon="refresh", kind="primary", method="post"))
    text = _("不再向这个通道发送，排队的消息一并取消；不能恢复，需要时重新登记。")
    url = reverse("notices:hook_end", args=[hook.pk])
    return [*found, Action(_("停用"), url, icon="x", kind="danger", method="post", consequence=text)]


def _facts(hook: Any) -> Section:
    facts = [
        Fact(_("地址"), address_of(hook), kind="code"),
        Fact(_("签名密钥"), _("已设置") if hook.secret else _("未设置")),
        Fact(_("接收人"), str(hook.reader)),
        Fact(_("发送方式"), hook.get_mode_display()),
        Fact(_("免打扰"), quiet_of(hook) or _("不设")),
        Fact(_("待发送"), hook.waiting, kind="number"),
        Fact(_("发送失败"), hook.failed, kind="number"),
        Fact(_("最近发送"), hook.last_at, kind="moment"),
    ]
    return Section(_("通道"), facts)


def _timeline(hook: Hook) -> list[TimelineEntry]:
    words = {
        "notices.hook_registered": _("登记"), "notices.hook_tried": _("发送测试消息"), "notices.hook_ended": _("停用"),
        "notices.push_retried": _("重新发送失败的消息"),
    }  # fmt: skip
    return [
        TimelineEntry(words[entry.action], entry.at, by=actor(entry.actor), seal=entry.seal)
        for entry in entries_of(f"notices.hook:{hook.pk}")
        if entry.action in words
    ]


@requires(HOOK_MANAGE)
@require_POST
def hook_check(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, actions.try_hook, lambda _push: _("测试消息将在一分钟内发出，结果见下表。"))


@requires(HOOK_MANAGE)
@require_POST
def hook_end(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, actions.end_hook, lambda _hook: _("通道已停用。"))


@requires(HOOK_MANAGE)
@require_POST
def push_retry(request: HttpRequest, number: int) -> HttpResponse:
    return _done(
        request,
        number,
        actions.retry_pushes,
        lambda count: _("%(count)s 条消息已重新排队。") % {"count": count},
    )


def _done(request: HttpRequest, number: int, verb: Callable[..., Any], told: Callable[[Any], str]) -> HttpResponse:
    """One verb on a hook; what came of it is told on its page."""
    hook = get_object_or_404(Hook, pk=number)
    try:
        messages.success(request, told(verb(hook=hook, by=request.user, at=timezone.now())))
    except actions.HookRefused as refused:
        messages.error(request, str(refused))
    return redirect("notices:hook_detail", number)
