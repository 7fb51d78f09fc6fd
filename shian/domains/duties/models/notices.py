"""Notices of a quarter (通报, C-10): praise, criticism and informing, each figure kept as it was told."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.duties.models.spotchecks import SpotCheck
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of


class NoticeKind(models.TextChoices):
    PRAISE = "praise", _("通报表扬")
    CRITICISM = "criticism", _("通报批评")
    INFORM = "inform", _("情况通报")


class NoticeState(models.TextChoices):
    DRAFTED = "drafted", _("待审定")
    APPROVED = "approved", _("待印发")
    PUBLISHED = "published", _("已印发")
    FOLLOWED = "followed", _("后续已登记")


OUT = (NoticeState.PUBLISHED, NoticeState.FOLLOWED)


class NoticeQuerySet(ScopedQuerySet["DutyNotice"]):
    def visible_to(self, user: Any) -> Self:
        """Those of the own area; of the areas above, the published ones that name the own area."""
        reach = reach_of(user)
        if reach.everything:
            return self.all()
        named = NoticeLine.objects.filter(reach.area_filter()).values("notice")
        return self.filter(reach.area_filter() | Q(state__in=OUT, pk__in=named))


class DutyNotice(AreaScoped):
    """drafted → approved by another person → published → followed; the figures are its lines.

    Its five area columns are those of who issues it; quarter: 2022Q4; check: the published spot check whose scores it
    tells. returned_because: why the approver gave it back; the draft is changed and goes round again."""

    number = models.CharField(_("编号"), max_length=40, unique=True)
    kind = models.CharField(_("种类"), max_length=9, choices=NoticeKind)
    quarter = models.CharField(_("季度"), max_length=6)
    area_code = models.CharField(_("区划"), max_length=12)
    title = models.CharField(_("标题"), max_length=120)
    reason = models.TextField(_("事由"), max_length=1000)
    demands = models.TextField(_("要求"), max_length=2000, blank=True, default="")
    follow_due_on = models.DateField(_("后续期限"), null=True, blank=True)
    check_of = models.ForeignKey(SpotCheck, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("状态"), max_length=9, choices=NoticeState, default=NoticeState.DRAFTED)
    drafted_at = models.DateTimeField(_("起草时间"))
    drafted_by = models.CharField(_("起草人"), max_length=150)
    returned_because = models.CharField(_("退回理由"), max_length=300, blank=True, default="")
    approved_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    approved_by = models.CharField(_("审定人"), max_length=150, blank=True, default="")
    published_at = models.DateTimeField(_("印发时间"), null=True, blank=True)
    follow_up = models.TextField(_("后续"), max_length=1000, blank=True, default="")
    followed_at = models.DateTimeField(_("登记后续时间"), null=True, blank=True)
    followed_by = models.CharField(_("登记人"), max_length=150, blank=True, default="")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="drafted", approved_by="", approved_at__isnull=True)
                | (~Q(state="drafted") & Q(approved_at__isnull=False) & ~Q(approved_by="")
                   & ~Q(approved_by=F("drafted_by"))),
                name="duties_notice_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("published", "followed"), published_at__isnull=False)
                | Q(state__in=("drafted", "approved"), published_at__isnull=True),
                name="duties_notice_published_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="followed") | (~Q(follow_up="") & Q(followed_at__isnull=False)),
                name="duties_notice_followed_with_what",
            ),
            models.CheckConstraint(condition=Q(quarter__regex=r"^\d{4}Q[1-4]$"), name="duties_notice_quarter"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["-quarter", "-id"], name="duties_notice_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"duties.notice:{self.pk}"


class NoticeLine(AreaScoped):
    """One figure of one area that a notice names, as it stood; of a rate also its part and whole. What opens it follows
    from key, area and quarter. The five area columns are those of the named area."""

    notice = models.ForeignKey(DutyNotice, on_delete=models.CASCADE, related_name="lines")
    area_key = models.CharField(_("区划"), max_length=12)
    key = models.CharField(_("数字"), max_length=20)
    value = models.DecimalField(_("数值"), max_digits=12, decimal_places=2, null=True, blank=True)
    part = models.PositiveIntegerField(null=True, blank=True)
    whole = models.PositiveIntegerField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "area_key", "key"], name="duties_noticeline_once")]
        ordering = ["notice", "pk"]

    def __str__(self) -> str:
        return f"{self.area_key} {self.key}"
