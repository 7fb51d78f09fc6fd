"""Self-examination and its report (C-20)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.models.own import PlacedOfOperator


class SelfExam(PlacedOfOperator):
    """due → reported → problems → rectified. `duty_class` is a key of packs/parameters/selfcontrol/selfexams.yaml,
    `year` the year reported on. In time when reported_on ≤ due_on."""

    duty_class = models.CharField(_("报告类别"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年度"))
    due_on = models.DateField(_("报告期限"))
    reported_on = models.DateField(_("报告日期"))
    problems = models.PositiveIntegerField(_("发现问题数"), default=0)
    rectified = models.PositiveIntegerField(_("已整改数"), default=0)
    is_monitored = models.BooleanField(_("开展在售产品质量监测"), default=False)
    summary = models.TextField(_("自查情况"), blank=True, default="")
    reported_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "duty_class", "year"], name="selfcontrol_selfexam_once"),
            models.CheckConstraint(condition=Q(rectified__lte=F("problems")), name="selfcontrol_selfexam_rectified"),
        ]
        indexes = [models.Index(fields=["year", "duty_class", "operator"], name="selfcontrol_selfexam_year")]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.year} {self.duty_class}"
