"""Events of a food chain as programs send them: certificates, entries to a market, sales, batches of kitchens."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

SITE = "https://trace.example.org"
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"lf": "https://ns.example.org/lf/"}]
GROWERS, STALLS, SHOPS, PRODUCTS = 703, 652, 4_000, 2_364  # shops: those that buy in the days of a run
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
SALES = 7  # of each lot


def documents(seed: int, number: int, events: int) -> Iterator[bytes]:
    """So many documents of so many events each, every event another one."""
    for place in range(number):
        chance = random.Random(f"{seed}-{place}")  # noqa: S311
        told: list[dict[str, Any]] = []
        while len(told) < events:
            told += _lot(chance, f"{seed}-{place}-{len(told)}")
        document = {
            "@context": CONTEXT,
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-09-01T00:00:00Z",
            "epcisBody": {"eventList": told[:events]},
        }
        yield json.dumps(document, ensure_ascii=False).encode()


def _lot(chance: random.Random, name: str) -> Iterator[dict[str, Any]]:
    """One lot: grown, taken in by a stall, sold to shops, cooked by one of them."""
    lot = f"https://id.gs1.org/01/{_gtin(chance.randrange(PRODUCTS))}/10/{name}"
    grower, stall = f"{SITE}/party/P{chance.randrange(GROWERS):04}", f"{SITE}/party/S{chance.randrange(STALLS):04}"
    at = BEGAN + timedelta(seconds=chance.randrange(180 * 86_400))
    yield {
        **_event(at, "commissioning", grower), "action": "ADD", "disposition": "active",
        "quantityList": [{"epcClass": lot, "quantity": chance.randrange(200, 2_000), "uom": "KGM"}],
        "bizTransactionList": [{"type": "cert", "bizTransaction": f"{SITE}/cert/{name}"}],
        "ilmd": {"lf:productName": "黄瓜", "lf:originCode": "131003", "lf:harvestDate": at.date().isoformat()},
    }  # fmt: skip
    yield _handed(at + timedelta(hours=12), lot, grower, stall, "receiving", f"{SITE}/in/{name}", 180)
    shops = [f"{SITE}/party/R{chance.randrange(SHOPS):05}" for _ in range(SALES)]
    for number, shop in enumerate(shops):
        told = f"{SITE}/out/{name}-{number}"
        yield _handed(at + timedelta(hours=24 + number), lot, stall, shop, "shipping", told, chance.randrange(1, 30))
    yield {
        **_event(at + timedelta(hours=48), "commissioning", shops[0]), "type": "TransformationEvent",
        "transformationID": f"{SITE}/batch/{name}",
        "inputQuantityList": [{"epcClass": lot, "quantity": 10, "uom": "KGM"}],
        "outputQuantityList": [{"epcClass": f"{SITE}/lot/meal/{name}", "quantity": 50, "uom": "EA"}],
    }  # fmt: skip


def _event(at: datetime, step: str, place: str) -> dict[str, Any]:
    return {
        "type": "ObjectEvent", "eventTime": at.isoformat(), "eventTimeZoneOffset": "+08:00", "bizStep": step,
        "bizLocation": {"id": place.replace("/party/", "/site/")},
    }  # fmt: skip


def _handed(at: datetime, lot: str, giver: str, taker: str, step: str, paper: str, kilos: int) -> dict[str, Any]:
    kind = "recadv" if step == "receiving" else "desadv"
    return {
        **_event(at, step, taker if step == "receiving" else giver), "action": "OBSERVE",
        "quantityList": [{"epcClass": lot, "quantity": kilos, "uom": "KGM"}],
        "bizTransactionList": [{"type": kind, "bizTransaction": paper}],
        "sourceList": [{"type": "possessing_party", "source": giver}],
        "destinationList": [{"type": "possessing_party", "destination": taker}],
        "lf:linkBasis": "scanned",
    }  # fmt: skip


def _gtin(number: int) -> str:
    digits = f"0690{number:09}"
    total = sum(int(each) * (3 if place % 2 == 0 else 1) for place, each in enumerate(digits))
    return digits + str(-total % 10)
