"""Evaluations, one result per item and area, and the scores summed above them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.models.reasons import reason_text
from shian.domains.campaign.models.scoring import ScoringVersion
from shian.domains.campaign.models.standard import Indicator, Standard
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class ItemState(models.TextChoices):
    """Where a result comes from; the five states of an item for an area."""

    COMPUTED = "computed", _("系统核算")
    VERDICT = "verdict", _("评审结论")
    EXTERNAL = "external", _("外部结果")
    UNKNOWN = "unknown", _("未定")
    NOT_APPLICABLE = "not_applicable", _("不适用")


class VetoState(models.TextChoices):
    CLEAR = "clear", _("未触发")
    TRIGGERED = "triggered", _("已触发")
    UNKNOWN = "unknown", _("未定")


class Evaluation(AreaScoped):
    """One run over an area and all areas below it, at a date. The current run of an area and date is marked."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="evaluations")
    scoring = models.ForeignKey(ScoringVersion, on_delete=models.PROTECT, related_name="evaluations")
    area_key = models.CharField(_("区划"), max_length=12)
    as_of = models.DateField(_("截止日期"))
    is_current = models.BooleanField(default=True)
    result_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area_key", "as_of"],
                condition=models.Q(is_current=True),
                name="campaign_evaluation_one_current",
            )
        ]
        indexes = [models.Index(fields=["area_key", "-as_of"], name="campaign_evaluation_area")]

    def __str__(self) -> str:
        return f"{self.area_key} {self.as_of}"


class ItemResult(AreaScoped):
    """One item for one area. `basis` lists each measure with value, part, whole and threshold, and the verdict.

    `score` and `lost` are empty while the state is unknown or not applicable; a not applicable item has no weight.
    """

    # The unique constraint below serves look-ups by evaluation; nothing looks up by indicator alone.
    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="results", db_index=False)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="results", db_index=False)
    area_key = models.CharField(max_length=9)
    level = models.CharField(max_length=8)
    section_number = models.PositiveSmallIntegerField()
    state = models.CharField(_("状态"), max_length=14, choices=ItemState)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    unit = models.CharField(max_length=20, blank=True, default="")
    operator = models.CharField(max_length=2, blank=True, default="")
    threshold = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    margin = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    met = models.BooleanField(null=True)
    ratio = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    weight = models.DecimalField(max_digits=8, decimal_places=4)
    score = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    lost = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    formula = models.CharField(max_length=60, blank=True, default="")
    reasons = models.JSONField(default=list)  # codes with facts, as rules.assessment gives them
    stated_reason = models.TextField(blank=True, default="")
    veto_state = models.CharField(max_length=10, blank=True, default="", choices=VetoState)
    is_near_veto = models.BooleanField(default=False)  # clear, but within the warning margin
    basis = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)  # SHA-256 of what the result says; their sum is the evaluation's
    lead_codes = ArrayField(models.CharField(max_length=20), default=list)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "area_key", "indicator"], name="campaign_result_once"),
            models.CheckConstraint(
                condition=(
                    models.Q(state__in=["unknown", "not_applicable"])
                    & models.Q(score__isnull=True, lost__isnull=True, ratio__isnull=True)
                )
                | (
                    models.Q(state__in=["computed", "verdict", "external"])
                    & models.Q(score__isnull=False, lost__isnull=False, ratio__isnull=False)
                ),
                name="campaign_result_score_fits_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["unknown", "not_applicable"], reasons=[]),
                name="campaign_result_says_why",
            ),
        ]
        indexes = [models.Index(fields=["evaluation", "indicator", "level"], name="campaign_result_ranking")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.area_key} {self.state}"

    @property
    def reason(self) -> str:
        """Why the result is what it is, in the reader's language; "" where nothing is to be said."""
        return reason_text(self.reasons)


class AreaScore(AreaScoped):
    """The ancestors of a result: the score of one section (or of all, number 0) for one area of an evaluation.

    `possible` is the weight of the applicable items, `decided` that of the items with a score.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="scores", db_index=False)
    area_key = models.CharField(max_length=9)
    level = models.CharField(max_length=8)
    section_number = models.PositiveSmallIntegerField()
    earned = models.DecimalField(max_digits=10, decimal_places=4)
    possible = models.DecimalField(max_digits=10, decimal_places=4)
    decided = models.DecimalField(max_digits=10, decimal_places=4)
    computed = models.PositiveSmallIntegerField()
    verdict = models.PositiveSmallIntegerField()
    external = models.PositiveSmallIntegerField()
    unknown = models.PositiveSmallIntegerField()
    not_applicable = models.PositiveSmallIntegerField()
    vetoes_clear = models.PositiveSmallIntegerField(default=0)
    vetoes_triggered = models.PositiveSmallIntegerField(default=0)
    vetoes_unknown = models.PositiveSmallIntegerField(default=0)
    as_of = models.DateField()  # the evaluation's, repeated for measures

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "area_key", "section_number"], name="campaign_score_once"),
            models.CheckConstraint(
                condition=models.Q(earned__lte=models.F("decided"), decided__lte=models.F("possible")),
                name="campaign_score_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_key} {self.section_number}"
