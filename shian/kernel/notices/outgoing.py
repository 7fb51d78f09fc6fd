"""What leaves the house by a queue of its own: letters, messages to hooks, answers to subscribers."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.notices.rules import next_attempt


class SentState(models.TextChoices):
    WAITING = "waiting", _("待发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")


class Outgoing(models.Model):
    """One thing on its way out, tried again ever later until it arrives or is given up. What arrived has its moment."""

    state = models.CharField(_("状态"), max_length=7, choices=SentState, default=SentState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    next_at = models.DateTimeField(_("下次发送"))
    error = models.CharField(_("错误"), max_length=300, blank=True, default="")
    created_at = models.DateTimeField(_("生成时间"))
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["next_at"], name="%(app_label)s_%(class)s_due", condition=models.Q(state="waiting"))
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                name="%(app_label)s_%(class)s_sent_has_its_moment",
            )
        ]

    def tried(self, error: str, at: datetime) -> None:
        """Note an attempt on this object, unsaved. `error`: what went wrong, "" when it arrived."""
        self.attempts += 1
        self.error = error[:300]
        if not error:
            self.state, self.sent_at = SentState.SENT, at
            return
        again = next_attempt(self.attempts, at)
        self.state, self.next_at = (SentState.WAITING, again) if again else (SentState.FAILED, self.next_at)
