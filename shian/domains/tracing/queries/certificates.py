"""Certificates and who issues them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from shian.domains.tracing.models import (
    Certificate,
    CertificateKind,
    InOrder,
    KitchenDispatch,
    Market,
    Merchant,
    Producer,
)
from shian.domains.tracing.queries.coldstores import warehouses_of
from shian.domains.tracing.queries.coldunits import is_cold_unit
from shian.domains.tracing.queries.kitchens import is_kitchen
from shian.domains.tracing.queries.numbers import NUMBERS
from shian.domains.tracing.rules.certificates import Standing, standing_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import KEY_WIDTH, Level, level_of_key
from shian.kernel.scope.walls import system_scope
from shian.registers.operators.models import Operator


@dataclass(frozen=True)
class Answer:
    """What a number answers at the gate. `left`: kilograms that it still lets in."""

    standing: Standing
    certificate: Certificate | None = None
    left: float = 0


@dataclass(frozen=True)
class CertificateChoice:
    area: str = ""
    kind: str = ""
    standing: str = ""
    text: str = ""
    producer: int | None = None


def answer_to(number: str) -> Answer:
    """What a certificate's number says to whoever stands at a gate, wherever it was issued (E-06)."""
    with system_scope():  # certificates of other counties are presented too; their issuers are read out at the gate
        found = (
            Certificate.objects.filter(Q(number=number) | Q(token=number))
            .select_related("variety", "producer", "merchant").first()
        )  # fmt: skip
    if found is None:
        return Answer(Standing.UNKNOWN)
    standing = standing_of(found.quantity, found.used, is_revoked=found.revoked_at is not None)
    return Answer(standing, found, float(found.quantity - found.used))


def certificates_chosen(user: Any, choice: CertificateChoice) -> QuerySet[Certificate]:
    """Certificates issued in the reader's reach."""
    rows = Certificate.objects.visible_to(user)
    if choice.area:
        rows = rows.filter(**{level_of_key(choice.area).value: choice.area})
    if choice.kind:
        rows = rows.filter(kind=choice.kind)
    if choice.producer:
        rows = rows.filter(producer=choice.producer)
    if choice.standing == Standing.REVOKED:
        rows = rows.filter(revoked_at__isnull=False)
    elif choice.standing == Standing.USED_UP:
        rows = rows.filter(used__gte=F("quantity"), revoked_at__isnull=True)
    elif choice.standing == Standing.VALID:
        rows = rows.filter(used__lt=F("quantity"), revoked_at__isnull=True)
    if choice.text:
        rows = rows.filter(Q(number__startswith=choice.text) | Q(variety__name=choice.text))
    return rows.prefetch_related("variety", "producer", "merchant")


def certificate_for(user: Any, number: str) -> Certificate:
    """One certificate in reach. Raises Http404."""
    rows = Certificate.objects.visible_to(user).select_related("variety", "producer", "merchant__market")
    return get_object_or_404(rows, number=number)


def presented(user: Any, certificate: Certificate, most: int) -> list[InOrder]:
    """Goods in reach that came to a gate with the certificate, the newest first; it may be presented elsewhere too."""
    rows = InOrder.objects.visible_to(user).filter(certificate=certificate).order_by("-received_at", "-pk")
    return list(rows[:most].prefetch_related("market", "merchant", "variety"))


@dataclass(frozen=True)
class Completion:
    """Producers connected and electronic certificates issued in reach, beside the stored targets of the day. They are
    the city's: for whoever reads a part of it (`is_whole` is false) they complete nothing."""

    producers: int
    certificates: int
    producers_target: int
    certificates_target: int
    silent: int
    is_whole: bool


def completion_of(user: Any, day: date) -> Completion:
    numbers = NUMBERS.at(day)
    connected = Producer.objects.visible_to(user).filter(connected_on__lte=day)
    issued = Certificate.objects.visible_to(user).filter(kind=CertificateKind.ELECTRONIC).count()
    silent = connected.filter(_silent(day)).count()
    reach = reach_of(user)
    is_whole = reach.everything or any(len(key) <= KEY_WIDTH[Level.CITY] for key in reach.keys)
    return Completion(connected.count(), issued, numbers.producers, numbers.certificates, silent, is_whole)


def _silent(day: date) -> Q:
    """Connected, and not heard of for the days of the pack (E-08)."""
    last = day - timedelta(days=NUMBERS.at(day).silent_days)
    return Q(connected_on__isnull=False) & (Q(last_upload_on__isnull=True) | Q(last_upload_on__lt=last))


def producers_chosen(user: Any, day: date, *, area: str, category: str, state: str, text: str) -> QuerySet[Producer]:
    """Producers in reach with how many certificates each issued."""
    rows = Producer.objects.visible_to(user)
    if area:
        rows = rows.filter(**{level_of_key(area).value: area})
    if category:
        rows = rows.filter(category=category)
    if state == "silent":
        rows = rows.filter(_silent(day))
    elif state == "uploading":
        rows = rows.filter(connected_on__isnull=False).exclude(_silent(day))
    elif state == "guided":
        rows = rows.filter(connected_on__isnull=True)
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(code__startswith=text))
    return rows.annotate(issued=Count("certificates"))


def state_of_producer(each: Producer, day: date) -> str:
    """listed, guided, uploading or silent."""
    if each.connected_on is None or each.connected_on > day:
        return "guided" if each.guided_on else "listed"
    last = day - timedelta(days=NUMBERS.at(day).silent_days)
    return "uploading" if each.last_upload_on and each.last_upload_on >= last else "silent"


def trades(operator: Operator) -> bool:
    """Does the operator trace goods here: a stall, a farm, a market, a unit of the cold chain or its warehouse, a
    kitchen or whom one serves?"""
    if is_kitchen(operator) or is_cold_unit(operator, timezone.localdate()):
        return True
    with system_scope():  # asked of the own business; each row is looked up again where it is shown
        return (
            Merchant.objects.filter(operator=operator).trading(timezone.localdate()).exists()
            or Producer.objects.filter(operator=operator).exists()
            or Market.objects.filter(operator=operator).exists()
            or warehouses_of(operator).exists()
            or KitchenDispatch.objects.filter(receiver=operator).exists()
        )


def producers_of(user: Any, operator: Operator) -> list[Producer]:
    """The farms that the operator is."""
    return list(Producer.objects.visible_to(user).filter(operator=operator).order_by("pk"))


def stalls_of(user: Any, operator: Operator) -> list[Merchant]:
    """The operator's own stalls, in all markets."""
    rows = Merchant.objects.visible_to(user).filter(operator=operator)
    return list(rows.trading(timezone.localdate()).select_related("market").order_by("pk"))


def issued_by(operator: Operator, most: int = 10) -> list[Certificate]:
    """What the operator's farms and stalls promised last."""
    own = Q(producer__operator=operator) | Q(merchant__operator=operator)
    return list(Certificate.objects.filter(own).select_related("variety").order_by("-issued_at", "-pk")[:most])
