"""Three decomposition catalogues: for counties, for city departments, for sections inside the market bureau."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.models.standard import Indicator, Standard
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class BureauSection(models.Model):
    """A section of an area's market-regulation bureau and the points of the standard that fall to it.

    The rows of one area with the newest `effective_from` up to a day are its table on that day, in `order`.
    """

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="bureau_sections")
    area_key = models.CharField(_("区划"), max_length=6)
    effective_from = models.DateField(_("生效日期"))
    order = models.PositiveSmallIntegerField()
    name = models.CharField(_("科室"), max_length=40)
    points = ArrayField(models.PositiveSmallIntegerField(), default=list)
    basis = models.CharField(_("依据"), max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "area_key", "effective_from", "name"], name="campaign_bureau_section_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CatalogueKind(models.TextChoices):
    COUNTY = "county", _("县（市、区）分解目录")
    DEPARTMENT = "department", _("市直部门分解目录")
    SECTION = "section", _("市场监管局科室分解目录")


class CatalogueState(models.TextChoices):
    DRAFTED = "drafted", _("草拟")
    ISSUED = "issued", _("已下发")
    REVISED = "revised", _("已修订")


class Catalogue(AreaScoped):
    """One catalogue of one city. A revision is a new row; the old one becomes `revised`."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="catalogues")
    kind = models.CharField(_("目录"), max_length=12, choices=CatalogueKind)
    revision = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("状态"), max_length=10, choices=CatalogueState, default=CatalogueState.DRAFTED)
    from_on = models.DateField(_("适用起始日期"))
    due_on = models.DateField(_("完成期限"))
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=150)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.CharField(max_length=150, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "city", "county", "kind", "revision"], name="campaign_catalogue_once"
            ),
            models.CheckConstraint(
                condition=models.Q(issued_at__isnull=True, issued_by="")
                | (models.Q(issued_at__isnull=False) & ~models.Q(issued_by="")),
                name="campaign_catalogue_issued_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Duty(AreaScoped):
    """An item made somebody's duty: the county, the department or the section named by `audience`."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.CASCADE, related_name="duties")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="duties")
    audience = models.CharField(_("承担单位编码"), max_length=40)
    audience_name = models.CharField(_("承担单位"), max_length=80)
    role = models.CharField(_("职责"), max_length=4, choices={"牵头": _("牵头"), "责任": _("责任")})
    target = models.TextField(_("量化目标"))
    lead_names = ArrayField(models.CharField(max_length=80), default=list)
    responsible_names = ArrayField(models.CharField(max_length=80), default=list)
    due_on = models.DateField(_("完成期限"))
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=150, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "indicator", "audience"], name="campaign_duty_once"),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at__isnull=True, acknowledged_by="")
                | (models.Q(acknowledged_at__isnull=False) & ~models.Q(acknowledged_by="")),
                name="campaign_duty_acknowledged_at_with_by",
            ),
        ]
        indexes = [models.Index(fields=["catalogue", "audience"], name="campaign_duty_audience")]

    def __str__(self) -> str:
        return f"{self.audience_name} {self.indicator_id}"
