"""Certificates of origin (E-06, E-07): per batch, with a code; split and re-issued after mixing."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.models.markets import Merchant, Variety
from shian.domains.tracing.models.producers import Producer
from shian.domains.tracing.rules.quantities import kilos
from shian.kernel.scope.models import AreaScoped, ScopedQuerySet
from shian.kernel.scope.reach import reach_of


class CertificateKind(models.TextChoices):
    QUARANTINE = "quarantine", _("产地检疫证明")
    MEAT = "meat", _("肉品合格证")
    PRODUCE = "produce", _("食用农产品合格证")
    ELECTRONIC = "electronic", _("电子追溯合格证")


class Basis(models.TextChoices):
    """What the promise rests on (承诺依据)."""

    COMMISSIONED = "commissioned", _("委托检测")
    OWN_TEST = "own_test", _("自行检测")
    CONTROL = "control", _("内部质量控制")
    PROMISE = "promise", _("自我承诺")


class CertificateQuerySet(ScopedQuerySet["Certificate"]):
    def visible_to(self, user: Any) -> Self:
        """Those issued in the own area; for people of an operator those that it issued."""
        reach = reach_of(user)
        if reach.operators:
            own = reach.operators
            return self.filter(Q(producer__operator__in=own) | Q(merchant__operator__in=own))
        return self.filter(reach.area_filter())


class Certificate(AreaScoped):
    """A batch with its promise; lies in the issuer's area. The issuer is a producer, or a merchant who mixed or split.

    quantity, used: kilograms issued, and of them what markets admitted or what went into other certificates; `used`
    never exceeds `quantity`, and what is used up equals it. token: what the code on the label holds. lot, holding: of
    engine/trace. Revoked with its time and reason.
    """

    number = models.CharField(_("合格证编号"), max_length=40, unique=True)
    token = models.CharField(max_length=16, unique=True)
    kind = models.CharField(
        _("凭证种类"), max_length=10, choices=CertificateKind, default=CertificateKind.ELECTRONIC
    )  # fmt: skip
    producer = models.ForeignKey(Producer, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates")
    variety = models.ForeignKey(Variety, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(_("数量（千克）"), max_digits=12, decimal_places=2)
    used = models.DecimalField(_("已用（千克）"), max_digits=12, decimal_places=2, default=0)
    origin = models.CharField(_("产地"), max_length=120)
    basis = ArrayField(models.CharField(max_length=12, choices=Basis), default=list, verbose_name=_("承诺依据"))
    issued_on = models.DateField(_("开具日期"))
    issued_at = models.DateTimeField(_("开具时间"))
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    revoked_reason = models.CharField(_("作废原因"), max_length=200, blank=True, default="")
    lot = models.BigIntegerField()
    holding = models.BigIntegerField()
    batch = models.BigIntegerField(null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="tracing_certificate_of_something"),
            models.CheckConstraint(
                condition=Q(used__gte=0) & Q(used__lte=F("quantity")), name="tracing_certificate_not_overused"
            ),
            models.CheckConstraint(
                condition=Q(producer__isnull=True) ^ Q(merchant__isnull=True), name="tracing_certificate_one_issuer"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
                name="tracing_certificate_revoked_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["-issued_on", "-id"], name="tracing_certificate_newest"),
            models.Index(fields=["county", "-issued_on", "-id"], name="tracing_certificate_county"),
            models.Index(fields=["producer", "-issued_on", "-id"], name="tracing_certificate_producer"),
            models.Index(fields=["lot"], name="tracing_certificate_lot"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """What seals about it name."""
        return f"tracing.certificate:{self.number}"

    @property
    def kilos(self) -> str:
        """Its kilograms in words."""
        return kilos(self.quantity)


class CertificateSourceQuerySet(models.QuerySet["CertificateSource"]):
    def visible_to(self, user: Any) -> Self:
        """Those of certificates that the user sees."""
        return self.filter(certificate__in=Certificate.objects.visible_to(user))


class CertificateSource(models.Model):
    """What a certificate was made from, in kilograms: a share of another one that was split, or of goods of a merchant
    who mixed them."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="sources")
    source = models.ForeignKey(Certificate, on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    in_order = models.ForeignKey("InOrder", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    quantity = models.DecimalField(_("数量（千克）"), max_digits=12, decimal_places=2)

    objects = CertificateSourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "source", "in_order"], name="tracing_source_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="tracing_source_of_something"),
            models.CheckConstraint(
                condition=Q(source__isnull=True) ^ Q(in_order__isnull=True), name="tracing_source_of_one_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id or self.in_order_id} → {self.certificate_id}"
