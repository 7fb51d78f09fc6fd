"""Central kitchens and collective meals (E-09, M-12): what a batch was made from, and which schools got it."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.models.coldchain import ColdStock
from shian.domains.tracing.models.coldstores import OfOperator
from shian.domains.tracing.models.orders import OutOrder
from shian.kernel.scope.models import AreaScoped
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator


class KitchenSheet(AreaScoped):
    """One dish in one cooking (加工批次单); lies in the kitchen's area. quantity: kilograms; portions made, and of them
    `sent`, which a trigger counts and which never exceeds them. core: °C at the centre when cooked. sample: grams kept
    aside until `sample_until`. holding: of engine/trace."""

    number = models.CharField(_("批次单号"), max_length=40, unique=True)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    dish = models.CharField(_("品名"), max_length=60)
    quantity = models.DecimalField(_("产出（千克）"), max_digits=12, decimal_places=2)
    portions = models.PositiveIntegerField(_("份数"))
    sent = models.PositiveIntegerField(_("已配送份数"), default=0)
    cooked_at = models.DateTimeField(_("烧熟时间"))
    core = models.DecimalField(_("中心温度（℃）"), max_digits=4, decimal_places=1)
    sample = models.PositiveIntegerField(_("留样量（克）"), default=0)
    sample_until = models.DateTimeField(_("留样至"), null=True, blank=True)
    holding = models.BigIntegerField()
    batch = models.BigIntegerField(null=True, blank=True)

    objects = OfOperator.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0, portions__gt=0), name="tracing_sheet_of_something"),
            models.CheckConstraint(condition=Q(sent__lte=F("portions")), name="tracing_sheet_out_within_made"),
            models.CheckConstraint(
                condition=Q(sample=0, sample_until__isnull=True) | Q(sample__gt=0, sample_until__isnull=False),
                name="tracing_sheet_sample_is_kept",
            ),
        ]
        indexes = [models.Index(fields=["operator", "-cooked_at"], name="tracing_sheet_kitchen")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.kitchensheet:{self.number}"


class OfSheet(models.QuerySet["Any"]):
    """Rows of a sheet."""

    def visible_to(self, user: Any) -> Self:
        """Those of kitchens that the user sees."""
        return self.filter(sheet__in=KitchenSheet.objects.visible_to(user))


class KitchenInput(models.Model):
    """What went into a dish, in kilograms: of a market purchase, of imported goods in stock, or bought elsewhere, under
    the supplier's name and lot."""

    sheet = models.ForeignKey(KitchenSheet, on_delete=models.PROTECT, related_name="inputs")
    name = models.CharField(_("原料"), max_length=60)
    quantity = models.DecimalField(_("数量（千克）"), max_digits=12, decimal_places=2)
    out_order = models.ForeignKey(
        OutOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="kitchen_inputs", db_constraint=False
    )
    stock = models.ForeignKey(ColdStock, on_delete=models.PROTECT, null=True, blank=True, related_name="kitchen_inputs")
    supplier = models.CharField(_("供货者"), max_length=120, blank=True, default="")
    lot_no = models.CharField(_("批号或生产日期"), max_length=60, blank=True, default="")

    objects = OfSheet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="tracing_input_of_something"),
            models.CheckConstraint(
                condition=Q(out_order__isnull=False, stock__isnull=True, supplier="")
                | Q(out_order__isnull=True, stock__isnull=False, supplier="")
                | (Q(out_order__isnull=True, stock__isnull=True) & ~Q(supplier="")),
                name="tracing_input_of_one_source",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DispatchQuerySet(models.QuerySet["KitchenDispatch"]):
    def visible_to(self, user: Any) -> Self:
        """Those of kitchens that the user sees, and those that came to somebody in reach."""
        reach = reach_of(user)
        own = Q(sheet__in=KitchenSheet.objects.visible_to(user))
        there = Q(receiver__in=reach.operators) if reach.operators else reach.area_filter("receiver__")
        return self.filter(own | there)


class KitchenDispatch(models.Model):
    """Portions of a dish for one school or canteen: when and how hot they left and arrived; whether the receiver kept a
    sample, once it has said so."""

    number = models.CharField(_("配送单号"), max_length=40, unique=True)
    sheet = models.ForeignKey(KitchenSheet, on_delete=models.PROTECT, related_name="dispatches")
    receiver = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    portions = models.PositiveIntegerField(_("份数"))
    left_at = models.DateTimeField(_("发出时间"))
    left_celsius = models.DecimalField(_("发出温度（℃）"), max_digits=4, decimal_places=1)
    arrived_at = models.DateTimeField(_("送达时间"), null=True, blank=True)
    arrived_celsius = models.DecimalField(_("送达温度（℃）"), max_digits=4, decimal_places=1, null=True, blank=True)
    is_sample_kept = models.BooleanField(_("收餐单位已留样"), null=True, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(portions__gt=0), name="tracing_dispatch_of_something"),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True, arrived_celsius__isnull=True, is_sample_kept__isnull=True)
                | Q(arrived_at__gte=F("left_at"), arrived_celsius__isnull=False, is_sample_kept__isnull=False),
                name="tracing_dispatch_arrives_whole",
            ),
        ]
        indexes = [models.Index(fields=["left_at", "id"], name="tracing_dispatch_left")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.kitchendispatch:{self.number}"
