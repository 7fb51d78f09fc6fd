"""Scores of units by period, kept once the office has confirmed them (A-16); until then they are counted from rows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.engine.cases.models import Case
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.people.models import Organisation


class RankingState(models.TextChoices):
    CONFIRMED = "confirmed", _("已确认")
    PUBLISHED = "published", _("已公布")


class UnitRanking(AreaScoped):
    """The units of a campaign in one period, as the office confirmed them. `period` is written as for measures."""

    period = models.CharField(_("期间"), max_length=8)
    started_on = models.DateField(_("期间起"))
    counted_on = models.DateField(_("截至"))
    rule_from = models.DateField(_("办法生效日期"))
    total = models.DecimalField(_("总分"), max_digits=8, decimal_places=2)
    state = models.CharField(_("状态"), max_length=9, choices=RankingState, default=RankingState.CONFIRMED)
    confirmed_at = models.DateTimeField(_("确认时间"))
    confirmed_by = models.CharField(max_length=150)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    published_by = models.CharField(max_length=150, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "county", "period"], name="campaign_unitranking_once"),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at__isnull=True)),
                name="campaign_unitranking_published_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.period}"


class UnitScore(models.Model):
    """One unit of a confirmed ranking. `parts`: [{key, maximum, score, losses: [{code, title, reason, lost, url}]}],
    points as text. `group`: units of one kind are ranked among themselves. A unit of which too little was decided has
    no place."""

    ranking = models.ForeignKey(UnitRanking, on_delete=models.CASCADE, related_name="scores")
    unit = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    group = models.CharField(_("类别"), max_length=10)
    score = models.DecimalField(_("得分"), max_digits=8, decimal_places=4, null=True, blank=True)
    place = models.PositiveSmallIntegerField(_("名次"), null=True, blank=True)
    parts = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ranking", "unit"], name="campaign_unitscore_once"),
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(score__gte=0, place__gte=1),
                name="campaign_unitscore_place_needs_score",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.score}"


class ScoreCorrection(models.Model):
    """A published score was changed after an appeal: one dimension before and after, why. Rows are only added."""

    score = models.ForeignKey(UnitScore, on_delete=models.PROTECT, related_name="corrections")
    part = models.CharField(_("维度"), max_length=10)
    before = models.DecimalField(_("原得分"), max_digits=8, decimal_places=4)
    after = models.DecimalField(_("更正后"), max_digits=8, decimal_places=4)
    reason = models.CharField(_("更正理由"), max_length=500)
    appeal = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", verbose_name=_("申诉"))
    at = models.DateTimeField(_("更正时间"))
    by = models.CharField(max_length=150)
    seal = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appeal", "part"], name="campaign_scorecorrection_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="campaign_scorecorrection_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.score_id} {self.part}"
