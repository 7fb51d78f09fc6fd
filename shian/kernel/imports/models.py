"""Batches (one file into one register) and the problems found in them."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.files.models import StoredFile
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", _("待检查")
    CHECKED = "checked", _("待接收")
    STOPPED = "stopped", _("合计不符，已停止")
    ACCEPTED = "accepted", _("已接收")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")
    UNDONE = "undone", _("已撤销")


class Work(models.TextChoices):
    NONE = "", _("无")
    CHECK = "check", _("正在检查")
    ACCEPT = "accept", _("正在接收")


class Severity(models.TextChoices):
    ERROR = "error", _("错误")
    WARNING = "warning", _("提醒")


class BatchQuerySet(ScopedQuerySet["ImportBatch"]):
    """A batch is seen by who made it and by those whose reach covers the area that it was made for."""

    def visible_to(self, user: Any) -> Self:
        reach = reach_of(user)
        if reach.everything:
            return self
        own = models.Q(created_by=user.get_username()) if user.is_authenticated else models.Q(pk__in=[])
        return self.filter(reach.area_filter() | own)


class ImportBatch(AreaScoped):
    """One file on its way into one register.

    Totals are JSON lists of {field, title, stated, found, difference}. `reach` are the area keys that rows may lie in
    (`is_unlimited`: anywhere). `organisation` is the code whose remembered headings hold; "" for none. While `work` is
    set, `percent` and `step` move; they are written outside the transaction that does the work, so that they can be
    read meanwhile. `attachments`: name → SHA-256 of the files that came with it in a package.
    """

    importer = models.CharField(_("导入类型"), max_length=60)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("文件名"), max_length=255)
    package = models.CharField(_("数据包"), max_length=120, blank=True, default="")
    state = models.CharField(_("状态"), max_length=10, choices=BatchState, default=BatchState.UPLOADED)
    work = models.CharField(max_length=6, choices=Work, blank=True, default="")
    percent = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=60, blank=True, default="")
    effective_on = models.DateField(_("生效日期"))
    reach = ArrayField(models.CharField(max_length=12), default=list)
    is_unlimited = models.BooleanField(default=False)
    expected_rows = models.IntegerField(_("应有行数"), null=True, blank=True)
    expected_sums = models.JSONField(_("应有合计"), default=dict)
    rows_total = models.IntegerField(_("文件行数"), default=0)
    rows_good = models.IntegerField(_("合格"), default=0)
    rows_bad = models.IntegerField(_("有误"), default=0)
    rows_new = models.IntegerField(_("新增"), default=0)
    rows_changed = models.IntegerField(_("变更"), default=0)
    rows_same = models.IntegerField(_("未变"), default=0)
    warnings = models.IntegerField(_("提醒"), default=0)
    totals = models.JSONField(default=list)
    headings = models.JSONField(default=list)
    preview = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    error = models.TextField(blank=True, default="")
    difference_reason = models.CharField(_("接受差额的理由"), max_length=500, blank=True, default="")
    difference_by = models.CharField(max_length=150, blank=True, default="")
    difference_at = models.DateTimeField(null=True, blank=True)
    attachments = models.JSONField(default=dict)
    entry = models.UUIDField(null=True, blank=True)
    organisation = models.CharField(max_length=40, blank=True, default="")
    source = models.ForeignKey("ImportSource", on_delete=models.SET_NULL, null=True, blank=True, related_name="batches")
    created_by = models.CharField(_("上传人"), max_length=150)
    created_at = models.DateTimeField(_("上传时间"))
    finished_by = models.CharField(max_length=150, blank=True, default="")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["importer", "-id"], name="imports_batch_importer"),
            models.Index(fields=["created_by", "-id"], name="imports_batch_creator"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(difference_by="", difference_reason="", difference_at__isnull=True)
                | (
                    ~models.Q(difference_by="")
                    & ~models.Q(difference_reason="")
                    & models.Q(difference_at__isnull=False)
                ),
                name="imports_batch_difference_has_name_and_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["accepted", "undone"], entry__isnull=False)
                | (~models.Q(state__in=["accepted", "undone"]) & models.Q(entry__isnull=True)),
                name="imports_batch_accepted_is_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.importer} {self.name}"

    @property
    def unmet(self) -> list[dict[str, Any]]:
        """The stated totals that the good rows do not reach."""
        return [total for total in self.totals if total["difference"] != "0"]

    @property
    def is_open(self) -> bool:
        """Can it still be accepted, checked again or cancelled?"""
        return self.state in {BatchState.UPLOADED, BatchState.CHECKED, BatchState.STOPPED, BatchState.FAILED}


class ImportProblem(models.Model):
    """One thing wrong in one row; row numbers are those of the file, counted from 1 as a spreadsheet does."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="problems")
    row_no = models.IntegerField(_("行号"))
    column = models.CharField(_("问题列"), max_length=80)
    value = models.CharField(_("值"), max_length=200, blank=True, default="")
    reason = models.CharField(_("问题"), max_length=400)
    remedy = models.CharField(_("处理办法"), max_length=400, blank=True, default="")
    severity = models.CharField(_("程度"), max_length=7, choices=Severity, default=Severity.ERROR)

    class Meta:
        indexes = [models.Index(fields=["batch", "severity", "row_no"], name="imports_problem_rows")]

    def __str__(self) -> str:
        return f"{self.row_no} {self.column}: {self.reason}"


class WrittenRows(models.Model):
    """What a batch wrote into one table, kept for a day so that it can be undone.

    New rows are listed by id or, of a table that nobody else added to meanwhile, all those from `first` to `last`.
    `marks` are the transactions (xmin) that wrote: a row with another mark has changed since. `key` is "id" for the
    register itself, for a table that hangs on it the column that names its row. `rows_after` counts the rows.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="written")
    table = models.CharField(max_length=63)
    key = models.CharField(max_length=63, default="id")
    new_ids = ArrayField(models.BigIntegerField(), default=list)
    first = models.BigIntegerField(null=True)
    last = models.BigIntegerField(null=True)
    marks = ArrayField(models.CharField(max_length=20), default=list)
    rows_after = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "table"], name="imports_written_once")]

    def __str__(self) -> str:
        return f"{self.table} of batch {self.batch_id}"

    @property
    def is_range(self) -> bool:
        """Are the new rows all those between two ids?"""
        return self.first is not None


class ReplacedRow(models.Model):
    """A row as it was before a batch changed it; forgotten after a day."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="replaced")
    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    before = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["batch", "table"], name="imports_replaced_of_batch")]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"


class HeadingMatch(models.Model):
    """A heading that an organisation matched by hand; it holds for its next files of this importer.

    `key` is the comparable form of the heading; an empty `field` means: leave this column out.
    """

    organisation = models.CharField(_("单位"), max_length=40, blank=True, default="")
    importer = models.CharField(_("导入类型"), max_length=60)
    key = models.CharField(max_length=120)
    heading = models.CharField(_("文件中的列"), max_length=120)
    field = models.CharField(_("对应"), max_length=60, blank=True, default="")
    matched_by = models.CharField(_("对应人"), max_length=150)
    matched_at = models.DateTimeField(_("对应时间"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "importer", "key"], name="imports_heading_once")]

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"


class SourceKind(models.TextChoices):
    FOLDER = "folder", _("服务器文件夹")
    URL = "url", _("网址")


class ImportSource(AreaScoped):
    """A place that is looked into at an interval while the row is in force: valid_from ≤ today < valid_to.

    `place` is a folder below the pick-up folder, or an address. Rows must lie in `reach`, that of whoever set it up.
    """

    importer = models.CharField(_("导入类型"), max_length=60)
    kind = models.CharField(_("来源类型"), max_length=6, choices=SourceKind)
    place = models.CharField(_("位置"), max_length=500)
    every_minutes = models.PositiveIntegerField(_("间隔（分钟）"))
    accepts = models.BooleanField(_("无误时自动接收"), default=False)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    reach = ArrayField(models.CharField(max_length=12), default=list)
    is_unlimited = models.BooleanField(default=False)
    organisation = models.CharField(max_length=40, blank=True, default="")
    created_by = models.CharField(_("设置人"), max_length=150)
    created_at = models.DateTimeField(_("设置时间"))
    last_at = models.DateTimeField(_("上次查看"), null=True, blank=True)
    last_note = models.CharField(_("上次结果"), max_length=400, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(every_minutes__gte=5), name="imports_source_interval"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="imports_source_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.importer} {self.place}"
