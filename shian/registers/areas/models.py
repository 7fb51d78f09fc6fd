"""Divisions, their residents by date and their outlines."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class AreaLevel(models.TextChoices):
    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    COUNTY = "county", _("县")
    TOWNSHIP = "township", _("乡")
    VILLAGE = "village", _("村")


AREA_KINDS = (
    "省", "地级市", "市辖区", "县", "自治县", "县级市", "国家级开发区", "临空经济区",
    "街道", "镇", "乡", "园区", "社区", "行政村",
)  # fmt: skip


class Area(AreaScoped):
    """One version of a division, valid from `valid_from` until before `valid_to`.

    `key` is the code cut by its level; the five columns hold the keys of the division and all above it.
    """

    code = models.CharField(_("区划代码"), max_length=12)
    key = models.CharField(max_length=12)
    level = models.CharField(_("级别"), max_length=8, choices=AreaLevel)
    name = models.CharField(_("名称"), max_length=60)
    name_pinyin = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(_("类型"), max_length=10)
    parent_key = models.CharField(max_length=9, blank=True, default="")
    area_km2 = models.DecimalField(_("面积（平方公里）"), max_digits=10, decimal_places=2, null=True, blank=True)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    successor_code = models.CharField(_("继任代码"), max_length=12, blank=True, default="")
    is_pseudo = models.BooleanField(_("虚拟区划"), default=False)
    campaign_batch = models.PositiveSmallIntegerField(_("创建批次"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="areas_area_version"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="areas_area_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["key"], name="areas_area_key"),
            models.Index(fields=["parent_key", "level"], name="areas_area_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class AreaPopulation(AreaScoped):
    """Residents of a township counted on a date; counties and cities are their sums."""

    area_code = models.CharField(_("区划代码"), max_length=12)
    counted_on = models.DateField(_("统计日期"))
    residents = models.PositiveIntegerField(_("常住人口"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area_code", "counted_on"], name="areas_population_once"),
        ]


class AreaOutline(models.Model):
    """A division's outline as GeoJSON geometry in WGS-84; `is_synthetic` for cells that are not official lines."""

    key = models.CharField(max_length=12, unique=True)
    geometry = models.JSONField()
    source = models.CharField(max_length=120)
    is_synthetic = models.BooleanField(default=False)
