"""What an area reports of its duties (C-13): checked before it goes up, returned or accepted."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class UploadState(models.TextChoices):
    SENT = "sent", _("待审核")
    RETURNED = "returned", _("已退回")
    ACCEPTED = "accepted", _("已接收")
    REPORTED = "reported", _("已上报")


class AreaUpload(AreaScoped):
    """The data of an area and a quarter as it was reported: counts by register (rows, none lacking a field), lines:
    [{key, target, actual, part, whole}] as they stood; sent → returned, or accepted → reported upward. Nothing is sent
    while a required field is empty."""

    area_code = models.CharField(_("区划"), max_length=12)
    quarter = models.CharField(_("季度"), max_length=6)
    state = models.CharField(_("状态"), max_length=8, choices=UploadState, default=UploadState.SENT)
    counts = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    remark = models.CharField(_("未达目标的说明"), max_length=500, blank=True, default="")
    sent_at = models.DateTimeField(_("上报时间"))
    sent_by = models.CharField(_("上报人"), max_length=150)
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    decided_by = models.CharField(_("审核人"), max_length=150, blank=True, default="")
    note = models.CharField(_("审核意见"), max_length=300, blank=True, default="")
    reported_at = models.DateTimeField(_("汇总上报时间"), null=True, blank=True)
    reported_by = models.CharField(_("汇总上报人"), max_length=150, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area_code", "quarter"], name="duties_upload_once", condition=~Q(state="returned")
            ),
            models.CheckConstraint(
                condition=Q(state="sent", decided_at__isnull=True, decided_by="")
                | (~Q(state="sent") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="duties_upload_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(state="reported", reported_at__isnull=False)
                | (~Q(state="reported") & Q(reported_at__isnull=True, reported_by="")),
                name="duties_upload_reported_at",
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("sent_by")), name="duties_upload_second_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(note=""), name="duties_upload_returned_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.quarter}"

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"duties.upload:{self.pk}"
