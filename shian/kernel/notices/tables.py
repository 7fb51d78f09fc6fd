"""Notices, letters, hooks and pushes as rows."""

from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shian.kernel.notices.models import Hook, Mail, Notice, NoticeLevel, Push, PushState
from shian.kernel.notices.outgoing import SentState
from shian.kernel.ui.keyset import Page
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING, Text
from shian.kernel.ui.tables import Cell, Column, Empty, ListQuery, Row, Table

NOTICES = (
    Column("title", _("通知"), is_fixed=True, is_wide=True),
    Column("level", _("级别")),
    Column("due_on", _("期限"), kind="date"),
    Column("sent_at", _("时间"), kind="moment"),
)
MAILS = (
    Column("title", _("标题"), is_fixed=True, is_wide=True),
    Column("recipient", _("收件人")),
    Column("state", _("状态")),
    Column("attempts", _("次数"), kind="number"),
    Column("created_at", _("生成时间"), kind="moment"),
    Column("sent_at", _("发送时间"), kind="moment"),
)
HOOKS = (
    Column("name", _("名称"), is_fixed=True),
    Column("state", _("状态")),
    Column("kind", _("类型")),
    Column("address", _("地址"), kind="code"),
    Column("reader", _("接收人")),
    Column("mode", _("发送方式")),
    Column("quiet", _("免打扰")),
    Column("waiting", _("待发送"), kind="number"),
    Column("failed", _("发送失败"), kind="number"),
    Column("last_at", _("最近发送"), kind="moment"),
)
PUSHES = (
    Column("about", _("消息"), is_fixed=True),
    Column("state", _("状态")),
    Column("attempts", _("次数"), kind="number"),
    Column("created_at", _("生成时间"), kind="moment"),
    Column("next_at", _("下次发送"), kind="moment"),
    Column("sent_at", _("发送时间"), kind="moment"),
)
STATE_OF_LEVEL = {
    NoticeLevel.INFO: NEUTRAL,
    NoticeLevel.SOON: DUE,
    NoticeLevel.DUE: DUE,
    NoticeLevel.OVERDUE: OVERDUE,
    NoticeLevel.ESCALATED: OVERDUE,
    NoticeLevel.FAULT: OVERDUE,
}
STATE_OF_PUSH = {
    PushState.WAITING: WAITING,
    PushState.SENT: DONE,
    PushState.FAILED: OVERDUE,
    PushState.PASSED: NEUTRAL,
}
STATE_OF_MAIL = {SentState.WAITING: WAITING, SentState.SENT: DONE, SentState.FAILED: OVERDUE}


def notice_table(page: Page[Notice], query: ListQuery, *, unread_only: bool) -> Table:
    """The inbox. A row that is not read yet has a coloured edge and says so."""
    if unread_only:
        empty = Empty(_("没有未读通知"), _("到期提醒、逾期升级和系统故障会出现在这里。"))
    else:
        empty = Empty(_("没有通知"), _("到期提醒、逾期升级和系统故障会出现在这里。"))
    return Table(NOTICES, [_notice_row(row) for row in page.items], query=query, page=page, empty=empty, has_ticks=True)


def _notice_row(notice: Notice) -> Row:
    state = STATE_OF_LEVEL[NoticeLevel(notice.level)]
    cells: dict[str, Any] = {
        "title": Cell(notice.title, note=notice.body),
        "level": Cell(notice.get_level_display(), state=state),
        "due_on": notice.due_on,
        "sent_at": Cell(notice.sent_at, note="" if notice.read_at else _("未读")),
    }
    url = reverse("notices:notice_detail", args=[notice.pk])
    return Row(cells, url=url, key=str(notice.pk), state="" if notice.read_at else state)


def mail_table(page: Page[Mail], query: ListQuery) -> Table:
    """The outbox. Contents are the recipient's own and are not shown."""
    empty = Empty(_("没有邮件"), _("用户在“通知”页选择接收邮件后，邮件会出现在这里。"))
    return Table(MAILS, [_mail_row(row) for row in page.items], query=query, page=page, empty=empty, has_ticks=True)


def _mail_row(mail: Mail) -> Row:
    cells: dict[str, Any] = {
        "title": Cell(mail.title, note=mail.error),
        "recipient": str(mail.recipient),
        "state": Cell(mail.get_state_display(), state=STATE_OF_MAIL[SentState(mail.state)]),
        "attempts": mail.attempts,
        "created_at": mail.created_at,
        "sent_at": mail.sent_at,
    }
    return Row(cells, key=str(mail.pk))


def address_of(hook: Hook) -> str:
    """Host and last four characters: an address is a key."""
    return f"{urlsplit(hook.url).netloc}/…{hook.url[-4:]}"


def quiet_of(hook: Hook) -> str:
    """The quiet hours, "" without."""
    return "–".join(f"{each:%H:%M}" for each in hook.quiet or ())


def hook_state(hook: Any) -> tuple[str, Text]:
    """The state of a hook of queries.hooks() and its word."""
    if hook.ended_at is not None:
        return NEUTRAL, _("已停用")
    return (OVERDUE, _("有失败")) if hook.failed else (DONE, _("使用中"))


def hook_row(hook: Any) -> Row:
    """A hook of queries.hooks()."""
    state, word = hook_state(hook)
    cells: dict[str, Any] = {
        "name": hook.name,
        "state": Cell(word, state=state),
        "kind": hook.get_kind_display(),
        "address": address_of(hook),
        "reader": str(hook.reader),
        "mode": hook.get_mode_display(),
        "quiet": quiet_of(hook),
        "waiting": hook.waiting,
        "failed": hook.failed,
        "last_at": hook.last_at,
    }
    return Row(cells, url=reverse("notices:hook_detail", args=[hook.pk]), key=str(hook.pk))


def push_row(push: Push) -> Row:
    """A push. What it tells of is the reader's own and is not shown."""
    is_waiting = push.state == PushState.WAITING
    cells: dict[str, Any] = {
        "about": Cell(_("通知") if push.notice_id else _("测试消息"), note=push.error),
        "state": Cell(push.get_state_display(), state=STATE_OF_PUSH[PushState(push.state)]),
        "attempts": push.attempts,
        "created_at": push.created_at,
        "next_at": push.next_at if is_waiting else None,
        "sent_at": push.sent_at,
    }
    return Row(cells, key=str(push.pk))
