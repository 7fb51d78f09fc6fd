"""Operators and their dated versions."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet

OPERATOR_KINDS = ("食品生产", "食品相关产品生产", "食品销售", "农贸市场", "餐饮服务", "三小")
SMALL_KINDS = ("小作坊", "小餐饮", "小摊点")
STAGES = ("种植", "养殖", "屠宰", "贮存运输", "生产", "流通", "餐饮")
LICENCE_KINDS = ("SC", "JY", "YB", "ZF", "CY", "TD", "XK", "无")
SIZES = ("大型", "中型", "小型", "微型")


class OperatorAttributes(AreaScoped):
    """What a measure or a scope reads of an operator: dated in versions, repeated on the current row."""

    kind = models.CharField(_("主体类别"), max_length=10)
    small_kind = models.CharField(_("三小类别"), max_length=4, blank=True, default="")
    format = models.CharField(_("业态"), max_length=30)
    stage = models.CharField(_("环节"), max_length=6)
    size = models.CharField(_("规模"), max_length=4, blank=True, default="")

    class Meta:
        abstract = True


class Operator(OperatorAttributes):
    """The current file of an operator. Registered while opened_on ≤ day < closed_on."""

    code = models.CharField(_("主体编号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    name_pinyin = models.CharField(max_length=240, blank=True, default="", db_collation="C")
    initials = models.CharField(max_length=120, blank=True, default="", db_collation="C")
    search = SearchVectorField(null=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, default="")
    licence_kind = models.CharField(_("证照类型"), max_length=2, default="无")
    licence_no = models.CharField(_("证照编号"), max_length=40, blank=True, default="")
    employees = models.PositiveIntegerField(_("从业人数"), null=True, blank=True)
    area_m2 = models.DecimalField(_("经营面积（平方米）"), max_digits=10, decimal_places=2, null=True, blank=True)
    representative = models.CharField(_("法定代表人（负责人）"), max_length=30, blank=True, default="")
    phone = models.CharField(_("联系电话"), max_length=20, blank=True, default="")
    area_code = models.CharField(_("所在区划"), max_length=12)
    address = models.CharField(_("地址"), max_length=200)
    lon = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField(_("纬度"), max_digits=8, decimal_places=6, null=True, blank=True)
    chain_code = models.CharField(_("连锁总部编号"), max_length=40, blank=True, default="")
    host_code = models.CharField(_("所在市场编号"), max_length=40, blank=True, default="")
    opened_on = models.DateField(_("开业日期"))
    closed_on = models.DateField(_("注销日期"), null=True, blank=True)
    source_batch = models.BigIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True) | models.Q(closed_on__gte=models.F("opened_on")),
                name="operators_operator_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="三小") ^ models.Q(small_kind=""),
                name="operators_operator_small_kind_only_for_small",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="operators_search"),
            models.Index(fields=["name_pinyin", "id"], name="operators_pinyin"),
            models.Index(fields=["county", "name_pinyin", "id"], name="operators_county_pinyin"),
            models.Index(fields=["township", "name_pinyin", "id"], name="operators_township_pinyin"),
            models.Index(fields=["kind", "name_pinyin", "id"], name="operators_kind_pinyin"),
            models.Index(fields=["uscc"], name="operators_uscc"),
            models.Index(fields=["licence_no"], name="operators_licence_no"),
            models.Index(fields=["host_code"], name="operators_host"),
            models.Index(fields=["chain_code"], name="operators_chain", condition=~models.Q(chain_code="")),
            # Counts of lists, whatever they are cut to or joined with, read this index alone: the table itself is wide.
            models.Index(
                fields=["opened_on", "closed_on"],
                include=["id", "city", "county", "township", "kind", "small_kind", "format", "stage", "licence_kind"],
                name="operators_counted",
            ),
            # The count above every list and the counts on the map: equal entries share one, so it is a tenth as large.
            models.Index(fields=["city", "county", "opened_on", "closed_on"], name="operators_open_by_county"),
            # Where they are, for the clusters of the map.
            models.Index(
                fields=["lat", "lon"],
                include=["city", "county", "township", "opened_on", "closed_on", "id"],
                name="operators_position",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OperatorVersion(OperatorAttributes):
    """An operator's attributes between dates: valid_from ≤ day < valid_to. Closing ends the last version."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="versions")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "valid_from"], name="operators_version_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="operators_version_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["valid_from", "valid_to"], name="operators_version_dates")]
