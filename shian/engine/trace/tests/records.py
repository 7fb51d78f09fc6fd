"""Records of a food chain as events: a certificate, a receipt, an import's first station, a batch."""

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2023, 10, 5, 8, tzinfo=UTC)
SITE = "https://trace.example.org"
CUCUMBER = "https://id.gs1.org/01/06901234567892/10/HGZ20231001A"
FROZEN = f"{SITE}/lot/LL/2023100200017"
MEALS = f"{SITE}/lot/ZYCF/2023100203"
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"lf": "https://ns.example.org/lf/"}]


def certificate(**more: Any) -> dict[str, Any]:
    return {
        "type": "ObjectEvent", "eventTime": "2023-10-01T05:20:00+08:00", "eventTimeZoneOffset": "+08:00",
        "action": "ADD", "bizStep": "commissioning", "disposition": "active",
        "quantityList": [{"epcClass": CUCUMBER, "quantity": 1200, "uom": "KGM"}],
        "bizLocation": {"id": f"{SITE}/site/P0421"},
        "bizTransactionList": [{"type": "cert", "bizTransaction": f"{SITE}/cert/131000-2023-0061770"}],
        "ilmd": {"lf:productName": "黄瓜", "lf:originCode": "131003", "lf:harvestDate": "2023-10-01"},
        **more,
    }  # fmt: skip


def receipt(**more: Any) -> dict[str, Any]:
    return {
        "type": "ObjectEvent", "eventTime": "2023-10-01T21:10:00+08:00", "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE", "bizStep": "receiving", "persistentDisposition": {"set": ["completeness_verified"]},
        "quantityList": [{"epcClass": CUCUMBER, "quantity": 1195, "uom": "KGM"}],
        "bizLocation": {"id": f"{SITE}/market/M3/stall/A017"},
        "bizTransactionList": [
            {"type": "recadv", "bizTransaction": f"{SITE}/in/63118"},
            {"type": "testres", "bizTransaction": f"{SITE}/quicktest/88231"},
        ],
        "sourceList": [{"type": "possessing_party", "source": f"{SITE}/party/P0421"}],
        "destinationList": [{"type": "possessing_party", "destination": f"{SITE}/party/S0652"}],
        "lf:linkBasis": "scanned",
        **more,
    }  # fmt: skip


def first_station(**more: Any) -> dict[str, Any]:
    return {
        "type": "ObjectEvent", "eventTime": "2023-10-02T09:00:00+08:00", "eventTimeZoneOffset": "+08:00",
        "action": "ADD", "bizStep": "creating_class_instance",
        "quantityList": [{"epcClass": FROZEN, "quantity": 480, "uom": "KGM"}],
        "bizLocation": {"id": f"{SITE}/coldstore/5076"},
        "bizTransactionList": [{"type": "pedigree", "bizTransaction": f"{SITE}/customs/020220231000112233"}],
        "sensorElementList": [sensor({"time": "2023-10-02T08:58:00+08:00"}, value=-18.6)],
        "ilmd": {"lf:countryOfOrigin": "BR", "lf:firstStation": "true"},
        **more,
    }  # fmt: skip


def batch(**more: Any) -> dict[str, Any]:
    return {
        "type": "TransformationEvent", "eventTime": "2023-10-02T10:30:00+08:00", "eventTimeZoneOffset": "+08:00",
        "transformationID": f"{SITE}/batch/ZYCF-20231002-03", "bizStep": "commissioning",
        "inputQuantityList": [
            {"epcClass": CUCUMBER, "quantity": 20, "uom": "KGM"}, {"epcClass": FROZEN, "quantity": 35, "uom": "KGM"},
        ],
        "outputQuantityList": [{"epcClass": MEALS, "quantity": 300, "uom": "EA"}],
        **more,
    }  # fmt: skip


def sensor(metadata: dict[str, Any], **report: Any) -> dict[str, Any]:
    return {"sensorMetadata": metadata, "sensorReport": [{"type": "Temperature", "uom": "CEL", **report}]}
