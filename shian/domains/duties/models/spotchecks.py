"""Supervision of supervisors (C-09): a sample of visits is looked at again, and areas are scored."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.duties.models.visits import DutyVisit
from shian.engine.cases.models import Case
from shian.kernel.files.models import StoredFile
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of


class SpotState(models.TextChoices):
    PLANNED = "planned", _("已计划")
    SAMPLED = "sampled", _("已抽取")
    CHECKED = "checked", _("已计分")
    PUBLISHED = "published", _("已公布")


class Truth(models.TextChoices):
    OPEN = "", _("待核查")
    TRUE = "true", _("属实")
    UNTRUE = "untrue", _("不属实")


class CheckQuerySet(ScopedQuerySet["SpotCheck"]):
    def visible_to(self, user: Any) -> Self:
        """Those of the own area; of the areas above, the published ones that scored the own area."""
        reach = reach_of(user)
        if reach.everything:
            return self.all()
        scored = SpotScore.objects.filter(reach.area_filter()).values("check_of")
        return self.filter(reach.area_filter() | Q(state=SpotState.PUBLISHED, pk__in=scored))


class SpotCheck(AreaScoped):
    """planned → sampled → checked → published: visits of `since` to `until`, drawn provably, each found true or not.

    Its five area columns are those of the area whose visits are drawn; scores stand for the two levels below. share,
    least: how much of each township's visits is drawn, as a part of 1 and at least so many. published_on comes with a
    check that a file brought: it is published once its items are there."""

    number = models.CharField(_("编号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=80)
    area_code = models.CharField(_("区划"), max_length=12)
    since = models.DateField(_("督导自"))
    until = models.DateField(_("督导至"))
    team = models.CharField(_("督查组"), max_length=80)
    share = models.DecimalField(_("抽取比例"), max_digits=5, decimal_places=4, default=0)
    least = models.PositiveSmallIntegerField(_("每层至少"), default=0)
    state = models.CharField(_("状态"), max_length=9, choices=SpotState, default=SpotState.PLANNED)
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=150)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    published_on = models.DateField(_("文件所载公布日期"), null=True, blank=True)

    objects = CheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="duties_spot_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state="published") ^ Q(published_at__isnull=True), name="duties_spot_published_at"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Under which subject it is sealed, and what its draw is made for."""
        return f"duties.spotcheck:{self.pk}"


class ItemQuerySet(ScopedQuerySet["SpotItem"]):
    def visible_to(self, user: Any) -> Self:
        """Those inside the own area of checks that the user sees."""
        return self.filter(reach_of(user).area_filter(), check_of__in=SpotCheck.objects.visible_to(user))


class SpotItem(AreaScoped):
    """One drawn visit, and what was found at the place. answers: key of the sheet's item → yes, no, na; score: what
    they came to, of 100 (none for an untrue visit: there is nothing to judge). matter: the case for its official.
    The five area columns are the visit's."""

    check_of = models.ForeignKey(SpotCheck, on_delete=models.CASCADE, related_name="items")
    visit = models.ForeignKey(DutyVisit, on_delete=models.PROTECT, related_name="+")
    truth = models.CharField(_("核查结果"), max_length=6, choices=Truth, blank=True, default=Truth.OPEN)
    note = models.CharField(_("核查情况"), max_length=300, blank=True, default="")
    checked_at = models.DateTimeField(_("核查时间"), null=True, blank=True)
    checked_by = models.CharField(_("核查人"), max_length=150, blank=True, default="")
    answers = models.JSONField(default=dict)
    score = models.DecimalField(_("核查得分"), max_digits=5, decimal_places=2, null=True, blank=True)
    photo = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    matter = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_of", "visit"], name="duties_spotitem_once"),
            models.CheckConstraint(
                condition=Q(truth="", checked_at__isnull=True, checked_by="")
                | (~Q(truth="") & Q(checked_at__isnull=False) & ~Q(checked_by="")),
                name="duties_spotitem_checked_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(truth="untrue") | ~Q(note=""), name="duties_spotitem_untrue_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(truth="untrue") | Q(score__isnull=True), name="duties_spotitem_untrue_without_score"
            ),
        ]
        indexes = [models.Index(fields=["visit"], name="duties_spotitem_found", condition=Q(truth="untrue"))]
        ordering = ["check_of", "pk"]

    def __str__(self) -> str:
        return str(self.get_truth_display())


class SpotScore(AreaScoped):
    """What an area came to in a check: completion of the quarters that it covers (in_force and visited are sums over
    them), drawn visits and how many of them were untrue, mean score of the sheets of the true ones, score of 100 and
    place among the areas of its level. corrected_at: a finding was withdrawn after the check was published."""

    check_of = models.ForeignKey(SpotCheck, on_delete=models.CASCADE, related_name="scores")
    area_key = models.CharField(_("区划"), max_length=12)
    in_force = models.PositiveIntegerField(_("应督导主体"))
    visited = models.PositiveIntegerField(_("已督导主体"))
    checked = models.PositiveIntegerField(_("核查次数"))
    untrue = models.PositiveIntegerField(_("不属实"))
    quality = models.DecimalField(_("核查表平均分"), max_digits=5, decimal_places=2, null=True, blank=True)
    score = models.DecimalField(_("得分"), max_digits=5, decimal_places=2)
    place = models.PositiveIntegerField(_("名次"), default=0)
    corrected_at = models.DateTimeField(_("更正时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_of", "area_key"], name="duties_spotscore_once"),
            models.CheckConstraint(condition=Q(untrue__lte=F("checked")), name="duties_spotscore_part_of_whole"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="duties_spotscore_of_hundred"),
        ]
        ordering = ["check_of", "place", "area_key"]

    def __str__(self) -> str:
        return f"{self.area_key} {self.score}"
