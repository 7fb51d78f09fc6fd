"""What units send in (信息报送), the numbered briefings that carry it (工作简报), and who reprinted it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.people.models import Organisation


class Series(models.TextChoices):
    BRIEF = "brief", _("工作简报")
    TREND = "trend", _("工作动态")


class Briefing(AreaScoped):
    """One issue. `number` counts from 1 in its area, series and year: the database gives it (migration 0004), without a
    gap whoever issues at the same moment, and refuses to change or remove an issue."""

    series = models.CharField(_("刊名"), max_length=5, choices=Series)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveSmallIntegerField(_("期号"), default=0)
    title = models.CharField(_("标题"), max_length=120)
    issued_on = models.DateField(_("印发日期"))
    issued_at = models.DateTimeField(_("印发时间"))
    issued_by = models.CharField(max_length=150)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "county", "series", "year", "number"], name="campaign_briefing_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="campaign_briefing_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}/{self.number}"


class DispatchState(models.TextChoices):
    SUBMITTED = "submitted", _("待编辑")
    EDITED = "edited", _("待采用")
    ADOPTED = "adopted", _("已采用")
    DECLINED = "declined", _("未采用")


class Dispatch(AreaScoped):
    """One item of information of one unit. `text` is what the unit wrote and stays; `edited_title` and `edited_text`
    are what is printed. An adopted one waits for an issue, or stands in it at `place`."""

    unit = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("报送单位")
    )
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("正文"), max_length=8000)
    state = models.CharField(_("状态"), max_length=9, choices=DispatchState, default=DispatchState.SUBMITTED)
    submitted_at = models.DateTimeField(_("报送时间"))
    submitted_by = models.CharField(max_length=150)
    edited_title = models.CharField(_("编辑后标题"), max_length=120, blank=True, default="")
    edited_text = models.TextField(_("编辑后正文"), max_length=8000, blank=True, default="")
    decided_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    reason = models.CharField(_("未采用原因"), max_length=300, blank=True, default="")
    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="items", null=True, blank=True)
    place = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(briefing__isnull=True, place__isnull=True)
                | Q(briefing__isnull=False, place__isnull=False, state="adopted"),
                name="campaign_dispatch_printed_is_adopted",
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="campaign_dispatch_says_why"),
            models.UniqueConstraint(fields=["briefing", "place"], name="campaign_dispatch_place_once"),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="campaign_dispatch_unit")]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_title(self) -> str:
        return self.edited_title or self.title


class MediumLevel(models.TextChoices):
    NATIONAL = "national", _("国家级")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")


class Reprint(models.Model):
    """A medium that printed an issued item."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="reprints")
    medium = models.CharField(_("媒体"), max_length=80)
    level = models.CharField(_("级别"), max_length=8, choices=MediumLevel)
    reprinted_on = models.DateField(_("转载日期"))
    url = models.URLField(_("网址"), max_length=500, blank=True, default="")
    noted_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "medium"], name="campaign_reprint_once"),
        ]

    def __str__(self) -> str:
        return f"{self.medium} {self.dispatch_id}"
