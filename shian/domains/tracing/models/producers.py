"""Who grows and keeps, and issues certificates of origin (E-07, E-08)."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator


class Category(models.TextChoices):
    CERTIFIED = "certified", _("“三品一标”主体")
    LEADING = "leading", _("省级龙头企业")
    OTHER = "other", _("其他生产主体")


class ProducerQuerySet(ScopedQuerySet["Producer"]):
    def visible_to(self, user: Any) -> Self:
        """Those of the own area; for people of an operator the own one."""
        reach = reach_of(user)
        return self.filter(operator__in=reach.operators) if reach.operators else self.filter(reach.area_filter())


class Producer(AreaScoped):
    """Listed → guided → connected, each with its day; uploading as long as `last_upload_on` is recent. `is_scale`: of
    the size from which everybody takes part. `party`: who it is in engine/trace."""

    code = models.CharField(_("生产主体编号"), max_length=40, unique=True)
    name = models.CharField(_("生产主体名称"), max_length=120)
    category = models.CharField(_("类别"), max_length=9, choices=Category, default=Category.OTHER)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    area_code = models.CharField(_("区划代码"), max_length=12)
    address = models.CharField(_("产地"), max_length=200, blank=True, default="")
    contact = models.CharField(_("联系人"), max_length=30, blank=True, default="")
    phone = models.CharField(_("联系电话"), max_length=20, blank=True, default="")
    produce = models.CharField(_("主要产品"), max_length=80, blank=True, default="")
    is_scale = models.BooleanField(_("规模以上"), default=False)
    listed_on = models.DateField(_("列入日期"))
    guided_on = models.DateField(_("指导日期"), null=True, blank=True)
    connected_on = models.DateField(_("接入日期"), null=True, blank=True)
    last_upload_on = models.DateField(_("最近上传"), null=True, blank=True)
    party = models.IntegerField(null=True, blank=True)

    objects = ProducerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(connected_on__isnull=True) | Q(connected_on__gte=F("listed_on")),
                name="tracing_producer_in_order",
            )
        ]
        indexes = [models.Index(fields=["last_upload_on"], name="tracing_producer_upload")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.producer:{self.code}"
