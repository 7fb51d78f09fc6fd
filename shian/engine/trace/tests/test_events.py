"""What an event must say before it is taken, and what is taken of it."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from shian.engine.trace.rules.event_hash import event_hash, event_id
from shian.engine.trace.rules.events import Refused, Role, Side, normal
from shian.engine.trace.rules.faults import Fault
from shian.engine.trace.rules.identifiers import Level
from shian.engine.trace.rules.units import alike, fits, to_si
from shian.engine.trace.rules.vocabulary import bare
from shian.engine.trace.tests import hash_vectors
from shian.engine.trace.tests.records import (
    CONTEXT,
    CUCUMBER,
    NOW,
    SITE,
    batch,
    certificate,
    first_station,
    receipt,
    sensor,
)
from shian.engine.trace.wording import FAULTS, fault_text


def faults_of(event: Any) -> list[tuple[str, str]]:
    try:
        normal(event, CONTEXT, NOW)
    except Refused as refused:
        return [(each.path, each.reason) for each in refused.faults]
    return []


@pytest.mark.parametrize("event", [certificate(), receipt(), first_station(), batch()])
def test_records_of_a_food_chain_are_events(event: dict) -> None:
    assert faults_of(event) == []


def test_published_examples_are_events() -> None:
    vectors = [*hash_vectors.VARIOUS, hash_vectors.ALL_KEYS, *hash_vectors.REFERENCES, *hash_vectors.ROUNDED]

    assert [each for each, _digest in [*vectors, hash_vectors.EVERYTHING] if faults_of(each)] == [
        hash_vectors.EVERYTHING[0]  # its report tells device and time that its metadata have told
    ]


def test_a_receipt_is_read() -> None:
    told = normal(receipt(), CONTEXT, NOW)

    assert told.time == datetime(2023, 10, 1, 13, 10, tzinfo=UTC)
    assert told.biz_step == "receiving"
    assert [(each.uri, each.role, each.level, each.quantity, each.uom) for each in told.items] == [
        (CUCUMBER, Role.EPC, Level.CLASS, 1195, "KGM")
    ]
    assert told.parties == (
        (Side.SOURCE, "possessing_party", f"{SITE}/party/P0421"),
        (Side.DESTINATION, "possessing_party", f"{SITE}/party/S0652"),
    )
    assert ("testres", f"{SITE}/quicktest/88231") in told.transactions
    assert told.event_id == event_id(event_hash(receipt(), CONTEXT))


def test_a_sensor_speaks_si() -> None:
    [reading] = normal(first_station(), CONTEXT, NOW).readings

    assert reading.value == pytest.approx(254.55)
    assert reading.time == datetime(2023, 10, 2, 0, 58, tzinfo=UTC)


def associated(**more: Any) -> dict[str, Any]:
    event = {**receipt(), "type": "AssociationEvent", "parentID": "urn:epc:id:sgln:4012345.00005.0", **more}
    event.pop("quantityList")
    return event


def without(event: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in names}


METADATA = {"deviceID": "urn:epc:id:giai:4000001.111"}
REFUSALS = {
    "no object": ([], [("", "not_an_object")]),
    "another type": (certificate(type="StrangeEvent"), [("/type", "event_type")]),
    "no time": (without(certificate(), "eventTime"), [("", "schema")]),
    "no zone": (certificate(eventTime="2023-10-01T05:20:00"), [("/eventTime", "schema")]),
    "no such day": (certificate(eventTime="2023-02-30T05:20:00Z"), [("/eventTime", "schema")]),
    "unknown word": (certificate(bizStep="selling"), [("/bizStep", "schema")]),
    "unknown field": (certificate(colour="green"), [("", "schema")]),
    "a billion": (
        certificate(quantityList=[{"epcClass": CUCUMBER, "quantity": 1e9, "uom": "KGM"}]),
        [("/quantityList/0/quantity", "schema")],
    ),
    "less than nothing": (
        certificate(quantityList=[{"epcClass": CUCUMBER, "quantity": -1}]), [("/quantityList/0/quantity", "schema")],
    ),
    "no unit": (
        certificate(quantityList=[{"epcClass": CUCUMBER, "quantity": 1, "uom": "kg"}]),
        [("/quantityList/0/uom", "schema")],
    ),
    "future": (certificate(eventTime="2023-10-06T00:00:00Z"), [("/eventTime", "in_the_future")]),
    "forged": (certificate(eventID=event_id(b"\0" * 32)), [("/eventID", "forged_hash")]),
    "lot as one thing": (without(certificate(epcList=[CUCUMBER]), "quantityList"), [("/epcList/0", "wrong_level")]),
    "one thing as lot": (
        certificate(quantityList=[{"epcClass": "urn:epc:id:sgtin:4012345.012345.12"}]),
        [("/quantityList/0/epcClass", "wrong_level")],
    ),
    "wrong check digit": (
        certificate(quantityList=[{"epcClass": CUCUMBER.replace("892", "891")}]),
        [("/quantityList/0/epcClass", "check_digit")],
    ),
    "nothing": (without(receipt(), "quantityList"), [("", "about_nothing")]),
    "birth certificate of what is there": (certificate(action="OBSERVE"), [("/ilmd", "ilmd_without_add")]),
    "TCR-54 step 3": (without(associated(action="ADD", childEPCs=[METADATA["deviceID"]]), "parentID"),
                      [("/parentID", "parent_missing")]),
    "TCR-54 step 4": (associated(action="OBSERVE"), [("", "children_missing")]),
    "TCR-53 step 29": (
        first_station(sensorElementList=[sensor(METADATA, value=1, **METADATA)]),
        [("/sensorElementList/0/sensorReport/0/deviceID", "told_twice")],
    ),
    "measured later": (
        first_station(sensorElementList=[sensor({"time": "2023-10-03T00:00:00Z"}, value=1)]),
        [("/sensorElementList/0/sensorMetadata/time", "after_the_event"),],
    ),
    "kilograms of warmth": (
        first_station(sensorElementList=[sensor({}, value=1, uom="KGM")]),
        [("/sensorElementList/0/sensorReport/0/uom", "wrong_unit")],
    ),
    "sale of nothing": (
        without({**certificate(), "type": "TransactionEvent"}, "bizTransactionList", "ilmd"),
        [("/bizTransactionList", "transactions_missing")],
    ),
    "kitchen without dishes": (without(batch(), "outputQuantityList", "transformationID"), [("", "side_missing")]),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_what_is_refused_says_where_and_why(case: str) -> None:
    event, wanted = REFUSALS[case]

    assert faults_of(event) == wanted


def test_an_association_may_end_without_children() -> None:
    assert faults_of(associated(action="DELETE")) == []
    assert faults_of(associated(action="ADD", childEPCs=[METADATA["deviceID"]])) == []


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = {"lf:a": value}
    return value


HOSTILE = {
    "ten megabytes": certificate(**{"lf:a": "x" * 10_000_000}),
    "ten megabytes of name": certificate(bizLocation={"id": "https://e.org/" + "x" * 10_000_000}),
    "deep": certificate(ilmd={"lf:a": nested(400)}),
    "many": certificate(epcList=["urn:epc:id:sgtin:4012345.012345.12"] * 300_000),
    "wide": certificate(**{f"lf:{number}": 1 for number in range(100_000)}),
    "endless number": certificate(**{"lf:a": float("nan")}),
    "many wrong": certificate(epcList=[1] * 4_000),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_events_are_refused_within_a_second(case: str) -> None:
    began = time.process_time()

    assert faults_of(HOSTILE[case])
    assert time.process_time() - began < 1


def test_every_fault_has_its_words() -> None:
    told = {reason for _event, wanted in REFUSALS.values() for _path, reason in wanted}

    assert told <= set(FAULTS)
    assert (
        fault_text(Fault("/x", "check_digit", {"key": "01", "right": "2"}))
        == "应用标识符 01 的校验位应为 2，请核对号码"
    )


def test_units_are_told_in_si() -> None:
    assert to_si(4, "CEL") == pytest.approx(277.15)
    assert to_si(39.2, "FAH") == pytest.approx(277.15)
    assert to_si(2, "TNE") == 2000
    assert to_si(1, "XYZ") is None
    assert set(alike("CEL")) == {"CEL", "KEL", "FAH"}
    assert alike("XYZ") == ("XYZ",)
    assert not fits("Temperature", "KGM")
    assert fits("Temperature", "XYZ")


@pytest.mark.parametrize(
    "written",
    ["shipping", "cbv:BizStep-shipping", "https://ref.gs1.org/cbv/BizStep-shipping", "https://ns.gs1.org/cbv/BizStep-shipping",
     "urn:epcglobal:cbv:bizstep:shipping"],
)  # fmt: skip
def test_a_word_has_one_form(written: str) -> None:
    assert bare(written) == "shipping"
    assert bare("https://own.example/steps/x") == "https://own.example/steps/x"
