"""Visits of officials to the businesses they answer for (C-07), what they found wrong, and the figures of a quarter."""

from typing import Any, Self

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.domains.duties.models.matches import Match
from shian.domains.duties.models.officials import Official
from shian.domains.duties.models.tiers import TierLetter
from shian.domains.duties.rules.visits import Near
from shian.engine.cases.models import Case
from shian.engine.forms.models import FormSubmission
from shian.kernel.files.models import StoredFile
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator


class Way(models.TextChoices):
    ONSITE = "onsite", _("现场督导")
    REMOTE = "remote", _("线上督导")


NEAR_WORDS = (
    (Near.NEAR.value, _("在现场")),
    (Near.UNSURE.value, _("定位不准，无法判断")),
    (Near.FAR.value, _("不在现场")),
    (Near.UNKNOWN.value, _("没有定位")),
)


class VisitQuerySet(ScopedQuerySet["DutyVisit"]):
    def visible_to(self, user: Any) -> Self:
        """Those of the own area, and the own ones wherever they were."""
        officials = (
            Official.objects.filter(person__user=user.pk) if getattr(user, "pk", None) else Official.objects.none()
        )
        reach = reach_of(user)
        return self.all() if reach.everything else self.filter(reach.area_filter() | Q(official__in=officials))


class DutyVisit(AreaScoped):
    """One visit by an official to one operator; what stands here was true on the day and never changes, but for
    is_untrue: a spot check found that it was not made as it is told, and it no longer counts as a visit.

    quarter: 2023Q1. match: why it was this official; tier: that of the match. lat, lon in degrees, accuracy and
    distance (to the operator's place) in metres; nearness judges them. faults: questions answered 否; asked, known:
    questions on what staff must know, and those answered well. companion: who came along; is_trained: had the official
    a training that counted. is_late: it came in after the figures of its quarter were frozen. submission: the sheet
    (none: a file brought it, see batch). The five area columns are the operator's.
    """

    uid = models.UUIDField(unique=True, db_default=RandomUUID())
    number = models.CharField(_("督导编号"), max_length=40, unique=True)
    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, related_name="+", verbose_name=_("经营主体"), db_index=False
    )
    official = models.ForeignKey(
        Official, on_delete=models.PROTECT, related_name="+", verbose_name=_("包保干部"), db_index=False
    )
    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="+", db_index=False)
    tier = models.CharField(_("包保层级"), max_length=1, choices=TierLetter)
    quarter = models.CharField(_("季度"), max_length=6)
    visited_on = models.DateField(_("督导日期"))
    way = models.CharField(_("督导方式"), max_length=6, choices=Way, default=Way.ONSITE)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)
    distance = models.FloatField(_("距主体（米）"), null=True, blank=True)
    nearness = models.CharField(_("定位"), max_length=7, choices=NEAR_WORDS, default=Near.UNKNOWN.value)
    companion = models.CharField(_("同行人员"), max_length=60, blank=True, default="")
    is_trained = models.BooleanField(_("已培训"), default=True)
    form = models.CharField(_("督导表"), max_length=60, blank=True, default="")
    submission = models.OneToOneField(
        FormSubmission, on_delete=models.PROTECT, null=True, blank=True, related_name="duty_visit"
    )
    faults = models.PositiveSmallIntegerField(_("问题数"), default=0)
    asked = models.PositiveSmallIntegerField(_("抽问题数"), null=True, blank=True)
    known = models.PositiveSmallIntegerField(_("答对题数"), null=True, blank=True)
    opinion = models.TextField(_("督导意见"), blank=True, default="")
    operator_signature = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    official_signature = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField(_("收到时间"))
    is_late = models.BooleanField(_("冻结后补报"), default=False)
    is_untrue = models.BooleanField(_("核查不属实"), default=False, db_default=False)
    batch = models.BigIntegerField(null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__isnull=False, lon__isnull=False),
                name="duties_visit_whole_place",
            ),
            models.CheckConstraint(
                condition=Q(asked__isnull=True, known__isnull=True) | Q(known__lte=models.F("asked")),
                name="duties_visit_known_of_asked",
            ),
            models.CheckConstraint(condition=Q(quarter__regex=r"^\d{4}Q[1-4]$"), name="duties_visit_quarter"),
        ]
        indexes = [
            # Coverage reads this alone: who was truly seen between two days.
            models.Index(
                fields=["visited_on"], include=["operator"], name="duties_visit_seen", condition=Q(is_untrue=False)
            ),
            models.Index(fields=["operator", "-visited_on"], name="duties_visit_operator"),
            models.Index(fields=["official", "-visited_on"], name="duties_visit_official"),
            models.Index(fields=["county", "township", "-visited_on", "-id"], name="duties_visit_area"),
            models.Index(fields=["-visited_on", "-id"], name="duties_visit_newest"),
            models.Index(fields=["visited_on"], name="duties_visit_faulty", condition=Q(faults__gt=0)),
            models.Index(fields=["visited_on"], name="duties_visit_late", condition=Q(is_late=True)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """What seals about it, and the problems that it found, name."""
        return f"duties.visit:{self.uid}"


class FaultQuerySet(models.QuerySet["VisitFault"]):
    def visible_to(self, user: Any) -> Self:
        """Those of visits that the user sees."""
        return self.filter(visit__in=DutyVisit.objects.visible_to(user))


class VisitFault(models.Model):
    """A question answered 否: its name in the sheet, its words, what was written and photographed; is_fixed: put right
    before the official left. `problem` is the case that follows from it."""

    visit = models.ForeignKey(DutyVisit, on_delete=models.CASCADE, related_name="found")
    item = models.CharField(max_length=60)
    label = models.CharField(_("督导内容"), max_length=200)
    note = models.TextField(_("情况"), blank=True, default="")
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_fixed = models.BooleanField(_("当场改正"), default=False)
    problem = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = FaultQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "item"], name="duties_fault_once")]
        ordering = ["visit", "pk"]

    def __str__(self) -> str:
        return self.label


class QuarterFigure(AreaScoped):
    """What a quarter came to in one area and tier on the day when it was closed; a trigger refuses any change.

    tier "" is all of them. in_force: businesses with an official on the quarter's last day; visited: those of them
    that were visited when due; faults: questions answered 否.
    """

    quarter = models.CharField(_("季度"), max_length=6)
    ended_on = models.DateField(_("季度末日"))
    area_key = models.CharField(_("区划"), max_length=12)
    tier = models.CharField(_("包保层级"), max_length=1, blank=True, default="")
    in_force = models.PositiveIntegerField(_("应督导主体"))
    visited = models.PositiveIntegerField(_("已督导主体"))
    visits = models.PositiveIntegerField(_("督导次数"))
    faults = models.PositiveIntegerField(_("发现问题"))
    closed_at = models.DateTimeField(_("冻结时间"))
    closed_by = models.CharField(_("冻结人"), max_length=150)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarter", "area_key", "tier"], name="duties_quarter_once"),
            models.CheckConstraint(condition=Q(visited__lte=models.F("in_force")), name="duties_quarter_part_of_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.area_key} {self.tier}"

    @property
    def subject(self) -> str:
        """What the seal of the quarter's closing names."""
        return f"duties.quarter:{self.city or self.county}-{self.quarter}"
