"""Findings: the items of a sheet that lost points. Each becomes a problem once its visit is closed or released."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.models.visits import FieldVisit
from shian.engine.cases.models import Case
from shian.kernel.files.models import StoredFile


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: Any) -> Self:
        """Those of visits that the user sees."""
        return self.filter(visit__in=FieldVisit.objects.visible_to(user))


class Finding(models.Model):
    """An item that lost points: its name in the form, its words, what it earned of its points, what was written and
    photographed. after: it was put right before the group left. found_at, put_right_at: when the two photos were taken
    by the sheet, with the known error of the device's clock taken off (rules/visits.py)."""

    visit = models.ForeignKey(FieldVisit, on_delete=models.CASCADE, related_name="findings")
    item = models.CharField(max_length=60)
    label = models.CharField(_("检查项目"), max_length=200)
    is_key = models.BooleanField(_("关键项"), default=False)
    points = models.DecimalField(_("分值"), max_digits=8, decimal_places=2)
    earned = models.DecimalField(_("得分"), max_digits=8, decimal_places=2)
    note = models.TextField(_("情况"), blank=True, default="")
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    after = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    found_at = models.DateTimeField(_("发现时间"), null=True, blank=True)
    put_right_at = models.DateTimeField(_("当场整改时间"), null=True, blank=True)
    problem = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "item"], name="fieldchecks_finding_once")]
        ordering = ["visit", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def severity(self) -> str:
        """A key item that earned nothing is grave; the office may judge otherwise on the problem itself."""
        return "较重" if self.is_key and not self.earned else "一般"
