"""A sale as an EPCIS 2.0 event (CBV 2.0: shipping), made when somebody reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]
DESPATCH, CERTIFICATE = "desadv", "cert"


@dataclass(frozen=True)
class Shipping:
    """URIs throughout; kilograms. lots: those that it is known to come from."""

    event_id: str
    at: datetime
    lots: Sequence[str]
    kilos: float
    seller: str
    buyer: str
    market: str
    order: str
    certificate: str = ""


def event_of(sale: Shipping) -> dict[str, Any]:
    """One ObjectEvent; a sale whose lot is not known names its transaction and both parties only."""
    papers = [{"type": DESPATCH, "bizTransaction": sale.order}]
    papers += [{"type": CERTIFICATE, "bizTransaction": sale.certificate}] if sale.certificate else []
    goods = [{"epcClass": lot, "quantity": sale.kilos, "uom": "KGM"} for lot in sale.lots]
    return {
        "type": "ObjectEvent",
        "eventID": sale.event_id,
        "eventTime": sale.at.isoformat(timespec="seconds"),
        "eventTimeZoneOffset": sale.at.strftime("%z")[:3] + ":" + sale.at.strftime("%z")[3:],
        "action": "OBSERVE",
        "bizStep": "shipping",
        "disposition": "in_transit",
        **({"quantityList": goods} if goods else {"epcList": []}),
        "bizLocation": {"id": sale.market},
        "bizTransactionList": papers,
        "sourceList": [{"type": "possessing_party", "source": sale.seller}],
        "destinationList": [{"type": "possessing_party", "destination": sale.buyer}],
    }


def document_of(events: Sequence[dict[str, Any]], at: datetime) -> dict[str, Any]:
    """An EPCISDocument of these events."""
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": at.isoformat(timespec="seconds"),
        "epcisBody": {"eventList": list(events)},
    }
