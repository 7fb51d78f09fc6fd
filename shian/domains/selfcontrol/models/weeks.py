"""The week's check by the director or the officer (C-17)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.models.accounts import Duty
from shian.domains.selfcontrol.models.own import OfOperator


class WeeklyCheck(OfOperator):
    """due → drafted → signed. `monday` is the first day of the ISO week; `found` keeps what the report began with:
    {"days": {"2026-11-16": "clear"}, "problems": [{"found_on", "risk", "description", "measure"}]}."""

    monday = models.DateField(_("周一"))
    found = models.JSONField()
    summary = models.TextField(_("本周情况"), blank=True, default="")
    risks = models.TextField(_("风险分析"), blank=True, default="")
    measures = models.TextField(_("治理措施"), blank=True, default="")
    drafted_by = models.CharField(max_length=150)
    signed_by = models.CharField(max_length=150, blank=True, default="")
    signed_duty = models.CharField(max_length=10, choices=Duty, blank=True, default="")
    signed_at = models.DateTimeField(_("签字时间"), null=True, blank=True)
    is_late = models.BooleanField(_("迟报"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "monday"], name="selfcontrol_week_once"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by="") | (Q(signed_at__isnull=False) & ~Q(signed_by="")),
                name="selfcontrol_week_signed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["monday"], name="selfcontrol_week_monday")]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.monday}"
