"""Supervision of supervisors (C-09): a sample of visits is looked at again, and areas are scored."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.duties.models.visits import DutyVisit
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class SpotState(models.TextChoices):
    PLANNED = "planned", _("已计划")
    SAMPLED = "sampled", _("已抽取")
    CHECKED = "checked", _("已核查")
    PUBLISHED = "published", _("已公布")


class Truth(models.TextChoices):
    OPEN = "", _("待核查")
    TRUE = "true", _("属实")
    UNTRUE = "untrue", _("不属实")


class SpotCheck(AreaScoped):
    """planned → sampled → checked → published: visits of `since` to `until`, drawn provably, each found true or not.

    Its five area columns are those of the area whose visits are drawn; scores stand per township (sub-district)."""

    number = models.CharField(_("编号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=80)
    area_code = models.CharField(_("区划"), max_length=12)
    since = models.DateField(_("督导自"))
    until = models.DateField(_("督导至"))
    team = models.CharField(_("督查组"), max_length=80)
    state = models.CharField(_("状态"), max_length=9, choices=SpotState, default=SpotState.PLANNED)
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=150)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

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


class SpotItem(AreaScoped):
    """One drawn visit, and what was found at the place."""

    check_of = models.ForeignKey(SpotCheck, on_delete=models.CASCADE, related_name="items")
    visit = models.ForeignKey(DutyVisit, on_delete=models.PROTECT, related_name="+")
    truth = models.CharField(_("核查结果"), max_length=6, choices=Truth, blank=True, default=Truth.OPEN)
    note = models.CharField(_("核查情况"), max_length=300, blank=True, default="")
    checked_at = models.DateTimeField(_("核查时间"), null=True, blank=True)
    checked_by = models.CharField(_("核查人"), max_length=150, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

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
        ]
        ordering = ["check_of", "pk"]

    def __str__(self) -> str:
        return str(self.get_truth_display())


class SpotScore(AreaScoped):
    """What a sub-district came to when the check was published: completion of the period, drawn visits and how many of
    them were untrue, score of 100."""

    check_of = models.ForeignKey(SpotCheck, on_delete=models.CASCADE, related_name="scores")
    area_key = models.CharField(_("区划"), max_length=12)
    in_force = models.PositiveIntegerField(_("应督导主体"))
    visited = models.PositiveIntegerField(_("已督导主体"))
    checked = models.PositiveIntegerField(_("核查次数"))
    untrue = models.PositiveIntegerField(_("不属实"))
    score = models.DecimalField(_("得分"), max_digits=5, decimal_places=2)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_of", "area_key"], name="duties_spotscore_once"),
            models.CheckConstraint(condition=Q(untrue__lte=F("checked")), name="duties_spotscore_part_of_whole"),
        ]
        ordering = ["check_of", "-score", "area_key"]

    def __str__(self) -> str:
        return f"{self.area_key} {self.score}"
