"""How verdicts and values become points: data with a version, never code."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.models.standard import Standard


class ScoringVersion(models.Model):
    """Weights per indicator and conversion rules. `is_illustrative` until a city enters its own weights."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="scorings")
    key = models.CharField(_("计分版本"), max_length=40)
    title = models.CharField(_("名称"), max_length=120)
    total = models.DecimalField(_("总分"), max_digits=8, decimal_places=2)
    weights = models.JSONField(default=dict)  # indicator code → points as text
    rules = models.JSONField(default=dict)  # as rules.weights.rules_of makes them
    confidence = models.CharField(_("可信度"), max_length=10, blank=True, default="")
    source = models.TextField(_("来源"), blank=True, default="")
    is_illustrative = models.BooleanField(_("示例权重"), default=True)
    effective_from = models.DateField(_("生效日期"))
    effective_to = models.DateField(_("失效日期"), null=True, blank=True)
    digest = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "key"], name="campaign_scoring_once"),
            models.CheckConstraint(
                condition=models.Q(effective_to__isnull=True) | models.Q(effective_to__gt=models.F("effective_from")),
                name="campaign_scoring_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title
