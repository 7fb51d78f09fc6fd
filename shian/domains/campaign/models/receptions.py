"""The weekly notices of what an evaluation found (整改周通报), frozen as they were issued."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.engine.cases.models import Case
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class WeeklyNotice(AreaScoped):
    """One issue for one reception. The counts are those of its lines; `as_of` is the day up to which they count.

    Rows are written once, when the notice is issued: the database refuses any change (migration 0004).
    """

    reception = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("期号"))
    as_of = models.DateField(_("统计截止"))
    since = models.DateField(_("上期截止"), null=True, blank=True)
    demands = models.TextField(_("工作要求"), max_length=2000, blank=True, default="")
    counts = models.JSONField()
    issued_at = models.DateTimeField(_("印发时间"))
    issued_by = models.CharField(max_length=150)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reception", "number"], name="campaign_weeklynotice_once"),
            models.UniqueConstraint(fields=["reception", "as_of"], name="campaign_weeklynotice_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.reception_id}/{self.number}"


class NoticeLine(models.Model):
    """One problem as it stood in a notice. `is_new`, `is_closed`, `is_reopened`, `is_withdrawn` are its movement since
    the notice before; a withdrawn one (不成立、并案) counts no more."""

    notice = models.ForeignKey(WeeklyNotice, on_delete=models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("问题"), max_length=200)
    unit_name = models.CharField(_("整改单位"), max_length=100, blank=True, default="")
    state_label = models.CharField(_("状态"), max_length=20)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    is_open = models.BooleanField()
    is_overdue = models.BooleanField()
    is_new = models.BooleanField()
    is_closed = models.BooleanField()
    is_reopened = models.BooleanField()
    is_withdrawn = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "case"], name="campaign_noticeline_once")]
        ordering = ["notice", "pk"]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.case_id}"
