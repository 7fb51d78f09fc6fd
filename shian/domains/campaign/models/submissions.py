"""One-click reports (一键提报): what a unit sent upward on one day, with receipt and answer."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.people.models import Organisation


class SubmissionState(models.TextChoices):
    SUBMITTED = "submitted", _("待接收")
    ACCEPTED = "accepted", _("已接收")
    RETURNED = "returned", _("已退回")


class Submission(AreaScoped):
    """A unit's report of a week (its Monday); a returned one is sent again as a new row. `contents` is a copy of what
    was due and filed when it was sent: [{key, title, lines: [text]}]."""

    unit = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    monday = models.DateField(_("周一"))
    attempt = models.PositiveSmallIntegerField(_("第几次"), default=1)
    receipt_no = models.CharField(_("回执编号"), max_length=60, unique=True)
    contents = models.JSONField(default=list)
    state = models.CharField(_("状态"), max_length=9, choices=SubmissionState, default=SubmissionState.SUBMITTED)
    sent_at = models.DateTimeField(_("提报时间"))
    sent_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField(_("接收时间"), null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True, default="")
    return_reason = models.CharField(_("退回理由"), max_length=500, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "monday", "attempt"], name="campaign_submission_once"),
            models.UniqueConstraint(
                fields=["unit", "monday"], condition=~Q(state="returned"), name="campaign_submission_one_stands"
            ),
            models.CheckConstraint(
                condition=Q(state="submitted", decided_at__isnull=True)
                | (~Q(state="submitted") & Q(decided_at__isnull=False)),
                name="campaign_submission_decided_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""), name="campaign_submission_return_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.receipt_no
