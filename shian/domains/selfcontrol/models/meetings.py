"""The month's dispatch meeting by the principal (C-18), and what it decides."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.models.own import OfOperator


class DispatchMeeting(OfOperator):
    """due → held → minutes signed; its decisions are tracked. `month` is the first day of the month it is about."""

    month = models.DateField(_("月份"))
    held_on = models.DateField(_("召开日期"))
    participants = models.CharField(_("参加人员"), max_length=300)
    heard = models.TextField(_("听取汇报"))
    plan = models.TextField(_("下月安排"), blank=True, default="")
    written_by = models.CharField(max_length=150)
    signed_by = models.CharField(max_length=150, blank=True, default="")
    signed_at = models.DateTimeField(_("签字时间"), null=True, blank=True)
    is_late = models.BooleanField(_("迟报"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "month"], name="selfcontrol_month_once"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by="") | (Q(signed_at__isnull=False) & ~Q(signed_by="")),
                name="selfcontrol_month_signed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["month"], name="selfcontrol_month")]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.month}"


class Decision(OfOperator):
    """What a meeting decided: stands in each day's list from the signing until it is done."""

    meeting = models.ForeignKey(DispatchMeeting, on_delete=models.PROTECT, related_name="decisions")
    text = models.CharField(_("决定事项"), max_length=300)
    due_on = models.DateField(_("完成期限"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    done_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["operator"], condition=Q(done_on__isnull=True), name="selfcontrol_decision_open")
        ]

    def __str__(self) -> str:
        return self.text
