"""Markets (E-04, E-05), who trades in them, and what is traded."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator
from shian.registers.products.models import Product


class MarketKind(models.TextChoices):
    WHOLESALE = "wholesale", _("农批市场")
    RETAIL = "retail", _("零售市场")


class Variety(models.Model):
    """What is traded, under one name in all markets. `keeps_days`: days in which goods are sold on; between arrival
    and sale no longer ago, an order without its lot may have come from there."""

    name = models.CharField(_("品种"), max_length=60, unique=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    keeps_days = models.PositiveSmallIntegerField(_("周转天数"), default=7)

    def __str__(self) -> str:
        return self.name


class Market(AreaScoped):
    """A market with its orders. Operating: opened_on ≤ day < closed_on. A retail market of the pilot goes from chosen
    over equipped to running and evaluated, each with its day. `operator`: who runs it. `walk_in`: the party of
    engine/trace that stands for buyers without a file."""

    code = models.CharField(_("市场编号"), max_length=30, unique=True)
    name = models.CharField(_("市场名称"), max_length=80)
    kind = models.CharField(_("市场类型"), max_length=9, choices=MarketKind, default=MarketKind.WHOLESALE)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    area_code = models.CharField(_("区划代码"), max_length=12)
    address = models.CharField(_("地址"), max_length=200, blank=True, default="")
    booths = models.PositiveIntegerField(_("摊位数"), default=0)
    opened_on = models.DateField(_("开办日期"))
    closed_on = models.DateField(_("停办日期"), null=True, blank=True)
    chosen_on = models.DateField(_("试点确定"), null=True, blank=True)
    equipped_on = models.DateField(_("设备到位"), null=True, blank=True)
    running_on = models.DateField(_("试点运行"), null=True, blank=True)
    evaluated_on = models.DateField(_("试点评估"), null=True, blank=True)
    walk_in = models.IntegerField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="tracing_market_in_order"
            ),
            models.CheckConstraint(
                condition=Q(chosen_on__isnull=True) | Q(kind=MarketKind.RETAIL), name="tracing_market_pilot_is_retail"
            ),
        ]
        indexes = [models.Index(fields=["kind", "code"], name="tracing_market_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.market:{self.code}"


class MerchantQuerySet(ScopedQuerySet["Merchant"]):
    def visible_to(self, user: Any) -> Self:
        """Those of markets in the own area; for people of an operator its own stalls, and all of the market it runs."""
        reach = reach_of(user)
        if reach.operators:
            return self.filter(Q(operator__in=reach.operators) | Q(market__operator__in=reach.operators))
        return self.filter(reach.area_filter())

    def trading(self, day: date) -> Self:
        """Those who have not left by that day."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=day))


class Merchant(AreaScoped):
    """Who trades in a market, under its own number there; lies in the market's area. Connected while connected_on ≤ day
    < left_on. `party`: who it is in engine/trace."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="merchants")
    number = models.CharField(_("商户编号"), max_length=30)
    name = models.CharField(_("商户名称"), max_length=120)
    booth = models.CharField(_("摊位号"), max_length=30, blank=True, default="")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.CharField(_("联系人"), max_length=30, blank=True, default="")
    phone = models.CharField(_("联系电话"), max_length=20, blank=True, default="")
    connected_on = models.DateField(_("入网日期"), null=True, blank=True)
    left_on = models.DateField(_("退场日期"), null=True, blank=True)
    party = models.IntegerField(null=True, blank=True)

    objects = MerchantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "number"], name="tracing_merchant_once"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(connected_on__isnull=True) | Q(left_on__gte=F("connected_on")),
                name="tracing_merchant_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.merchant:{self.pk}"
