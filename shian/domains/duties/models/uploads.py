"""What an area reports of its duties (C-13): checked before it goes up, returned or accepted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class UploadState(models.TextChoices):
    SENT = "sent", _("待审核")
    RETURNED = "returned", _("已退回")
    ACCEPTED = "accepted", _("已接收")


class AreaUpload(AreaScoped):
    """The data of an area and a quarter as it was reported: counts by check (total and lacking); sent → returned, or
    accepted. Nothing is sent while a required field is empty."""

    area_code = models.CharField(_("区划"), max_length=12)
    quarter = models.CharField(_("季度"), max_length=6)
    state = models.CharField(_("状态"), max_length=8, choices=UploadState, default=UploadState.SENT)
    counts = models.JSONField(default=dict)
    sent_at = models.DateTimeField(_("上报时间"))
    sent_by = models.CharField(_("上报人"), max_length=150)
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    decided_by = models.CharField(_("审核人"), max_length=150, blank=True, default="")
    note = models.CharField(_("审核意见"), max_length=300, blank=True, default="")

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
                condition=~Q(state="returned") | ~Q(note=""), name="duties_upload_returned_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.quarter}"

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"duties.upload:{self.pk}"
