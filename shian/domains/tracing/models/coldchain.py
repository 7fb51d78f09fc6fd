"""Imported cold-chain food (E-01, E-02): batches with their code, who holds how much, and what moved.

What leaves never exceeds what came, and nothing leaves that was not released: the database refuses both, whoever
writes (migration 0002).
"""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.models.coldstores import ColdStore, OfOperator
from shian.domains.tracing.rules.quantities import kilos
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator


class ColdState(models.TextChoices):
    ANNOUNCED = "announced", _("已报备")
    ARRIVED = "arrived", _("待查验")
    RELEASED = "released", _("已放行")
    HELD = "held", _("暂扣")


class BatchQuerySet(ScopedQuerySet["ColdBatch"]):
    def visible_to(self, user: Any) -> Self:
        """Those of the own area, and those of which somebody in reach holds or held something."""
        reach = reach_of(user)
        if reach.everything:
            return self.all()
        own = Q(operator__in=reach.operators) if reach.operators else reach.area_filter()
        return self.filter(own | Q(pk__in=ColdStock.objects.visible_to(user).values("cold_batch")))


class ColdBatch(AreaScoped):
    """A batch of imported food under the code that its first station gave it; lies in that operator's area. `quantity`
    in kilograms. announced → arrived (in `store`) → released with a number, or held with a reason. `parent`: the batch
    that it was repacked from, whose release covers it. nucleic_no, disinfection_no: papers of 2020–2023."""

    code = models.CharField(_("追溯码"), max_length=40, unique=True)
    token = models.CharField(max_length=16, unique=True)
    name = models.CharField(_("品名"), max_length=80)
    hs_code = models.CharField(_("HS 编码"), max_length=10, blank=True, default="")
    spec = models.CharField(_("规格"), max_length=60, blank=True, default="")
    brand = models.CharField(_("品牌"), max_length=60, blank=True, default="")
    country = models.CharField(_("原产国（地区）"), max_length=40)
    producer_no = models.CharField(_("境外生产企业注册号"), max_length=60, blank=True, default="")
    lot_no = models.CharField(_("生产批号"), max_length=60)
    made_on = models.DateField(_("生产日期"), null=True, blank=True)
    expires_on = models.DateField(_("保质期至"), null=True, blank=True)
    quantity = models.DecimalField(_("数量（千克）"), max_digits=12, decimal_places=2)
    boxes = models.PositiveIntegerField(_("箱数"), null=True, blank=True)
    port = models.CharField(_("入境口岸"), max_length=60, blank=True, default="")
    declaration_no = models.CharField(_("报关单号"), max_length=40)
    quarantine_no = models.CharField(_("入境货物检验检疫证明号"), max_length=40)
    nucleic_no = models.CharField(_("核酸检测证明号"), max_length=40, blank=True, default="")
    disinfection_no = models.CharField(_("消毒证明号"), max_length=40, blank=True, default="")
    importer = models.CharField(_("进口商"), max_length=120)
    plate = models.CharField(_("运输车牌"), max_length=20, blank=True, default="")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    store = models.ForeignKey(ColdStore, on_delete=models.PROTECT, null=True, blank=True, related_name="batches")
    position = models.CharField(_("库位"), max_length=40, blank=True, default="")
    state = models.CharField(_("状态"), max_length=9, choices=ColdState, default=ColdState.ANNOUNCED)
    announced_at = models.DateTimeField(_("报备时间"))
    arrived_at = models.DateTimeField(_("到仓时间"), null=True, blank=True)
    decided_at = models.DateTimeField(_("放行或暂扣时间"), null=True, blank=True)
    samples = models.PositiveSmallIntegerField(_("抽样份数"), default=0)
    release_no = models.CharField(_("放行编号"), max_length=40, blank=True, default="")
    hold_reason = models.CharField(_("暂扣原因"), max_length=200, blank=True, default="")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    lot = models.BigIntegerField(null=True, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="tracing_cold_of_something"),
            models.CheckConstraint(
                condition=Q(state="announced", arrived_at__isnull=True, store__isnull=True, release_no="")
                | Q(state="arrived", arrived_at__isnull=False, store__isnull=False, release_no="")
                | (Q(state="released", decided_at__isnull=False, hold_reason="") & ~Q(release_no=""))
                | (Q(state="held", decided_at__isnull=False, release_no="") & ~Q(hold_reason="")),
                name="tracing_cold_released_with_number",
            ),
            models.CheckConstraint(
                condition=Q(state="announced") | Q(lot__isnull=False), name="tracing_cold_in_stock_has_lot"
            ),
            models.UniqueConstraint(
                fields=["release_no"],
                condition=Q(parent__isnull=True) & ~Q(release_no=""),
                name="tracing_cold_release_once",
            ),
        ]
        indexes = [
            models.Index(fields=["-announced_at", "-id"], name="tracing_cold_newest"),
            models.Index(fields=["state", "-announced_at", "-id"], name="tracing_cold_state"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.coldbatch:{self.code}"


class ColdStock(AreaScoped):
    """How much of a batch an operator got and passed on, in kilograms, and where it keeps it; lies in the operator's
    area. `received`, `sent` are kept by triggers over what moved; sent never exceeds received."""

    cold_batch = models.ForeignKey(ColdBatch, on_delete=models.PROTECT, related_name="stocks")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    store = models.ForeignKey(ColdStore, on_delete=models.PROTECT, null=True, blank=True, related_name="stocks")
    first_at = models.DateTimeField(_("首次入库"))
    begun = models.DecimalField(_("首站入库（千克）"), max_digits=12, decimal_places=2, default=0)
    received = models.DecimalField(_("入库（千克）"), max_digits=12, decimal_places=2, default=0)
    sent = models.DecimalField(_("出库（千克）"), max_digits=12, decimal_places=2, default=0)
    holding = models.BigIntegerField()

    objects = OfOperator.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cold_batch", "operator"], name="tracing_stock_once"),
            models.CheckConstraint(condition=Q(sent__lte=F("received")), name="tracing_stock_out_within_in"),
            models.CheckConstraint(condition=Q(sent__gte=0, received__gte=F("begun")), name="tracing_stock_counts"),
        ]
        indexes = [models.Index(fields=["store", "first_at"], name="tracing_stock_store")]

    def __str__(self) -> str:
        return f"{self.cold_batch_id} {self.operator_id}"

    @property
    def left(self) -> str:
        """Kilograms that are in stock, in words."""
        return kilos(self.received - self.sent)


class MoveQuerySet(models.QuerySet["ColdMove"]):
    def visible_to(self, user: Any) -> Self:
        """Those from or to stocks that the user sees."""
        own = ColdStock.objects.visible_to(user).values("pk")
        return self.filter(Q(source__in=own) | Q(target__in=own))


class ColdMove(models.Model):
    """Kilograms that left a stock: to another operator's (`target`), into a batch that was repacked from it (`target`
    of the same operator), or to whoever eats it."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(_("出库单号"), max_length=40, unique=True)
    source = models.ForeignKey(ColdStock, on_delete=models.PROTECT, related_name="sales")
    target = models.ForeignKey(ColdStock, on_delete=models.PROTECT, null=True, blank=True, related_name="purchases")
    quantity = models.DecimalField(_("数量（千克）"), max_digits=12, decimal_places=2)
    at = models.DateTimeField(_("出库时间"))
    plate = models.CharField(_("运输车牌"), max_length=20, blank=True, default="")
    batch = models.BigIntegerField(null=True, blank=True)

    objects = MoveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="tracing_move_of_something"),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | ~Q(source=F("target")), name="tracing_move_moves"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.coldmove:{self.number}"
