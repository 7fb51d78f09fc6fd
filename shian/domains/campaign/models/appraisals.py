"""Yearly appraisal of units (A-17): lines with a maximum, what a unit says of itself, what was verified, and why."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.models.evidence import Evidence
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.registers.people.models import Organisation


class AppraisalState(models.TextChoices):
    ISSUED = "issued", _("自评和核定中")
    GRADED = "graded", _("已评定")
    PUBLISHED = "published", _("已公布")


class EntryState(models.TextChoices):
    OPEN = "open", _("未自评")
    FILED = "filed", _("待核定")
    VERIFIED = "verified", _("已核定")


class Appraisal(AreaScoped):
    """The appraisal of a year. Rules and grades are kept as they were issued: [{code, title, maximum, asked}],
    [{grade, least}] with points as text."""

    year = models.PositiveSmallIntegerField(_("考核年度"))
    rules = models.JSONField(default=list)
    grades = models.JSONField(default=list)
    basis = models.CharField(_("依据"), max_length=300)
    due_on = models.DateField(_("自评期限"))
    state = models.CharField(_("状态"), max_length=9, choices=AppraisalState, default=AppraisalState.ISSUED)
    issued_at = models.DateTimeField(_("下发时间"))
    issued_by = models.CharField(max_length=150)
    graded_at = models.DateTimeField(_("评定时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "county", "year"], name="campaign_appraisal_once"),
            models.CheckConstraint(
                condition=Q(state="issued", graded_at__isnull=True) | (~Q(state="issued") & Q(graded_at__isnull=False)),
                name="campaign_appraisal_graded_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at__isnull=True)),
                name="campaign_appraisal_published_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.year}"


class AppraisalEntry(models.Model):
    """One unit in an appraisal; there is a row for every unit from the day of issue, filed or not."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.CASCADE, related_name="entries")
    unit = models.ForeignKey(
        Organisation, to_field="code", on_delete=models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    group = models.CharField(_("类别"), max_length=10)
    state = models.CharField(_("状态"), max_length=8, choices=EntryState, default=EntryState.OPEN)
    filed_at = models.DateTimeField(_("自评时间"), null=True, blank=True)
    filed_by = models.CharField(max_length=150, blank=True, default="")
    verified_at = models.DateTimeField(_("核定时间"), null=True, blank=True)
    verified_by = models.CharField(max_length=150, blank=True, default="")
    self_total = models.DecimalField(_("自评分"), max_digits=7, decimal_places=2, null=True, blank=True)
    verified_total = models.DecimalField(_("核定分"), max_digits=7, decimal_places=2, null=True, blank=True)
    grade = models.CharField(_("等次"), max_length=4, blank=True, default="")
    place = models.PositiveSmallIntegerField(_("名次"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "unit"], name="campaign_appraisalentry_once"),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(verified_total__isnull=False, self_total__isnull=False),
                name="campaign_appraisalentry_verified_has_totals",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appraisal_id} {self.unit_id}"


class AppraisalLine(models.Model):
    """One rule for one unit: what it says of itself beside what was verified. The database refuses a difference
    without a reason."""

    entry = models.ForeignKey(AppraisalEntry, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField(_("序号"))
    code = models.CharField(_("编号"), max_length=12)
    title = models.CharField(_("考核内容"), max_length=200)
    asked = models.CharField(_("评分办法"), max_length=300, blank=True, default="")
    maximum = models.DecimalField(_("分值"), max_digits=6, decimal_places=2)
    self_score = models.DecimalField(_("自评"), max_digits=6, decimal_places=2, null=True, blank=True)
    self_note = models.CharField(_("自评说明"), max_length=500, blank=True, default="")
    verified_score = models.DecimalField(_("核定"), max_digits=6, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("差异理由"), max_length=500, blank=True, default="")
    proofs = models.ManyToManyField(Evidence, related_name="+", verbose_name=_("佐证材料"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "code"], name="campaign_appraisalline_once"),
            models.CheckConstraint(
                condition=(Q(self_score__isnull=True) | Q(self_score__gte=0, self_score__lte=F("maximum")))
                & (Q(verified_score__isnull=True) | Q(verified_score__gte=0, verified_score__lte=F("maximum"))),
                name="campaign_appraisalline_within_maximum",
            ),
            models.CheckConstraint(
                condition=Q(verified_score__isnull=True)
                | (Q(self_score__isnull=False) & (Q(verified_score=F("self_score")) | ~Q(reason=""))),
                name="campaign_appraisalline_difference_says_why",
            ),
        ]
        ordering = ["entry", "number"]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.code}"
