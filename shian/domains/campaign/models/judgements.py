"""What people decide: verdicts of reviewers and reasons stated by the office. Rows are added, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.models.standard import Standard
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class VerdictWord(models.TextChoices):
    MET = "达标", _("达标")
    PARTLY = "部分达标", _("部分达标")
    UNMET = "不达标", _("不达标")
    NOT_APPLICABLE = "不适用", _("不适用")


class Verdict(AreaScoped):
    """A reviewer's verdict on one item for one area. At a date the newest review up to it counts; a correction of the
    same day's review supersedes it, and both stay."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="verdicts")
    indicator_code = models.CharField(_("评价内容编号"), max_length=12)
    area_code = models.CharField(_("区划代码"), max_length=12)
    verdict = models.CharField(_("结论"), max_length=6, choices=VerdictWord)
    ratio = models.DecimalField(_("得分率"), max_digits=5, decimal_places=4)
    reason = models.TextField(_("理由"), blank=True, default="")
    reviewer = models.CharField(_("评审人"), max_length=60)
    reviewed_on = models.DateField(_("评审日期"))
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=150)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "indicator_code", "area_code", "reviewed_on"],
                condition=models.Q(superseded_at__isnull=True),
                name="campaign_verdict_one_per_day",
            ),
            models.CheckConstraint(
                condition=models.Q(ratio__gte=0, ratio__lte=1), name="campaign_verdict_ratio_between_0_and_1"
            ),
            models.CheckConstraint(
                condition=(models.Q(verdict="达标", ratio=1) | ~models.Q(verdict="达标"))
                & (models.Q(verdict="不达标", ratio=0) | ~models.Q(verdict="不达标")),
                name="campaign_verdict_ratio_fits_word",
            ),
        ]
        indexes = [models.Index(fields=["standard", "indicator_code", "area_code"], name="campaign_verdict_item")]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.area_code} {self.verdict}"


class StatedReason(AreaScoped):
    """Why the office leaves an item without a score; the report may be made once each such item has one."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="stated_reasons")
    indicator_code = models.CharField(_("评价内容编号"), max_length=12)
    area_code = models.CharField(_("区划代码"), max_length=12)
    reason = models.TextField(_("理由"))
    stated_on = models.DateField(_("说明日期"))
    stated_at = models.DateTimeField()
    stated_by = models.CharField(max_length=150)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="campaign_stated_reason_says_it")]
        indexes = [models.Index(fields=["standard", "indicator_code", "area_code"], name="campaign_reason_item")]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.area_code}"
