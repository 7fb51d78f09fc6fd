"""The census of operators (C-01) and their tiers A to D (C-02), both dated."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.operators.models import Operator


class TierLetter(models.TextChoices):
    """What an operator is by size; the level of its official follows from it."""

    A = "A", _("A级")
    B = "B", _("B级")
    C = "C", _("C级")
    D = "D", _("D级")


class CensusState(models.TextChoices):
    LISTED = "listed", _("已列入")
    VISITED = "visited", _("已走访")
    VERIFIED = "verified", _("已核实")
    EXCLUDED = "excluded", _("不纳入")


class Exclusion(models.TextChoices):
    """Why a registered operator has no tier."""

    CLOSED = "closed", _("已停业、歇业或查无下落")
    MERGED = "merged", _("并入总部、市场或托管方一并包保")
    SMALL = "small", _("小作坊、小餐饮，由乡村网格统一包保")
    STALL = "stall", _("流动或季节性摊点，由街面网格管理")
    NO_FOOD = "no_food", _("已不从事食品经营")
    ONLINE = "online", _("无实体场所，由平台所在地管理")
    DUPLICATE = "duplicate", _("重复登记")
    RELATED = "related", _("只生产食品相关产品")
    AGENCY = "agency", _("由行业主管部门另行包保")


class TierState(models.TextChoices):
    PROPOSED = "proposed", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REFUSED = "refused", _("未通过")


class TierOrigin(models.TextChoices):
    RULE = "rule", _("按规则")
    MANUAL = "manual", _("人工调整")
    FILE = "file", _("导入")


def never_twice(name: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows of an operator hold on the same day. The range of one number stands for the number, so that the
    index needs no extension of the database."""
    operator = Func(F("operator"), F("operator"), models.Value("[]"), function="int8range")
    days = Func(F("valid_from"), F("valid_to"), function="daterange")
    overlaps = RangeOperators.OVERLAPS
    return ExclusionConstraint(name=name, expressions=[(operator, overlaps), (days, overlaps)], condition=condition)


class CensusEntry(AreaScoped):
    """What the census found at an operator; a row holds for valid_from ≤ day < valid_to.

    listed → visited → verified, or excluded for a reason. `output`: a year's turnover in 10,000 yuan; `diners`: of a
    canteen.
    """

    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("经营主体")
    )
    state = models.CharField(_("摸底状态"), max_length=8, choices=CensusState)
    employees = models.PositiveIntegerField(_("从业人数"), null=True, blank=True)
    output = models.DecimalField(_("年产值（万元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    diners = models.PositiveIntegerField(_("就餐人数"), null=True, blank=True)
    visited_on = models.DateField(_("走访日期"), null=True, blank=True)
    verified_on = models.DateField(_("核实日期"), null=True, blank=True)
    verifier = models.CharField(_("核实单位"), max_length=80, blank=True, default="")
    exclusion = models.CharField(_("不纳入原因"), max_length=10, choices=Exclusion, blank=True, default="")
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("终止日期"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator"], name="duties_census_one_now", condition=Q(valid_to__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(state="excluded") ^ Q(exclusion=""), name="duties_census_excluded_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="verified", verified_on__isnull=False)
                | Q(state="visited", visited_on__isnull=False, verified_on__isnull=True)
                | Q(state__in=("listed", "excluded")),
                name="duties_census_state_follows_days",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="duties_census_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-valid_from"], name="duties_census_history"),
            models.Index(fields=["county", "state"], name="duties_census_county", condition=Q(valid_to__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.state}"


class Tier(AreaScoped):
    """An operator's tier for valid_from ≤ day < valid_to; a change ends the row and begins another.

    `reason` says in words why; `rule_version` which thresholds spoke. `output` in 10,000 yuan a year. What a person
    sets against the rule another person confirms. A proposal or a refusal has a `valid_from` and holds nothing.
    """

    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("经营主体")
    )
    tier = models.CharField(_("包保层级"), max_length=1, choices=TierLetter)
    state = models.CharField(_("状态"), max_length=9, choices=TierState, default=TierState.CONFIRMED)
    origin = models.CharField(_("来源"), max_length=6, choices=TierOrigin, default=TierOrigin.RULE)
    industry = models.CharField(_("行业"), max_length=13, blank=True, default="")
    employees = models.PositiveIntegerField(_("从业人数"), null=True, blank=True)
    output = models.DecimalField(_("年产值（万元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    rule_version = models.CharField(_("规则版本"), max_length=20, blank=True, default="")
    reason = models.CharField(_("分级依据"), max_length=200)
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("终止日期"), null=True, blank=True)
    ended_because = models.CharField(_("终止原因"), max_length=200, blank=True, default="")
    set_by = models.CharField(_("提出人"), max_length=150)
    set_at = models.DateTimeField(_("提出时间"))
    decided_by = models.CharField(_("确认人"), max_length=150, blank=True, default="")
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            never_twice("duties_tier_once", Q(state="confirmed")),
            models.UniqueConstraint(
                fields=["operator"], name="duties_tier_one_proposal", condition=Q(state="proposed")
            ),
            models.UniqueConstraint(fields=["id", "operator", "tier"], name="duties_tier_as_matched"),
            models.CheckConstraint(
                condition=~Q(origin="manual") | Q(decided_by="") | ~Q(decided_by=F("set_by")),
                name="duties_tier_second_person",
            ),
            models.CheckConstraint(
                condition=Q(decided_by="", decided_at__isnull=True) | (~Q(decided_by="") & Q(decided_at__isnull=False)),
                name="duties_tier_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(origin="manual", state="confirmed") | ~Q(decided_by=""),
                name="duties_tier_override_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="duties_tier_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-valid_from"], name="duties_tier_history"),
            models.Index(
                fields=["county", "township", "tier"], name="duties_tier_now",
                condition=Q(valid_to__isnull=True, state="confirmed"),
            ),
        ]  # fmt: skip

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"duties.tier:{self.pk}"

    def __str__(self) -> str:
        return f"{self.operator_id} {self.tier}"
