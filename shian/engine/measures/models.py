"""Figures as documents printed them: written once, never changed."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class FrozenFigure(models.Model):
    """A figure on the day a document printed it; a trigger refuses every UPDATE and DELETE.

    `definition` is the digest of the measure's declaration, so that a later change of the definition shows.
    """

    measure = models.CharField(_("指标"), max_length=80)
    area = models.CharField(_("区划"), max_length=12)
    as_of = models.DateField(_("数据时点"))
    period = models.CharField(_("期间"), max_length=24, blank=True, default="")
    value = models.DecimalField(_("数值"), max_digits=28, decimal_places=8, null=True)
    part = models.DecimalField(max_digits=28, decimal_places=8, null=True)
    whole = models.DecimalField(max_digits=28, decimal_places=8, null=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    unit = models.CharField(_("单位"), max_length=20, blank=True, default="")
    reason = models.CharField(max_length=40, blank=True, default="")
    definition = models.CharField(max_length=64)
    document = models.CharField(_("文件"), max_length=200)
    frozen_at = models.DateTimeField(_("冻结时间"))
    frozen_by = models.CharField(_("冻结人"), max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "measure", "area", "as_of", "period"], name="measures_frozen_once_per_document"
            )
        ]
        indexes = [models.Index(fields=["measure", "area", "-as_of"], name="measures_frozen_figure")]

    def __str__(self) -> str:
        return f"{self.measure} {self.area} {self.as_of}"

    @property
    def shown(self) -> Decimal | None:
        """The value as it was printed."""
        if self.value is None:
            return None
        return self.value.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
