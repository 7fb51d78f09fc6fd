"""Certificates of origin: issued per batch, split and re-issued after mixing, revoked."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.actions.graph import hold, holding_of, lot_of, moved
from shian.domains.tracing.actions.numbers import free_number
from shian.domains.tracing.actions.orders import variety_of
from shian.domains.tracing.actions.refusals import TradeRefused
from shian.domains.tracing.models import (
    Basis,
    Certificate,
    CertificateKind,
    CertificateSource,
    InOrder,
    Merchant,
    Producer,
)
from shian.domains.tracing.permissions import CERTIFICATE_KEEP, of_merchant, of_producer
from shian.domains.tracing.rules.naming import certificate_uri
from shian.domains.tracing.rules.quantities import kilos
from shian.engine.trace.models import MovementKind
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import LEVELS

MOST_PARTS = 20


@dataclass(frozen=True)
class Promise:
    """What a certificate says. `quantity` in kilograms."""

    variety: str
    quantity: Decimal
    basis: Sequence[Basis]
    origin: str = ""


@transaction.atomic
def issue_certificate(*, producer: Producer, promise: Promise, by: Any, at: datetime) -> Certificate:
    """A batch leaves the farm with its promise. Raises PermissionDenied, OutOfReach, TradeRefused."""
    name = of_producer(by, producer)
    hold()
    locked = Producer.objects.select_for_update().get(pk=producer.pk)
    if locked.party is None:
        raise TradeRefused(_("生产主体档案不完整，请联系农业农村部门。"))
    made = _made(promise, locked, locked.party, at, made=promise.quantity)
    locked.last_upload_on = timezone.localdate(at)
    locked.connected_on = locked.connected_on or locked.last_upload_on
    locked.save(update_fields=["last_upload_on", "connected_on"])
    _sealed("issued", made, name, at)
    return made


@transaction.atomic
def split_certificate(
    *, certificate: Certificate, shares: Sequence[Decimal], by: Any, at: datetime
) -> list[Certificate]:
    """One batch of a producer becomes several, each with its own code. Raises PermissionDenied, OutOfReach,
    TradeRefused for shares that are more than what is left."""
    if certificate.producer is None:
        raise TradeRefused(_("只有生产主体开具的合格证可以拆分，商户请用混装重开。"))
    name = of_producer(by, certificate.producer)
    hold()
    locked = Certificate.objects.select_for_update(of=("self",)).select_related("variety").get(pk=certificate.pk)
    left = locked.quantity - locked.used
    if not shares or len(shares) > MOST_PARTS or min(shares) <= 0:
        raise TradeRefused(_("请填写 1 至 %(most)s 份，每份大于 0。") % {"most": MOST_PARTS}, "shares")
    if locked.revoked_at is not None or sum(shares) > left:
        raise TradeRefused(_("各份合计不能超过剩余的 %(left)s 千克。") % {"left": kilos(left)}, "shares")
    parts = []
    for share in shares:
        promise = Promise(locked.variety.name, share, [Basis(each) for each in locked.basis], locked.origin)
        part = _made(promise, certificate.producer, _party(certificate.producer), at)
        CertificateSource.objects.create(certificate=part, source=locked, quantity=share)
        moved(locked.holding, part.holding, at, share, MovementKind.USED)
        parts.append(part)
    told = {"parts": [each.number for each in parts]}
    seal(action="tracing.certificate_split", by=name, subject=certificate.subject, data=told, at=at)
    return parts


@transaction.atomic
def reissue_certificate(
    *, merchant: Merchant, parts: Sequence[tuple[InOrder, Decimal]], promise: Promise, by: Any, at: datetime
) -> Certificate:
    """A merchant who mixes or repacks goods of several origins promises anew; what went in is named and used up.

    农业农村部令2025年第4号. Raises PermissionDenied, OutOfReach, TradeRefused.
    """
    name = of_merchant(by, merchant)
    hold()
    if not parts or len(parts) > MOST_PARTS:
        raise TradeRefused(_("请选择混装的批次。"))
    if sum(share for _order, share in parts) != promise.quantity:
        raise TradeRefused(_("混装数量应等于各批次数量之和。"), "quantity")
    locked = {each.pk: each for each in InOrder.objects.select_for_update().filter(pk__in=[p.pk for p, _s in parts])}
    for order, share in parts:
        row = locked[order.pk]
        if row.merchant_id != merchant.pk or row.holding is None or not 0 < share <= row.quantity - row.sold:
            raise TradeRefused(_("批次 %(number)s 的数量不够。") % {"number": row.number})
    made = _made(promise, merchant, _party(merchant), at)
    for order, share in parts:
        CertificateSource.objects.create(certificate=made, in_order=order, quantity=share)
        moved(locked[order.pk].holding or 0, made.holding, at, share, MovementKind.USED)
    _sealed("reissued", made, name, at, [order.number for order, _share in parts])
    return made


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, reason: str, by: Any, at: datetime) -> Certificate:
    """Take a certificate back: it admits nothing more. By its issuer, or by staff of its area.

    Raises PermissionDenied, OutOfReach, TradeRefused.
    """
    is_own = not isinstance(by, str) and bool(reach_of(by).operators)
    if is_own and certificate.producer is not None:
        name = of_producer(by, certificate.producer)
    elif is_own and certificate.merchant is not None:
        name = of_merchant(by, certificate.merchant)
    else:
        name = acting(CERTIFICATE_KEEP, by, certificate.area)
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.revoked_at is not None:
        raise TradeRefused(_("合格证已作废。"))
    if not reason.strip():
        raise TradeRefused(_("请写明作废原因。"), "reason")
    locked.revoked_at, locked.revoked_reason = at, reason.strip()[:200]
    locked.save(update_fields=["revoked_at", "revoked_reason"])
    told = {"reason": locked.revoked_reason}
    seal(action="tracing.certificate_revoked", by=name, subject=locked.subject, data=told, at=at)
    return locked


def _made(
    promise: Promise, issuer: Producer | Merchant, party: int, at: datetime, made: Decimal | None = None
) -> Certificate:
    if promise.quantity <= 0:
        raise TradeRefused(_("数量应大于 0。"), "quantity")
    if not promise.basis:
        raise TradeRefused(_("请选择承诺依据。"), "basis")
    day = timezone.localdate(at)
    code = issuer.code if isinstance(issuer, Producer) else f"{issuer.market.code}-{issuer.number}"
    number = free_number(Certificate.objects, code[-26:], day)
    lot = lot_of(certificate_uri(number))
    return Certificate.objects.create(
        number=number, token=secrets.token_hex(8), kind=CertificateKind.ELECTRONIC,
        producer=issuer if isinstance(issuer, Producer) else None,
        merchant=None if isinstance(issuer, Producer) else issuer,
        variety=variety_of(promise.variety), quantity=promise.quantity, origin=promise.origin or _origin(issuer),
        basis=[str(each) for each in promise.basis], issued_on=day, issued_at=at, lot=lot,
        holding=holding_of(lot, party, at, made), **{level.value: getattr(issuer, level.value) for level in LEVELS},
    )  # fmt: skip


def _origin(issuer: Producer | Merchant) -> str:
    return (issuer.address if isinstance(issuer, Producer) else issuer.market.name)[:120]


def _party(issuer: Producer | Merchant) -> int:
    if issuer.party is None:
        raise TradeRefused(_("档案不完整，请联系管理部门。"))
    return issuer.party


def _sealed(verb: str, made: Certificate, name: str, at: datetime, sources: Sequence[str] = ()) -> None:
    told = {"number": made.number, "quantity": str(made.quantity), "basis": made.basis, "sources": list(sources)}
    seal(action=f"tracing.certificate_{verb}", by=name, subject=made.subject, data=told, at=at)
