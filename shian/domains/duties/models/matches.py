"""Who answers for which operator (C-04): matches, and the plans that propose them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.duties.models.officials import Official, OfficialLevel
from shian.domains.duties.models.tiers import Tier, TierLetter, never_twice
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.operators.models import Operator

AS_TIERED = (
    Q(tier="A", level="city")
    | Q(tier="B", level="county")
    | Q(tier="C", level="township")
    | Q(tier="D", level="village")
)


class PlanState(models.TextChoices):
    PROPOSED = "proposed", _("待批准")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
    STALE = "stale", _("已失效")


class PlanKind(models.TextChoices):
    FILL = "fill", _("补齐未对接")
    HANDOVER = "handover", _("干部调整")
    BALANCE = "balance", _("重新均衡")


class MatchPlan(AreaScoped):
    """Matches proposed together for an area and approved together, by another person.

    `seen_at`: the moment whose tiers, officials and matches it was worked out from. `counts`: lines, unmatched,
    heaviest load before and after.
    """

    kind = models.CharField(_("方案类别"), max_length=8, choices=PlanKind)
    area_code = models.CharField(_("区划"), max_length=12)
    reason = models.CharField(_("原因"), max_length=200)
    state = models.CharField(_("状态"), max_length=8, choices=PlanState, default=PlanState.PROPOSED)
    counts = models.JSONField(default=dict)
    seen_at = models.DateTimeField()
    made_by = models.CharField(_("提出人"), max_length=150)
    decided_by = models.CharField(_("批准人"), max_length=150, blank=True, default="")
    decided_at = models.DateTimeField(_("批准时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by="", decided_at__isnull=True)
                | (Q(decided_at__isnull=False) & ~Q(decided_by="") & ~Q(decided_by=F("made_by"))),
                name="duties_plan_second_person",
            ),
        ]

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"duties.plan:{self.pk}"

    def __str__(self) -> str:
        return f"{self.kind} {self.area_code}"


class PlanLine(models.Model):
    """One operator of a plan: the official it would get; none where nobody of the level stands there."""

    plan = models.ForeignKey(MatchPlan, on_delete=models.CASCADE, related_name="lines")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    official = models.ForeignKey(Official, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    former = models.ForeignKey(Official, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("理由"), max_length=120, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "tier"], name="duties_planline_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.tier_id}"


class Match(AreaScoped):
    """An official answers for an operator while valid_from ≤ day < valid_to; an operator has one on any day.

    It is made for one row of the operator's tier, whose letter and the official's level it repeats: foreign keys over
    both (migration 0002) and a check make a match of the wrong level impossible. `begun_at` and `ended_at` are the
    moments of the same deeds. Its five area columns are the operator's.
    """

    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("经营主体")
    )
    official = models.ForeignKey(
        Official, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("包保干部")
    )
    tier_row = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(_("包保层级"), max_length=1, choices=TierLetter)
    level = models.CharField(_("干部层级"), max_length=8, choices=OfficialLevel)
    reason = models.CharField(_("对接原因"), max_length=200)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("终止日期"), null=True, blank=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(_("终止原因"), max_length=200, blank=True, default="")
    plan = models.ForeignKey(MatchPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            never_twice("duties_match_one_official"),
            models.CheckConstraint(condition=AS_TIERED, name="duties_match_level_of_tier"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True, ended_at__isnull=True)
                | Q(valid_to__gte=F("valid_from"), ended_at__isnull=False),
                name="duties_match_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-valid_from"], name="duties_match_history"),
            models.Index(fields=["official", "valid_from", "valid_to"], name="duties_match_official"),
            models.Index(
                fields=["county", "township", "tier"], name="duties_match_now", condition=Q(valid_to__isnull=True)
            ),
        ]

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"duties.match:{self.pk}"

    def __str__(self) -> str:
        return f"{self.operator_id} {self.official_id}"
