"""Export sets that were asked for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.files.models import StoredFile
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class SetState(models.TextChoices):
    WAITING = "waiting", _("排队等候")
    WORKING = "working", _("正在整理")
    READY = "ready", _("可以下载")
    FAILED = "failed", _("没有完成")


class ArchiveSet(AreaScoped):
    """One set of one area and day. `manifest` is the SHA-256 of its manifest.json, which names every file in it.

    A set holds what its asker could read of the area; whoever reaches the area may read the same.
    """

    kind = models.CharField(_("档案"), max_length=40)
    area_key = models.CharField(_("区划"), max_length=12)
    as_of = models.DateField(_("数据时点"))
    state = models.CharField(_("状态"), max_length=10, choices=SetState, default=SetState.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=80, blank=True, default="")
    error = models.CharField(max_length=400, blank=True, default="")
    items = models.PositiveIntegerField(_("项数"), default=0)
    entries = models.PositiveIntegerField(_("文件数"), default=0)
    manifest = models.CharField(max_length=64, blank=True, default="")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"))
    asked_by = models.CharField(_("申请人"), max_length=150)
    built_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="ready", file__isnull=False, built_at__isnull=False)
                | (~models.Q(state="ready") & models.Q(file__isnull=True, built_at__isnull=True)),
                name="archives_set_ready_has_file",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(error=""), name="archives_set_failed_says_why"
            ),
        ]
        indexes = [models.Index(fields=["area_key", "-id"], name="archives_set_area")]

    def __str__(self) -> str:
        return f"{self.kind} {self.area_key} {self.as_of}"

    @property
    def is_open(self) -> bool:
        """Is it still being made?"""
        return self.state in {SetState.WAITING, SetState.WORKING}
