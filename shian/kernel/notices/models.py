"""Notices of users, the rungs that matters have reached, mail and messages on their way, and who wants them."""

from datetime import time
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.kernel.notices.outgoing import Outgoing
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.walls import system_scope


class NoticeLevel(models.TextChoices):
    INFO = "info", _("通知")
    SOON = "soon", _("将到期")
    DUE = "due", _("到期")
    OVERDUE = "overdue", _("逾期")
    ESCALATED = "escalated", _("升级")
    FAULT = "fault", _("故障")


class MailMode(models.TextChoices):
    NONE = "none", _("不发邮件")
    IMMEDIATE = "immediate", _("随时发送")
    DAILY = "daily", _("每日汇总")


class HookKind(models.TextChoices):
    GENERIC = "generic", _("通用（Standard Webhooks）")
    WECOM = "wecom", _("企业微信群机器人")
    DINGTALK = "dingtalk", _("钉钉群机器人")


class HookMode(models.TextChoices):
    IMMEDIATE = "immediate", _("随时发送")
    DAILY = "daily", _("每日汇总")


class PushState(models.TextChoices):
    WAITING = "waiting", _("待发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")
    PASSED = "passed", _("不再需要")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Nobody reads another one's notices, whatever the role."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(recipient=user.pk)

    def get_visible(self, user: Any, pk: int) -> "Notice":
        """The user's own notice, or Http404; OutOfReach, which is logged, for another one's."""
        row = self.visible_to(user).filter(pk=pk).first()
        if row is not None:
            return row
        with system_scope():
            is_another_ones = self.filter(pk=pk).exists()
        if is_another_ones:
            raise OutOfReach(f"notices.notice:{pk}")
        raise Http404("Not found.")


class Mail(Outgoing):
    """One letter on its way to a user's present address. Text is rendered in the recipient's language when queued.

    `digest_on` is the day of a daily digest: one for each user and day.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField()
    digest_on = models.DateField(null=True, blank=True)

    class Meta(Outgoing.Meta):
        constraints = [
            models.UniqueConstraint(fields=["recipient", "digest_on"], name="notices_mail_one_digest_a_day"),
            *Outgoing.Meta.constraints,
        ]

    def __str__(self) -> str:
        return self.title


class Notice(models.Model):
    """One message to one user. `title_id` and `body_id` are message ids, `params` their values; a value whose name
    ends in `_term` is a message id too. `subject` names what it is about ("app.model:key"), `rule` who sent it.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    rule = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    level = models.CharField(_("级别"), max_length=9, choices=NoticeLevel)
    title_id = models.CharField(max_length=200)
    body_id = models.CharField(max_length=500, blank=True, default="")
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True, default="")
    due_on = models.DateField(_("期限"), null=True, blank=True)
    sent_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.ForeignKey(Mail, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notices_notice_inbox"),
            models.Index(fields=["recipient"], name="notices_notice_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the language that is active now."""
        return _rendered(self.title_id, self.params)

    @property
    def body(self) -> str:
        return _rendered(self.body_id, self.params) if self.body_id else ""


class Hook(models.Model):
    """An address outside, of a chat group or a program, that is told of one reader's notices.

    Between `quiet_from` and `quiet_to` (local time, perhaps past midnight) nothing is sent; what comes then waits.
    Address and secret are keys: pages show their ends only, seals never hold them.
    """

    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类型"), max_length=8, choices=HookKind)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=200, blank=True, default="")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(_("发送方式"), max_length=9, choices=HookMode, default=HookMode.IMMEDIATE)
    quiet_from = models.TimeField(_("免打扰开始"), null=True, blank=True)
    quiet_to = models.TimeField(_("免打扰结束"), null=True, blank=True)
    created_at = models.DateTimeField(_("登记时间"))
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="notices_hook_quiet_from_and_to",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def quiet(self) -> tuple[time, time] | None:
        """From when until when nothing is sent."""
        return (self.quiet_from, self.quiet_to) if self.quiet_from and self.quiet_to else None


class Push(Outgoing):
    """One notice on its way to a hook; without a notice it is a trial. Those that are due go out as one message."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="pushes")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, blank=True, related_name="pushes")
    state = models.CharField(_("状态"), max_length=7, choices=PushState, default=PushState.WAITING)

    class Meta(Outgoing.Meta):
        constraints = [
            models.UniqueConstraint(fields=["hook", "notice"], name="notices_push_once"),
            *Outgoing.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.hook_id} {self.notice_id}"


class ReachedRung(models.Model):
    """A matter has reached a rung of its ladder: written once, whoever comes first. Another due date begins anew.

    `is_silent`: the rung was passed unnoticed (the job had not run), and only the highest one was sent.
    """

    rule = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    due_on = models.DateField()
    rung = models.CharField(max_length=20)
    reached_at = models.DateTimeField()
    is_silent = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "subject", "due_on", "rung"], name="notices_rung_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.rung}"


class Preference(models.Model):
    """Whether a user wants mail; without a row it is the daily digest, for those who have an address."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mail_mode = models.CharField(_("邮件"), max_length=9, choices=MailMode, default=MailMode.DAILY)

    def __str__(self) -> str:
        return self.get_mail_mode_display()


def _rendered(message: str, params: dict[str, Any]) -> str:
    return gettext(message) % {
        name: gettext(value) if name.endswith("_term") else value for name, value in params.items()
    }
