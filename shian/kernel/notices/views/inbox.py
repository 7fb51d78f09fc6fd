"""The inbox, one notice, one's preferences, and the administrators' outbox."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from shian.kernel.accounts.permissions import requires
from shian.kernel.notices import actions
from shian.kernel.notices.forms import PreferenceForm
from shian.kernel.notices.models import MailMode, Notice, NoticeLevel
from shian.kernel.notices.outgoing import SentState
from shian.kernel.notices.permissions import MAIL_MANAGE, NOTICE_READ
from shian.kernel.notices.queries import mail_mode_of, mails, notices_of
from shian.kernel.notices.tables import MAILS, NOTICES, STATE_OF_LEVEL, mail_table, notice_table
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Filter, FilterBar, Option, Section, Tab
from shian.kernel.ui.tables import ListQuery


@requires(NOTICE_READ)
def notice_list(request: HttpRequest) -> HttpResponse:
    """The reader's own notices, newest first; those not read yet unless all are asked for."""
    shows_all = request.GET.get("show") == "all"
    query = ListQuery.read(request.GET, NOTICES, default_sort="-id")
    unread = notices_of(request.user, unread=True).count()
    rows = notices_of(request.user, unread=not shows_all)
    page = keyset_page(rows, query, total=None if shows_all else unread)
    read_url = reverse("notices:notice_read")
    listed = ListPage(
        title=pgettext("list", "通知"),
        table=notice_table(page, query, unread_only=not shows_all),
        unit=_("条"),
        tabs=[
            Tab(_("未读"), "?", unread, is_active=not shows_all, state="due" if unread else ""),
            Tab(_("全部"), "?show=all", is_active=shows_all),
        ],
        actions=_list_actions(unread),
        bulk_actions=[Action(_("标为已读"), read_url, icon="check")] if page.items else [],
    )
    return render(request, "ui/page_list.html", {"list": listed})


def _list_actions(unread: int) -> list[Action]:
    settings = Action(_("接收设置"), reverse("notices:preference_edit"), icon="settings")
    if not unread:
        return [settings]
    url = reverse("notices:notice_read")
    return [Action(_("全部标为已读"), url, icon="check", method="post", name="all", value="1"), settings]


@requires(NOTICE_READ)
def notice_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One notice; to open it is to have read it."""
    notice = Notice.objects.get_visible(request.user, number)
    if notice.read_at is None:
        actions.mark_read(user=request.user, numbers=[notice.pk], at=timezone.now())
    record = RecordPage(
        notice.title,
        state=STATE_OF_LEVEL[NoticeLevel(notice.level)],
        state_label=notice.get_level_display(),
        crumbs=[Crumb(pgettext("list", "通知"), reverse("notices:notice_list"))],
        actions=[Action(_("去办理"), notice.link, icon="arrow-right", kind="primary")] if notice.link else [],
        sections=[
            Section(
                _("内容"),
                [
                    Fact(_("说明"), notice.body or notice.title),
                    Fact(_("期限"), notice.due_on, kind="date"),
                    Fact(_("时间"), notice.sent_at, kind="moment"),
                ],
            )
        ],
    )
    return render(request, "ui/page_record.html", {"record": record})


@requires(NOTICE_READ)
@require_POST
def notice_read(request: HttpRequest) -> HttpResponse:
    """Mark the ticked notices, or all of them, as read."""
    now = timezone.now()
    if request.POST.get("all"):
        count = actions.mark_all_read(user=request.user, at=now)
    else:
        numbers = [int(key) for key in request.POST.getlist("key") if key.isdecimal()]
        count = actions.mark_read(user=request.user, numbers=numbers, at=now)
    messages.success(request, _("已将 %(count)s 条通知标为已读。") % {"count": count})
    return redirect("notices:notice_list")


@requires(NOTICE_READ)
def preference_edit(request: HttpRequest) -> HttpResponse:
    """Whether and when mail comes, and where to."""
    user = request.user
    initial = {"mail_mode": mail_mode_of(user), "address": getattr(user, "email", "")}
    form = PreferenceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        mode, address = MailMode(form.cleaned_data["mail_mode"]), form.cleaned_data["address"]
        actions.choose_mail(user=user, mode=mode, address=address, at=timezone.now())
        messages.success(request, _("接收设置已保存。"))
        return redirect("notices:notice_list")
    page = FormPage(
        _("接收设置"),
        form,
        _("保存"),
        intro=_("站内通知总会收到；邮件只发到本人邮箱。每日汇总在早八点后发送，没有未读通知的日子不发。"),
        cancel_url=reverse("notices:notice_list"),
        crumbs=[Crumb(pgettext("list", "通知"), reverse("notices:notice_list"))],
    )
    return render(request, "ui/page_form.html", {"page": page})


@requires(MAIL_MANAGE)
def mail_list(request: HttpRequest) -> HttpResponse:
    """Letters on their way; failed ones can be tried again."""
    query = ListQuery.read(request.GET, MAILS, default_sort="-id")
    state = request.GET.get("state", "")
    page = keyset_page(mails(state), query)
    options = [Option(value, label) for value, label in SentState.choices]
    listed = ListPage(
        title=_("邮件发送"),
        table=mail_table(page, query),
        unit=_("封"),
        filters=FilterBar([Filter("state", _("状态"), options=options, value=state)]),
        bulk_actions=[Action(_("重新发送失败的邮件"), reverse("notices:mail_retry"), icon="refresh")]
        if page.items
        else [],
    )
    return render(request, "ui/page_list.html", {"list": listed})


@requires(MAIL_MANAGE)
@require_POST
def mail_retry(request: HttpRequest) -> HttpResponse:
    numbers = [int(key) for key in request.POST.getlist("key") if key.isdecimal()]
    count = actions.retry_mails(numbers=numbers, by=request.user.get_username(), at=timezone.now())
    messages.success(request, _("%(count)s 封邮件已重新排队。") % {"count": count})
    return redirect("notices:mail_list")
