"""What nightly checks found wrong with chains (E-11), and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class AnomalyResult(models.TextChoices):
    EXPLAINED = "explained", _("已说明")
    RECTIFIED = "rectified", _("已整改")


class TraceAnomaly(AreaScoped):
    """A holding that failed a check of engine/trace (balances.CHECKS); lies in its party's area. cleared_on: the check
    finds it no more. Handled with a result, by staff."""

    id = models.BigAutoField(primary_key=True)
    check_key = models.CharField(_("异常类型"), max_length=12)
    holding = models.BigIntegerField()
    found_on = models.DateField(_("发现日期"))
    cleared_on = models.DateField(_("消除日期"), null=True, blank=True)
    handled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    handled_by = models.CharField(_("处理人"), max_length=150, blank=True, default="")
    result = models.CharField(_("处理结果"), max_length=9, choices=AnomalyResult, blank=True, default="")
    note = models.CharField(_("说明"), max_length=300, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_key", "holding"], name="tracing_anomaly_once"),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True, handled_by="", result="", note="")
                | Q(handled_at__isnull=False) & ~Q(handled_by="") & ~Q(result="") & ~Q(note=""),
                name="tracing_anomaly_handled_with_result",
            ),
        ]
        indexes = [models.Index(fields=["check_key", "-found_on", "-id"], name="tracing_anomaly_newest")]

    def __str__(self) -> str:
        return f"{self.check_key} {self.holding}"

    @property
    def is_open(self) -> bool:
        """Does it wait for somebody's word?"""
        return self.handled_at is None and self.cleared_on is None

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.anomaly:{self.pk}"
