"""What was counted each night: written once, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DailyFigure(models.Model):
    """One measure on one day for the city and its counties; a trigger refuses UPDATE, DELETE and TRUNCATE.

    `areas` maps area key → [value, part, whole, reason], numbers as text, so that a year of three hundred measures
    stays under a hundred thousand rows. `is_late`: counted after the night that followed the day.
    """

    day = models.DateField(_("数据时点"))
    measure = models.CharField(_("指标"), max_length=80)
    definition = models.CharField(max_length=64)
    areas = models.JSONField(default=dict)
    taken_at = models.DateTimeField(_("冻结时间"))
    is_late = models.BooleanField(_("补记"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "day"], name="snapshots_daily_once")]
        indexes = [models.Index(fields=["day"], name="snapshots_daily_day")]

    def __str__(self) -> str:
        return f"{self.measure} {self.day}"
