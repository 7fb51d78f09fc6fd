"""Rounds (F-01): which formats are checked in which ways, from when to when, by whom, and how the sample is drawn."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.models.covert import Mode
from shian.domains.fieldchecks.models.teams import FieldTeam
from shian.domains.fieldchecks.models.upward import UpwardQuerySet
from shian.kernel.scope.models import AreaScoped


class RoundState(models.TextChoices):
    PLANNED = "planned", _("已计划")
    DRAWN = "drawn", _("已抽取")
    VISITING = "visiting", _("检查中")
    CLOSED = "closed", _("已结束")


class FieldRoundQuerySet(UpwardQuerySet["FieldRound"]):
    """A county sees the city's rounds."""


class FieldRound(AreaScoped):
    """One round of field checks over an area. `number` is what visits name it by.

    ratio: the share of each stratum that is drawn, rounded up; least: so many of each stratum; reserves: so many stand
    by per one drawn; quiet_days: who was checked within so many days is left out.
    """

    number = models.CharField(_("轮次编号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=80)
    area_code = models.CharField(_("区划"), max_length=12)
    state = models.CharField(_("状态"), max_length=8, choices=RoundState, default=RoundState.PLANNED)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    ratio = models.DecimalField(_("抽取比例"), max_digits=5, decimal_places=4)
    least = models.PositiveSmallIntegerField(_("每层至少"), default=1)
    reserves = models.DecimalField(_("备选比例"), max_digits=4, decimal_places=2)
    quiet_days = models.PositiveSmallIntegerField(_("近期检查过的不抽（天）"))
    teams = models.ManyToManyField(FieldTeam, related_name="rounds", blank=True, verbose_name=_("检查队伍"))
    planned_at = models.DateTimeField(_("计划时间"))
    planned_by = models.CharField(max_length=150)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True, default="")

    objects = FieldRoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="fieldchecks_round_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ratio__gt=0, ratio__lte=1, reserves__gte=0), name="fieldchecks_round_shares_in_range"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(closed_by="")
                | ~Q(state="closed") & Q(closed_at__isnull=True, closed_by=""),
                name="fieldchecks_round_closed_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Under which subject a round is sealed, and what its draws are made for."""
        return f"fieldchecks.round:{self.pk}"


class RoundFormat(models.Model):
    """A format as it was when the round was planned: a later edition of the dictionary changes no round."""

    round = models.ForeignKey(FieldRound, on_delete=models.CASCADE, related_name="formats")
    mode = models.CharField(_("检查方式"), max_length=6, choices=Mode)
    code = models.CharField(_("业态代码"), max_length=20)
    name = models.CharField(_("业态"), max_length=60)
    form = models.CharField(_("打分表"), max_length=60, blank=True, default="")
    weight = models.DecimalField(_("权重"), max_digits=6, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "mode", "code"], name="fieldchecks_roundformat_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
