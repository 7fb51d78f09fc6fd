"""Who of an operator may sign in for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.models.own import OfOperator, in_order


class Duty(models.TextChoices):
    """What somebody answers for in a business."""

    PRINCIPAL = "principal", _("主要负责人")
    DIRECTOR = "director", _("食品安全总监")
    OFFICER = "officer", _("食品安全员")


class OperatorAccount(OfOperator):
    """A user bound to an operator: valid_from ≤ day < valid_to. A principal may have several businesses."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(_("职责"), max_length=10, choices=Duty)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    opened_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "operator"], condition=Q(valid_to__isnull=True), name="selfcontrol_account_once"
            ),
            models.CheckConstraint(condition=in_order("valid_from", "valid_to"), name="selfcontrol_account_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.operator_id}"
