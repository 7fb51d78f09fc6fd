"""What came from an outside system, and the batches that were reported to one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.files.models import StoredFile
from shian.kernel.imports.models import ImportBatch
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class SystemImport(models.Model):
    """An import batch that was uploaded for an outside system."""

    system = models.CharField(_("外部系统"), max_length=60)
    batch = models.OneToOneField(ImportBatch, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["system", "-id"], name="exchange_import_system")]

    def __str__(self) -> str:
        return f"{self.system} {self.batch_id}"


class ReportState(models.TextChoices):
    ASKED = "asked", _("取数中")
    FAILED = "failed", _("没有取成")
    TAKEN = "taken", _("已取数")
    CHECKED = "checked", _("已核对")
    SENT = "sent", _("已报送")
    ACCEPTED = "accepted", _("已接收")
    RETURNED = "returned", _("已退回")


class Work(models.TextChoices):
    TAKE = "take", _("取数")
    SEND = "send", _("生成报送文件")


class ReportBatch(AreaScoped):
    """One report of one area as of one day. Its rows never change; once sent, only the receiver's answer is added.

    `work` is what the worker does with it now, `percent` and `step` how far it is, `fault` what stopped it last time.
    `totals` is [{key, title, value}]; `columns` are the receiver's as they were then: [{name, title}].
    """

    report = models.CharField(_("报送"), max_length=60)
    area_key = models.CharField(_("区划"), max_length=12)
    as_of = models.DateField(_("数据时点"))
    state = models.CharField(_("状态"), max_length=10, choices=ReportState, default=ReportState.ASKED)
    work = models.CharField(max_length=4, choices=Work, blank=True, default="")
    percent = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=80, blank=True, default="")
    fault = models.CharField(max_length=400, blank=True, default="")
    definition = models.CharField(max_length=64)
    columns = models.JSONField(default=list)
    totals = models.JSONField(default=list)
    rows_count = models.PositiveIntegerField(_("行数"), default=0)
    problem_rows = models.PositiveIntegerField(_("有缺项的行"), default=0)
    gaps_reason = models.CharField(_("带缺项报送的理由"), max_length=300, blank=True, default="")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    receipt_no = models.CharField(_("回执编号"), max_length=80, blank=True, default="")
    errors = models.TextField(_("退回原因"), blank=True, default="")
    taken_at = models.DateTimeField(_("取数时间"))
    taken_by = models.CharField(_("取数人"), max_length=150)
    sent_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    sent_by = models.CharField(_("报送人"), max_length=150, blank=True, default="")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["asked", "failed", "taken", "checked"], sent_at__isnull=True, file__isnull=True
                )
                | (
                    models.Q(state__in=["sent", "accepted", "returned"])
                    & models.Q(sent_at__isnull=False, file__isnull=False)
                ),
                name="exchange_batch_sent_has_file",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(fault=""), name="exchange_batch_failed_says_why"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | ~models.Q(receipt_no=""),
                name="exchange_batch_accepted_has_receipt",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="returned") | ~models.Q(errors=""), name="exchange_batch_returned_says_why"
            ),
        ]
        indexes = [models.Index(fields=["report", "area_key", "-id"], name="exchange_batch_report")]

    def __str__(self) -> str:
        return f"{self.report} {self.area_key} {self.as_of}"


class ReportRow(models.Model):
    """A frozen row; a trigger refuses UPDATE and DELETE. `problems` is [{column, reason, remedy}]."""

    batch = models.ForeignKey(ReportBatch, on_delete=models.PROTECT, related_name="rows")
    key = models.CharField(_("编号"), max_length=80)
    group = models.CharField(max_length=80, blank=True, default="")
    values = models.JSONField(default=list)
    problems = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "key"], name="exchange_row_once")]

    def __str__(self) -> str:
        return self.key
