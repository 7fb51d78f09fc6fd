"""Special supervision (F-15): topics × areas, with the townships that were drawn."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.models.upward import UpwardQuerySet
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class SupervisionState(models.TextChoices):
    PLANNED = "planned", _("已计划")
    DRAWN = "drawn", _("已抽取")
    CHECKED = "checked", _("已检查")
    REPORTED = "reported", _("已报告")
    RECTIFIED = "rectified", _("已整改")


class SupervisionQuerySet(UpwardQuerySet["SpecialSupervision"]):
    """A county sees those of the city, and its own cells of them."""


class SpecialSupervision(AreaScoped):
    """drawn → checked → reported → rectified. It is reported once every topic of every area says what was found, or why
    nothing was looked at."""

    number = models.CharField(_("编号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=80)
    area_code = models.CharField(_("区划"), max_length=12)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    state = models.CharField(_("状态"), max_length=9, choices=SupervisionState, default=SupervisionState.PLANNED)
    per_area = models.PositiveSmallIntegerField(_("每个县抽取乡镇"), default=2)
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=150)
    reported_at = models.DateTimeField(_("报告时间"), null=True, blank=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="fieldchecks_supervision_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reported", "rectified"], reported_at__isnull=False)
                | (~Q(state__in=["reported", "rectified"]) & Q(reported_at__isnull=True)),
                name="fieldchecks_supervision_reported_at",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Under which subject it is sealed, and what its draw is made for."""
        return f"fieldchecks.supervision:{self.pk}"


class SupervisionCell(AreaScoped):
    """One topic in one area: findings with a score, or the reason why there is none."""

    supervision = models.ForeignKey(SpecialSupervision, on_delete=models.CASCADE, related_name="cells")
    area_key = models.CharField(_("区划"), max_length=12)
    topic = models.CharField(_("专题"), max_length=40)
    order = models.PositiveSmallIntegerField()
    findings = models.TextField(_("发现情况"), blank=True, default="")
    score = models.DecimalField(_("得分"), max_digits=5, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("未检查原因"), max_length=300, blank=True, default="")
    filled_at = models.DateTimeField(null=True, blank=True)
    filled_by = models.CharField(max_length=150, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supervision", "area_key", "topic"], name="fieldchecks_cell_once"),
            models.CheckConstraint(
                condition=Q(findings="", score__isnull=True) | (~Q(findings="") & Q(score__isnull=False, reason="")),
                name="fieldchecks_cell_findings_with_score",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100),
                name="fieldchecks_cell_score_in_range",
            ),
            models.CheckConstraint(
                condition=Q(filled_at__isnull=True, filled_by="", findings="", reason="")
                | (Q(filled_at__isnull=False) & ~Q(filled_by="") & (~Q(findings="") | ~Q(reason=""))),
                name="fieldchecks_cell_filled_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_key} {self.topic}"

    @property
    def is_empty(self) -> bool:
        return self.filled_at is None
