"""Legal holds, and disposals of the contents of files."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.files.models import StoredFile


class Hold(models.Model):
    """Nothing of this kind of record (`key` "": of any record) is disposed of while the hold stands."""

    table = models.CharField(_("记录类别"), max_length=60)
    key = models.CharField(_("记录编号"), max_length=60, blank=True, default="")
    reason = models.CharField(_("保全理由"), max_length=300)
    placed_at = models.DateTimeField(_("保全时间"))
    placed_by = models.CharField(_("保全人"), max_length=150)
    lifted_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    lifted_by = models.CharField(_("解除人"), max_length=150, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by="")
                | (models.Q(lifted_at__isnull=False) & ~models.Q(lifted_by="")),
                name="retention_hold_lifted_at_with_by",
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class DisposalState(models.TextChoices):
    PROPOSED = "proposed", _("待批准")
    DONE = "done", _("已处置")
    REJECTED = "rejected", _("未批准")


class Disposal(models.Model):
    """Contents that one person proposed to remove and another decided upon."""

    state = models.CharField(_("状态"), max_length=10, choices=DisposalState, default=DisposalState.PROPOSED)
    reason = models.CharField(_("处置理由"), max_length=300)
    proposed_at = models.DateTimeField(_("提出时间"))
    proposed_by = models.CharField(_("提出人"), max_length=150)
    decided_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    decided_by = models.CharField(_("批准人"), max_length=150, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("proposed_by")), name="retention_disposal_takes_two_persons"
            ),
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_at__isnull=True, decided_by="")
                | (~models.Q(state="proposed") & models.Q(decided_at__isnull=False) & ~models.Q(decided_by="")),
                name="retention_disposal_decided_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class DisposedFile(models.Model):
    """A content in a disposal: removed, or kept after all because a record or a hold came in between."""

    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    kept_until = models.DateField(_("保管至"))
    is_removed = models.BooleanField(_("已删除内容"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["disposal", "file"], name="retention_disposed_once")]

    def __str__(self) -> str:
        return f"{self.disposal_id} {self.file_id}"
