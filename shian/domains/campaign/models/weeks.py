"""The weekly ledger: weeks, one report for each unit, its lines, and corrections of locked weeks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.people.models import Organisation


class Week(AreaScoped):
    """A week of the campaign in one area. The database refuses any change of its lines once it is locked."""

    monday = models.DateField(_("周一"))
    cut_off_at = models.DateTimeField(_("截止时间"))
    lock_on = models.DateField(_("锁定日期"))
    opened_at = models.DateTimeField()
    locked_at = models.DateTimeField(_("锁定时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "county", "monday"], name="campaign_week_once")]

    def __str__(self) -> str:
        return self.monday.isoformat()


class ReportState(models.TextChoices):
    OPEN = "open", _("未报")
    FILED = "filed", _("已报")
    CONFIRMED = "confirmed", _("已确认")


class WeekReport(AreaScoped):
    """What one unit reports for one week; there is a row for every unit from the week's first day, filed or not."""

    week = models.ForeignKey(Week, on_delete=models.CASCADE, related_name="reports")
    unit = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    state = models.CharField(_("状态"), max_length=9, choices=ReportState, default=ReportState.OPEN)
    filed_at = models.DateTimeField(_("填报时间"), null=True, blank=True)
    filed_by = models.CharField(max_length=150, blank=True, default="")
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = models.CharField(max_length=150, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week", "unit"], name="campaign_weekreport_once"),
            models.CheckConstraint(
                condition=Q(state="open", filed_at__isnull=True) | (~Q(state="open") & Q(filed_at__isnull=False)),
                name="campaign_weekreport_filed_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.week_id}"


class WeekLine(models.Model):
    """One matter of a report: an item of the standard ("" for others), what was done, is planned, is wrong."""

    report = models.ForeignKey(WeekReport, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField(_("序号"))
    item_code = models.CharField(_("评价内容"), max_length=12, blank=True, default="")
    done = models.TextField(_("本周完成"), max_length=1000)
    planned = models.TextField(_("下周计划"), max_length=1000, blank=True, default="")
    problem = models.TextField(_("存在问题"), max_length=1000, blank=True, default="")
    help_needed = models.TextField(_("需协调事项"), max_length=1000, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="campaign_weekline_once")]
        ordering = ["report", "number"]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.number}"


class WeekCorrection(models.Model):
    """A locked report was changed: what it said, what it says now, who, when and why. Rows are never changed."""

    report = models.ForeignKey(WeekReport, on_delete=models.PROTECT, related_name="corrections")
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(_("更正理由"), max_length=500)
    at = models.DateTimeField(_("更正时间"))
    by = models.CharField(max_length=150)
    seal = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.report_id} {self.at:%Y-%m-%d}"
