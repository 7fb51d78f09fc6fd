"""An operator's own list of risks and controls (C-19)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.models.own import OfOperator, in_order


class RiskList(OfOperator):
    """template → adapted (a draft without days) → approved (valid_from ≤ day < valid_to) → revised (the next version).

    `items`: [{key, process, risk, control, frequency}]; the template's key and version tell where it began.
    """

    version = models.PositiveIntegerField(_("版本"))
    template = models.CharField(_("模板"), max_length=30)
    template_version = models.CharField(max_length=10)
    is_simplified = models.BooleanField(_("简化清单"), default=False)
    items = models.JSONField()
    reason = models.CharField(_("修订原因"), max_length=200, blank=True, default="")
    written_by = models.CharField(max_length=150)
    approved_by = models.CharField(max_length=150, blank=True, default="")
    approved_at = models.DateTimeField(null=True, blank=True)
    valid_from = models.DateField(_("生效日期"), null=True, blank=True)
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "version"], name="selfcontrol_list_version"),
            models.UniqueConstraint(
                fields=["operator"],
                condition=Q(valid_from__isnull=False, valid_to__isnull=True),
                name="selfcontrol_one_list_in_force",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, valid_from__isnull=True, valid_to__isnull=True)
                | (Q(approved_at__isnull=False, valid_from__isnull=False) & in_order("valid_from", "valid_to")),
                name="selfcontrol_list_days_with_approval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} v{self.version}"
