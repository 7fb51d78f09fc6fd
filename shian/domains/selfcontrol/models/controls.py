"""Daily control (C-16): a row per operator and day in monthly partitions, days declared closed, problems found."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.models.own import OfOperator, OwnQuerySet, in_order
from shian.kernel.scope.reach import Reach, reach_of
from shian.registers.operators.models import Operator

AT_ONCE = timedelta(minutes=2)  # what is received so soon after it was made did not wait for a network


class DayResult(models.TextChoices):
    CLEAR = "clear", _("零风险")
    PROBLEM = "problem", _("有问题")


class DailyQuerySet(OwnQuerySet["DailyControl"]):
    """The area columns stand in the row itself: 23 million of them a year are not joined to be counted."""

    def visible_to(self, user: object) -> "DailyQuerySet":
        reach: Reach = reach_of(user)
        if reach.operators:
            return self.filter(operator__in=reach.operators)
        condition = reach.area_filter()
        return self.filter(condition) if reach.everything or reach.by_level else self.none()


class DailyControl(models.Model):
    """What an operator recorded for a day. Partitioned by month (migration 0002), so Django makes no table of it.

    `answers`: item key → "pass", "problem" or "none" (nothing of the kind that day). is_late: after the day's end;
    is_backfilled: after the time for late records too. A record kept on a phone has the phone's time in `noted_at` and
    the seconds that its clock was ahead in `clock`; recorded_at is always the server's time of receipt. The columns of
    areas are those of the operator that day.
    """

    pk = models.CompositePrimaryKey("operator_id", "day")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("日期"))
    province = models.CharField(max_length=2)
    city = models.CharField(max_length=4)
    county = models.CharField(max_length=6)
    township = models.CharField(max_length=9)
    village = models.CharField(max_length=12)
    result = models.CharField(_("结果"), max_length=7, choices=DayResult)
    problems = models.PositiveSmallIntegerField(_("问题数"), default=0)
    list_version = models.PositiveIntegerField(_("清单版本"), default=0)
    answers = models.JSONField(default=dict)
    is_late = models.BooleanField(_("迟报"), default=False)
    is_backfilled = models.BooleanField(_("补录"), default=False)
    is_reported = models.BooleanField(_("已报告总监或负责人"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))
    noted_at = models.DateTimeField(_("手机记录时间"), null=True, blank=True)
    clock = models.IntegerField(_("手机时钟"), null=True, blank=True)
    recorded_by = models.CharField(max_length=150)

    objects = DailyQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "selfcontrol_dailycontrol"

    def __str__(self) -> str:
        return f"{self.operator_id} {self.day}"

    @property
    def made_at(self) -> datetime:
        """When it was made: at its receipt, or for one kept on a phone at the phone's time, its clock righted."""
        if self.noted_at is None:
            return self.recorded_at
        return min(self.noted_at - timedelta(seconds=self.clock or 0), self.recorded_at)

    @property
    def waited(self) -> bool:
        """Whether it was kept on a phone for a while before it could be sent."""
        return self.noted_at is not None and self.recorded_at - self.made_at > AT_ONCE


class Closure(OfOperator):
    """Days on which the business is closed and owes no record: from_on ≤ day ≤ to_on, declared before."""

    from_on = models.DateField(_("停业起"))
    to_on = models.DateField(_("停业止"))
    reason = models.CharField(_("原因"), max_length=100)
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=150)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=in_order("from_on", "to_on"), name="selfcontrol_closure_order")]
        indexes = [models.Index(fields=["operator", "from_on"], name="selfcontrol_closure_days")]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.from_on}"


class ProblemSource(models.TextChoices):
    DAILY = "daily", _("日管控")
    WEEKLY = "weekly", _("周排查")
    SELFEXAM = "selfexam", _("企业自查")


class OwnProblem(OfOperator):
    """What an operator found itself; handled once `handled_on` says so."""

    source = models.CharField(_("来源"), max_length=10, choices=ProblemSource)
    found_on = models.DateField(_("发现日期"))
    item = models.CharField(max_length=40, blank=True, default="")
    risk = models.CharField(_("风险点"), max_length=200)
    description = models.CharField(_("问题"), max_length=500, blank=True, default="")
    due_on = models.DateField(_("处置期限"))
    measure = models.CharField(_("处置措施"), max_length=500, blank=True, default="")
    handled_on = models.DateField(_("处置日期"), null=True, blank=True)
    found_by = models.CharField(max_length=150)
    handled_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "found_on", "item"],
                condition=Q(source="daily"),
                name="selfcontrol_problem_of_a_day_once",
            ),
            models.CheckConstraint(
                condition=Q(handled_on__isnull=True) | (Q(handled_on__gte=models.F("found_on")) & ~Q(measure="")),
                name="selfcontrol_problem_handled_with_measure",
            ),
        ]
        indexes = [models.Index(fields=["operator", "found_on"], name="selfcontrol_problem_found")]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.risk}"
