"""Chains of the demo that do not close: what a producer's program tells of a lot whose buyer passed it on without a
receipt, and of one that came from nowhere. Among the city's orders are others; all of them are found as at night."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from shian.config import verbs

GTIN = "06901234567892"
CLOSED, LOST = "MN2301", "MN2287"  # lots
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"lf": "https://ns.example.org/lf/"}]
MAKER, SELLER, STATION = "食品生产", "食品销售", "station"


@transaction.atomic
def break_chains(office: Any) -> int:
    """How many chains do not close. Nothing is told twice, nor where a place has too few businesses to tell of."""
    from shian.domains.tracing.actions.anomalies import find_anomalies
    from shian.engine.trace.models import Capture

    firms = _firms()
    if firms and not Capture.objects.exists():
        _send(_events(firms, verbs.now() - timedelta(days=1)), office)
    return sum(new for new, _cleared in find_anomalies(by="demo", at=verbs.now()).values())


def _firms() -> list[str]:
    """A maker and three sellers of the demo's station, as events name them; none where there are fewer."""
    from shian.domains.tracing.actions.graph import hold, party_of
    from shian.domains.tracing.rules.naming import operator_uri
    from shian.kernel.accounts.models import User
    from shian.registers.operators.models import Operator

    station = User.objects.filter(username=STATION).first()
    if station is None:
        return []
    rows = Operator.objects.visible_to(station).filter(closed_on=None).order_by("code")
    found = [*rows.filter(kind=MAKER)[:1], *rows.filter(kind=SELLER)[:3]]
    if len(found) < 4:
        return []
    hold()
    for each in found:
        party_of(each)  # so they lie where they are, and bear their names
    return [operator_uri(each.code) for each in found]


def _events(firms: list[str], at: datetime) -> list[dict[str, Any]]:
    maker, shop, other, third = firms
    return [
        {**_event(CLOSED, 600, at), "action": "ADD", "bizStep": "commissioning", "bizLocation": {"id": maker},
         "ilmd": {"lf:productName": "纯牛奶"}},
        _sent(CLOSED, 400, at + timedelta(hours=3), maker, shop),
        _sent(CLOSED, 150, at + timedelta(hours=8), shop, other),
        _sent(LOST, 80, at + timedelta(hours=9), other, third),
    ]  # fmt: skip


def _event(lot: str, kilos: int, at: datetime) -> dict[str, Any]:
    goods = {"epcClass": f"https://id.gs1.org/01/{GTIN}/10/{lot}", "quantity": kilos, "uom": "KGM"}
    return {
        "type": "ObjectEvent", "eventTime": at.isoformat(timespec="seconds"), "eventTimeZoneOffset": "+08:00",
        "quantityList": [goods],
    }  # fmt: skip


def _sent(lot: str, kilos: int, at: datetime, giver: str, taker: str) -> dict[str, Any]:
    return {
        **_event(lot, kilos, at), "action": "OBSERVE", "bizStep": "shipping",
        "sourceList": [{"type": "possessing_party", "source": giver}],
        "destinationList": [{"type": "possessing_party", "destination": taker}],
    }  # fmt: skip


def _send(events: list[dict[str, Any]], office: Any) -> None:
    from shian.engine.trace.actions.capturing import digest_of_body, send_document, take_capture
    from shian.engine.trace.documents import read_document

    told = {"@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0",
            "creationDate": verbs.now().isoformat(timespec="seconds"), "epcisBody": {"eventList": events}}  # fmt: skip
    body = json.dumps(told, ensure_ascii=False).encode()
    sent = send_document(
        document=read_document(body), digest=digest_of_body(body), keeps_good=False, by=office, at=verbs.now()
    )  # fmt: skip
    take_capture(number=sent.pk, at=verbs.now())
