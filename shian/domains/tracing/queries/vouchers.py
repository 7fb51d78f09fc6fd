"""What a sale reads like on paper and as an EPCIS event."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from shian.domains.tracing.models import OutOrder
from shian.domains.tracing.queries.orders import buyers_of
from shian.domains.tracing.rules.epcis import Shipping, document_of, event_of
from shian.domains.tracing.rules.quantities import kilos
from shian.engine.trace.models import Identifier, Party
from shian.kernel.ui.codes import scan_code

ORDER = "urn:shian:out-order:"


@dataclass(frozen=True)
class Voucher:
    """销售凭证 (总局令81): name, origin, quantity, day, seller with address and telephone; the buyer's proof too."""

    number: str
    variety: str
    origin: str
    quantity: Decimal
    sold_at: datetime
    market: str
    seller: str
    booth: str
    address: str
    phone: str
    buyer: str
    lot: str
    certificate: str
    code: SafeString

    @property
    def kilos(self) -> str:
        """Its kilograms in words."""
        return kilos(self.quantity)


def voucher_of(order: OutOrder, host: str) -> Voucher:
    """`host`: where the code leads, with a slash at its end."""
    lot, firm = order.in_order, order.merchant.operator
    buyer = buyers_of([order]).get(order.buyer)
    certificate = lot.certificate if lot else None
    url = host.rstrip("/") + reverse("tracing:certificate_scan", args=[certificate.token]) if certificate else ""
    code = scan_code(url) if url else SafeString("")
    return Voucher(
        number=order.number, variety=order.variety.name, origin=lot.origin if lot else "", quantity=order.quantity,
        sold_at=order.sold_at, market=order.market.name, seller=order.merchant.name, booth=order.merchant.booth,
        address=order.market.address or (firm.address if firm else ""),
        phone=order.merchant.phone or (firm.phone if firm else ""),
        buyer=buyer.name if buyer else order.buyer_name, lot=lot.number if lot else "",
        certificate=certificate.number if certificate else "", code=code,
    )  # fmt: skip


def epcis_of(order: OutOrder) -> dict[str, Any]:
    """The sale as an EPCIS document."""
    lot = order.in_order
    uris = _uris([order.merchant.party, order.buyer])
    goods = dict(Identifier.objects.filter(pk=lot.lot).values_list("pk", "uri")) if lot and lot.lot else {}
    at = timezone.localtime(order.sold_at)
    event = event_of(
        Shipping(
            event_id=f"urn:shian:event:{order.number}", at=at, lots=list(goods.values()), kilos=float(order.quantity),
            seller=uris.get(order.merchant.party or 0, ""), buyer=uris.get(order.buyer, ""),
            market=f"urn:shian:market:{order.market.code}", order=ORDER + order.number,
            certificate=f"urn:shian:certificate:{lot.certificate.number}" if lot and lot.certificate else "",
        )
    )  # fmt: skip
    return document_of([event], timezone.localtime())


def _uris(parties: list[int | None]) -> dict[int, str]:
    rows = Party.objects.filter(pk__in=[each for each in parties if each]).values_list("pk", "identifier")
    names = dict(Identifier.objects.filter(pk__in=[each for _pk, each in rows]).values_list("pk", "uri"))
    return {pk: names[identifier] for pk, identifier in rows if identifier in names}
