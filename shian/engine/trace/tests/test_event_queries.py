"""Programs find events by what they say, however they write it."""

from typing import Any

import pytest

from shian.engine.trace.event_queries import BadParameter, NotOffered, compiled
from shian.engine.trace.queries import TooLarge, events_for, page_of_events, words_for
from shian.engine.trace.rules.event_hash import event_hash, event_id
from shian.engine.trace.tests.records import (
    CONTEXT,
    CUCUMBER,
    FROZEN,
    SITE,
    batch,
    certificate,
    first_station,
    receipt,
)
from shian.engine.trace.tests.test_capturing import BOX, GROWER, STALL, sender, taken
from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.reach import Reach

pytestmark = pytest.mark.django_db
ERROR = {"declarationTime": "2023-10-04T00:00:00Z", "reason": "incorrect_data"}
PACKED = {
    "type": "AggregationEvent", "eventTime": "2023-10-03T00:00:00Z", "eventTimeZoneOffset": "+00:00", "action": "ADD",
    "parentID": BOX, "childEPCs": ["urn:epc:id:sgtin:6901234.056789.7"],
    "readPoint": {"id": "urn:epc:id:sgln:6901234.00005.0"},
}  # fmt: skip


@pytest.fixture
def _chain(db: None) -> None:
    taken(certificate(), receipt(), first_station(), batch(), PACKED, receipt(errorDeclaration=ERROR))


def reader(key: str = "") -> User:
    user = User(username="r", role=Role.OFFICE)
    user._reach = Reach(keys=(key,)) if key else Reach(everything=True)
    return user


def found(**parameters: str) -> list[str]:
    query = compiled(parameters)
    kinds = {(0, "commissioning"): "certificate", (0, "receiving"): "receipt", (3, "commissioning"): "batch",
             (0, "creating_class_instance"): "station", (1, ""): "packed"}  # fmt: skip
    rows = events_for(reader(), query)
    return sorted(kinds[row.kind, row.biz_step] + ("!" if row.error_at else "") for row in rows)


CUCUMBER_URN = "urn:epc:class:lgtin:6901234.056789.HGZ20231001A"
CASES: list[tuple[dict[str, str], list[str]]] = [
    ({"eventType": "AggregationEvent|TransformationEvent"}, ["batch", "packed"]),
    ({"GE_eventTime": "2023-10-02T10:30:00+08:00"}, ["batch", "packed"]),
    ({"LT_eventTime": "2023-10-01T00:00:00Z"}, ["certificate"]),
    ({"GE_recordTime": "2023-10-06T00:00:00Z"}, []),
    ({"LT_recordTime": "2023-10-06T00:00:00Z", "EQ_action": "ADD"}, ["certificate", "packed", "station"]),
    ({"EQ_bizStep": "receiving|https://ref.gs1.org/cbv/BizStep-commissioning"},
     ["batch", "certificate", "receipt", "receipt!"]),
    ({"EQ_disposition": "cbv:Disp-active"}, ["certificate"]),
    ({"EQ_bizLocation": f"{SITE}/coldstore/5076"}, ["station"]),
    ({"EQ_readPoint": "https://example.org/414/6901234000054"}, ["packed"]),
    ({"EQ_transformationID": f"{SITE}/batch/ZYCF-20231002-03"}, ["batch"]),
    ({"EQ_eventID": event_id(event_hash(batch(), CONTEXT))}, ["batch"]),
    ({"MATCH_epcClass": CUCUMBER}, ["certificate", "receipt", "receipt!"]),
    ({"MATCH_anyEPCClass": CUCUMBER_URN}, ["batch", "certificate", "receipt", "receipt!"]),
    ({"MATCH_anyEPCClass": "urn:epc:idpat:sgtin:6901234.056789.*"}, ["batch", "certificate", "receipt", "receipt!"]),
    ({"MATCH_inputEPCClass": FROZEN}, ["batch"]),
    ({"MATCH_outputEPCClass": FROZEN}, []),
    ({"MATCH_epc": "https://id.gs1.org/01/06901234567892/21/7"}, ["packed"]),
    ({"MATCH_anyEPC": "urn:epc:idpat:sgtin:6901234.056789.*"}, ["packed"]),
    ({"MATCH_parentID": BOX}, ["packed"]),
    ({"MATCH_inputEPC": BOX}, []),
    ({"MATCH_outputEPC": BOX}, []),
    ({"EQ_bizTransaction_testres": f"{SITE}/quicktest/88231"}, ["receipt", "receipt!"]),
    ({"EQ_bizTransaction_po": f"{SITE}/quicktest/88231"}, []),
    ({"EQ_source_possessing_party": GROWER}, ["receipt", "receipt!"]),
    ({"EQ_destination_possessing_party": f"{STALL}|{GROWER}"}, ["receipt", "receipt!"]),
    ({"EQ_destination_owning_party": STALL}, []),
    ({"EQ_quantity_KGM": "1200"}, ["certificate"]),
    ({"GT_quantity_TNE": "1.195"}, ["certificate"]),
    ({"LE_quantity_GRM": "20000"}, ["batch"]),
    ({"GE_quantity_XYZ": "0"}, []),
    ({"EXISTS_errorDeclaration": ""}, ["receipt!"]),
    ({"EQ_errorReason": "incorrect_data"}, ["receipt!"]),
    ({"GE_errorDeclarationTime": "2023-10-04T00:00:00Z"}, ["receipt!"]),
    ({"LT_errorDeclarationTime": "2023-10-04T00:00:00Z"}, []),
    ({"EXISTS_sensorElement": ""}, ["station"]),
    ({"EQ_type": "gs1:Temperature"}, ["station"]),
    ({"EQ_deviceID": "urn:epc:id:giai:4000001.111"}, []),
    ({"GE_time": "2023-10-02T00:58:00Z"}, ["station"]),
    ({"LT_time": "2023-10-02T00:58:00Z"}, []),
    ({"EQ_value_CEL": "-18.6"}, ["station"]),
    ({"EQ_type": "Temperature", "LT_value_KEL": "255"}, ["station"]),
    ({"LT_value_FAH": "-2"}, []),
    ({"GE_minValue_CEL": "-30"}, []),
]  # fmt: skip


@pytest.mark.usefixtures("_chain")
@pytest.mark.parametrize(("parameters", "wanted"), CASES, ids=[" ".join(case[0]) for case in CASES])
def test_each_parameter_finds_its_events(parameters: dict[str, str], wanted: list[str]) -> None:
    assert found(**parameters) == wanted


BAD = [
    {"EQ_colour": "green"}, {"eventType": "StrangeEvent"}, {"GE_eventTime": "yesterday"}, {"EQ_bizStep": ""},
    {"GE_eventTime": "2023-10-01T00:00:00"}, {"MATCH_epc": "no uri"}, {"EQ_quantity_KGM": "many"},
    {"orderBy": "colour"}, {"orderDirection": "UP"}, {"perPage": "0"}, {"perPage": "99999"}, {"eventCountLimit": "5"},
    {"eventCountLimit": "5", "maxEventCount": "5", "orderBy": "eventTime"}, {"EQ_quantity_KGM": "1e9999"},
    {"EQ_quantity_KGM": ""}, {"GE_value_CEL": "1|2"}, {"EQ_source_location": ""},
    {"EQ_bizStep": "|".join(["x"] * 201)}, {"GE_eventTime": "2023-10-01T00:00:00Z|2023-10-02T00:00:00Z"},
    {"LT_time": "2023-10-01T00:00:00Z|2023-10-02T00:00:00Z"}, {"perPage": "5|6"}, {"orderBy": "eventTime|recordTime"},
    {"EQ_bizStep": "a\0b"}, {"EQ_\0": "a"}, {"MATCH_epc": "https://id.gs1.org/01/06901234567891/21/7"},
]  # fmt: skip


@pytest.mark.parametrize("parameters", BAD, ids=str)
def test_what_is_no_parameter_is_refused(parameters: dict[str, str]) -> None:
    with pytest.raises(BadParameter) as refused:
        compiled(parameters)
    assert not isinstance(refused.value, NotOffered)


@pytest.mark.parametrize(
    "name",
    ["WD_readPoint", "EQ_persistentDisposition_set", "EQ_ILMD_lf:productName", "EQ_correctiveEventID", "GE_startTime",
     "EQ_microorganism", "GE_meanValue_CEL", "EQ_SENSORREPORT_example:x", "HASATTR_bizLocation", "EQ_example:field"],
)  # fmt: skip
def test_what_is_not_offered_is_named(name: str) -> None:
    with pytest.raises(NotOffered, match=name.replace("(", r"\(")):
        compiled({name: "x"})


def paged(user: User, **parameters: str) -> list[str]:
    query, after, events = compiled(parameters), None, []
    while True:
        page = page_of_events(user, query, after, len(events))
        events += [each["eventTime"] for each in page.events]
        if page.after is None:
            return events
        assert len(events) < 100
        after = page.after


@pytest.mark.usefixtures("db")
def test_pages_hold_everything_once_and_in_order() -> None:
    times = [f"2023-10-01T00:{minute:02}:00Z" for minute in range(25)]
    taken(*(receipt(eventTime=time) for time in times))

    assert paged(reader(), orderBy="eventTime", perPage="4") == times
    assert paged(reader(), orderBy="eventTime", orderDirection="DESC", perPage="7") == times[::-1]
    assert sorted(paged(reader(), perPage="10")) == times  # all of one record time
    assert paged(reader(), orderBy="eventTime", eventCountLimit="9", perPage="4") == times[:9]
    assert paged(reader(), maxEventCount="25", orderBy="eventTime") == times
    with pytest.raises(TooLarge):
        paged(reader(), maxEventCount="24")


@pytest.mark.usefixtures("_chain")
def test_events_come_back_as_they_were_sent() -> None:
    [event] = page_of_events(reader(), compiled({"eventType": "TransformationEvent"})).events
    told: dict[str, Any] = dict(event)

    assert told.pop("eventID") == event_id(event_hash(batch(), CONTEXT))
    assert told.pop("recordTime") == "2023-10-05T08:00:00.000Z"
    assert told.pop("@context") == [CONTEXT[1]]
    assert told == batch()


@pytest.mark.usefixtures("_chain")
def test_events_lie_in_the_reach_of_their_holders() -> None:
    assert sender()._reach.keys == ("131003",)
    assert events_for(reader("131003"), compiled({})).count() == 6
    assert events_for(reader("131002"), compiled({})).count() == 0
    assert words_for(reader("131002"), "eventTypes") == []
    assert words_for(reader(), "eventTypes") == ["AggregationEvent", "ObjectEvent", "TransformationEvent"]
    assert words_for(reader(), "bizSteps") == ["commissioning", "creating_class_instance", "receiving"]
    assert words_for(reader(), "dispositions") == ["active"]
