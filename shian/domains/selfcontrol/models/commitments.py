"""Texts that operators sign in the portal (K-05), and who signed. Those signed on paper: the ledger `commitments`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.models.own import PlacedOfOperator
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class CommitmentText(AreaScoped):
    """issued → signed by operators of the area → withdrawn. `kinds`: whom it is for, all kinds when empty."""

    number = models.CharField(_("文本编号"), max_length=40, unique=True)
    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("承诺内容"))
    kinds = models.JSONField(_("适用类别"), default=list)
    area_code = models.CharField(_("适用区划"), max_length=12)
    issued_on = models.DateField(_("发布日期"))
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    issued_by = models.CharField(max_length=150)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class CommitmentSignature(PlacedOfOperator):
    """An operator's principal signed a text on a day."""

    text = models.ForeignKey(CommitmentText, on_delete=models.PROTECT, related_name="signatures")
    signed_on = models.DateField(_("签署日期"))
    signed_by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "operator"], name="selfcontrol_signed_once")]

    def __str__(self) -> str:
        return f"{self.text_id} {self.operator_id}"
