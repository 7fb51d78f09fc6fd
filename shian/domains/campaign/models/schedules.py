"""The plan of a campaign (倒排工期): final date, stages with the outputs that open the next, and how it was moved."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class Schedule(AreaScoped):
    """A plan of one area. Its steps are cases of the type "step" whose field `plan` is the plan's key."""

    key = models.CharField(_("计划编号"), max_length=40, unique=True)
    title = models.CharField(_("工作计划"), max_length=80)
    basis = models.CharField(_("依据"), max_length=300, blank=True, default="")
    final_on = models.DateField(_("最终期限"))
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class Stage(models.Model):
    """A stage; it is opened once every output of the stage before it is recorded."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("阶段"), max_length=40)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("截止日期"))
    opened_at = models.DateTimeField(_("启动时间"), null=True, blank=True)
    opened_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "number"], name="campaign_stage_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_stage_has_a_day"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, opened_by="") | (Q(opened_at__isnull=False) & ~Q(opened_by="")),
                name="campaign_stage_opened_at_with_by",
            ),
        ]
        ordering = ["schedule", "number"]

    def __str__(self) -> str:
        return self.title


class StageOutput(models.Model):
    """What a stage must leave behind; recorded with the document that shows it."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="outputs")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=20)
    title = models.CharField(_("阶段成果"), max_length=80)
    reference = models.CharField(_("文号或存放位置"), max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField(_("登记时间"), null=True, blank=True)
    recorded_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "key"], name="campaign_stageoutput_once"),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True, reference="", recorded_by="")
                | (Q(recorded_at__isnull=False) & ~Q(reference="") & ~Q(recorded_by="")),
                name="campaign_stageoutput_recorded_with_reference",
            ),
        ]
        ordering = ["stage", "order"]

    def __str__(self) -> str:
        return self.title


class PlanMove(models.Model):
    """The final date was moved: what was said before stays here, and on the timeline of each step.

    stages: [number, first day, last day] of every stage as it was before; steps: how many moved with it.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="moves")
    before = models.DateField(_("原最终期限"))
    after = models.DateField(_("新最终期限"))
    stages = models.JSONField()
    steps = models.PositiveIntegerField(_("随之调整的步骤"))
    reason = models.CharField(_("调整理由"), max_length=500)
    at = models.DateTimeField(_("调整时间"))
    by = models.CharField(max_length=150)
    seal = models.UUIDField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
