"""How verdicts and values become points: dated data of a standard and an area, never code."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.models.standard import Standard


class ScoringVersion(models.Model):
    """Weights per section and per indicator, with their conversion rules, for an area from a day on.

    `area_key` is the city or county whose own they are, "" for every area that has none. `is_illustrative` marks points
    that no document states; an area's own ones go before them.
    """

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="scorings")
    area_key = models.CharField(_("适用区划"), max_length=6, blank=True, default="")
    key = models.CharField(_("计分版本"), max_length=40)
    title = models.CharField(_("名称"), max_length=120)
    total = models.DecimalField(_("总分"), max_digits=8, decimal_places=2)
    sections = models.JSONField(default=dict)  # section number → points as text, as entered
    own_weights = models.JSONField(default=dict)  # indicator code → points as text, where one was entered for it
    weights = models.JSONField(default=dict)  # indicator code → points as text, of every indicator
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
            models.UniqueConstraint(fields=["standard", "area_key", "key"], name="campaign_scoring_once"),
            models.CheckConstraint(
                condition=models.Q(effective_to__isnull=True) | models.Q(effective_to__gt=models.F("effective_from")),
                name="campaign_scoring_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title
