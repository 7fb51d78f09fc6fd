"""In-orders and out-orders of markets (E-04, E-05): what came through the gate, and to whom it was sold on."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.models.certificates import Certificate
from shian.domains.tracing.models.markets import Market, Merchant, Variety
from shian.domains.tracing.rules.quantities import kilos
from shian.kernel.scope.models import AreaScoped
from shian.kernel.scope.reach import reach_of


class Proof(models.TextChoices):
    """What lets goods in: a certificate, a report, a voucher of the purchase, or a test at the gate."""

    CERTIFICATE = "certificate", _("合格证")
    REPORT = "report", _("检测报告")
    VOUCHER = "voucher", _("购货凭证")
    TEST = "test", _("入场快检合格")
    NONE = "none", _("无凭证")


class Verdict(models.TextChoices):
    ADMITTED = "admitted", _("准入")
    REFUSED = "refused", _("拒入")


class OfMarket(models.QuerySet["Any"]):
    """Rows of a market. There are millions: the markets in reach are looked up first, the rows compare one number."""

    def visible_to(self, user: Any) -> Self:
        """Rows of markets in the own area; for people of an operator those of its stalls and of the market it runs."""
        reach = reach_of(user)
        if reach.everything:
            return self.all()
        if reach.operators:
            stalls = Merchant.objects.visible_to(user).values_list("pk", flat=True)
            return self.filter(merchant__in=list(stalls))
        return self.filter(market__in=list(Market.objects.visible_to(user).values_list("pk", flat=True)))


class InOrder(AreaScoped):
    """Goods of one merchant at the gate; lies in the market's area.

    quantity in kilograms; sold: of it what out-orders name, and what went into certificates after mixing.

    Admitted goods have a lot and a holding in engine/trace; refused ones neither. `source_order`: the wholesale
    out-order that a retail purchase came from; its lot goes on. supplier: who brought it, where no certificate says so.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(_("入库单号"), max_length=40, unique=True)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    variety = models.ForeignKey(Variety, on_delete=models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField(_("入场时间"))
    quantity = models.DecimalField(_("数量（千克）"), max_digits=12, decimal_places=2)
    sold = models.DecimalField(_("已出库（千克）"), max_digits=12, decimal_places=2, default=0)
    origin = models.CharField(_("产地"), max_length=120, blank=True, default="")
    supplier = models.CharField(_("供货者"), max_length=120, blank=True, default="")
    proof = models.CharField(_("凭证"), max_length=11, choices=Proof)
    proof_no = models.CharField(_("凭证编号"), max_length=60, blank=True, default="")
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, blank=True, related_name="in_orders"
    )
    source_order = models.ForeignKey(
        "OutOrder", on_delete=models.PROTECT, null=True, blank=True, related_name="retail_orders"
    )
    verdict = models.CharField(_("查验结论"), max_length=8, choices=Verdict, default=Verdict.ADMITTED)
    reason = models.CharField(_("拒入原因"), max_length=200, blank=True, default="")
    lot = models.BigIntegerField(null=True, blank=True)
    holding = models.BigIntegerField(null=True, blank=True)
    batch = models.BigIntegerField(null=True, blank=True)

    objects = OfMarket.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="tracing_in_of_something"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.REFUSED, lot__isnull=True, holding__isnull=True) & ~Q(reason="")
                | Q(verdict=Verdict.ADMITTED, lot__isnull=False, holding__isnull=False, reason="")
                & ~Q(proof=Proof.NONE),
                name="tracing_in_admitted_with_proof",
            ),
            models.CheckConstraint(
                condition=Q(certificate__isnull=True) | Q(proof=Proof.CERTIFICATE),
                name="tracing_in_certificate_is_proof",
            ),
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="tracing_in_newest"),
            models.Index(fields=["market", "-received_at", "-id"], name="tracing_in_market"),
            models.Index(fields=["merchant", "-received_at", "-id"], name="tracing_in_merchant"),
            models.Index(fields=["variety", "-received_at", "-id"], name="tracing_in_variety"),
            models.Index(fields=["holding"], name="tracing_in_holding"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.inorder:{self.number}"

    @property
    def left(self) -> str:
        """Kilograms that are in stock, in words."""
        return kilos(self.quantity - self.sold)


class OutOrder(models.Model):
    """A sale by a merchant; quantity in kilograms. 2.67 million in a city, so the row is narrow and its keys are asked
    of what they point to: markets, merchants and varieties are not removed, a trigger keeps in-orders that were sold.

    in_order: the lot that was sold, where it is known; else the movements in engine/trace are *possible* ones from what
    the merchant had of the variety. buyer: the party of engine/trace. buyer_name: as written on the voucher, where the
    buyer has no file here.
    """

    id = models.BigAutoField(primary_key=True)
    sold_at = models.DateTimeField(_("销售时间"))
    in_order = models.ForeignKey(
        InOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="out_orders", db_constraint=False
    )
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    merchant = models.ForeignKey(
        Merchant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    variety = models.ForeignKey(
        Variety, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    buyer = models.IntegerField()
    quantity = models.DecimalField(_("数量（千克）"), max_digits=12, decimal_places=2)
    number = models.CharField(_("出库单号"), max_length=40, db_collation="C")
    buyer_name = models.CharField(_("购货者"), max_length=120, blank=True, default="")
    batch = models.BigIntegerField(null=True, blank=True)

    objects = OfMarket.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="tracing_out_number"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="tracing_out_of_something"),
        ]
        indexes = [
            # Without the key: orders of one moment share an entry, which a sort of those few puts right.
            models.Index(fields=["sold_at"], name="tracing_out_newest"),
            models.Index(fields=["market", "sold_at"], name="tracing_out_market"),
            models.Index(fields=["merchant", "sold_at"], name="tracing_out_merchant"),
            models.Index(fields=["variety", "sold_at"], name="tracing_out_variety"),
            models.Index(fields=["buyer", "sold_at"], name="tracing_out_buyer"),
            models.Index(fields=["market", "sold_at"], name="tracing_out_no_lot", condition=Q(in_order__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.outorder:{self.number}"

    @property
    def kilos(self) -> str:
        """Its kilograms in words."""
        return kilos(self.quantity)
