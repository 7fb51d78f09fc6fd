"""Programs find events by what they say, however they write it."""

from typing import Any

import pytest

from shian.engine.trace.event_conditions import BadParameter, NotOffered
from shian.engine.trace.event_queries import compiled
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
CORRECTION = "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"
ERROR = {
    "declarationTime": "2023-10-04T00:00:00Z", "reason": "incorrect_data", "correctiveEventIDs": [CORRECTION],
    "lf:clerk": "7",
}  # fmt: skip
NS = "https://ns.example.org/lf/"
METADATA = {
    "startTime": "2023-10-02T08:00:00+08:00", "endTime": "2023-10-02T08:58:00+08:00", "bizRules": f"{SITE}/rules/1",
    "deviceMetadata": f"{SITE}/device/9", "rawData": f"{SITE}/raw/9", "dataProcessingMethod": f"{SITE}/method/1",
    "lf:logger": "A",
}  # fmt: skip
REPORTS = [
    {"type": "Temperature", "uom": "CEL", "value": -18.6, "minValue": -20, "maxValue": -17, "meanValue": -18.5,
     "sDev": 0.9, "percRank": 95, "percValue": -17.2, "lf:probe": {"lf:depth": 4}},
    {"type": "Illuminance", "microorganism": f"{SITE}/bug", "chemicalSubstance": f"{SITE}/salt", "stringValue": "dark",
     "booleanValue": True, "hexBinaryValue": "0aff", "uriValue": f"{SITE}/v", "component": "x",
     "exception": "ALARM_CONDITION", "coordinateReferenceSystem": f"{SITE}/crs"},
]  # fmt: skip
STATION = first_station(
    sensorElementList=[{"sensorMetadata": METADATA, "sensorReport": REPORTS, "lf:shelf": "B2"}],
    persistentDisposition={"unset": ["recalled"]},
    bizLocation={"id": f"{SITE}/coldstore/5076", "lf:gate": 3},
    ilmd={"lf:countryOfOrigin": "BR", "lf:plants": ["X1", "X2"], "lf:size": {"lf:grade": "A", "lf:grams": 1500.0},
          "lf:frozenOn": "2023-09-01", "lf:sealedAt": "2023-09-02T08:00:00+08:00", "lf:fat": 5.0},
)  # fmt: skip
PACKED = {
    "type": "AggregationEvent", "eventTime": "2023-10-03T00:00:00Z", "eventTimeZoneOffset": "+00:00", "action": "ADD",
    "parentID": BOX, "childEPCs": ["urn:epc:id:sgtin:6901234.056789.7"],
    "readPoint": {"id": "urn:epc:id:sgln:6901234.00005.0"},
}  # fmt: skip


@pytest.fixture
def _chain(db: None) -> None:
    taken(certificate(), receipt(), STATION, batch(), PACKED, receipt(errorDeclaration=ERROR))


def reader(key: str = "") -> User:
    user = User(username="r", role=Role.OFFICE)
    user._reach = Reach(keys=(key,)) if key else Reach(everything=True)
    return user


def found(**parameters: str) -> list[str]:
    query = compiled(parameters, {"lf": NS})
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
    ({"GE_time": "2023-10-02T00:58:00Z"}, []),
    ({"LT_time": "2023-10-02T00:58:00Z"}, []),
    ({"EQ_value_CEL": "-18.6"}, ["station"]),
    ({"EQ_type": "Temperature", "LT_value_KEL": "255"}, ["station"]),
    ({"LT_value_FAH": "-2"}, []),
    ({"GE_minValue_CEL": "-30"}, ["station"]),
    ({"LT_minValue_KEL": "253"}, []),
    ({"GT_maxValue_CEL": "-17.5"}, ["station"]),
    ({"LE_meanValue_KEL": "254.65"}, ["station"]),
    ({"EQ_percValue_CEL": "-17.2"}, ["station"]),
    ({"EQ_percRank": "95"}, ["station"]),
    ({"GT_sDev_KEL": "0.8"}, ["station"]),
    ({"LT_sDev_FAH": "1.6"}, []),
    ({"GE_startTime": "2023-10-02T00:00:00Z"}, ["station"]),
    ({"LT_startTime": "2023-10-02T00:00:00Z"}, []),
    ({"GE_endTime": "2023-10-02T00:59:00Z"}, []),
    ({"LT_endTime": "2023-10-02T00:59:00Z"}, ["station"]),
    ({"EQ_bizRules": f"{SITE}/rules/1"}, ["station"]),
    ({"EQ_deviceMetadata": f"{SITE}/device/9|{SITE}/device/8"}, ["station"]),
    ({"EQ_rawData": f"{SITE}/raw/8"}, []),
    ({"EQ_rawData": f"{SITE}/raw/9", "EQ_dataProcessingMethod": f"{SITE}/method/1"}, ["station"]),
    ({"EQ_microorganism": f"{SITE}/bug", "EQ_chemicalSubstance": f"{SITE}/salt"}, ["station"]),
    ({"EQ_stringValue": "dark", "EQ_booleanValue": "true", "EQ_hexBinaryValue": "0AFF"}, ["station"]),
    ({"EQ_booleanValue": "false"}, []),
    ({"EQ_uriValue": f"{SITE}/v", "EQ_component": "x", "EQ_exception": "gs1:ALARM_CONDITION"}, ["station"]),
    ({"EQ_coordinateReferenceSystem": f"{SITE}/crs"}, ["station"]),
    ({"EQ_persistentDisposition_set": "cbv:Disp-completeness_verified"}, ["receipt", "receipt!"]),
    ({"EQ_persistentDisposition_unset": "recalled|completeness_verified"}, ["station"]),
    ({"EQ_correctiveEventID": CORRECTION}, ["receipt!"]),
    ({"WD_bizLocation": f"{SITE}/coldstore"}, ["station"]),
    ({"WD_bizLocation": f"{SITE}/cold"}, []),
    ({"WD_bizLocation": f"{SITE}/coldstore/5076|{SITE}/market"}, ["receipt", "receipt!", "station"]),
    ({"WD_readPoint": "urn:epc:id:sgln:6901234.00005.0"}, ["packed"]),
    ({"EQ_ILMD_lf:countryOfOrigin": "CN|BR"}, ["station"]),
    ({f"EQ_ILMD_{NS}countryOfOrigin": "BR"}, ["station"]),
    ({"EQ_ILMD_xx:countryOfOrigin": "BR"}, []),
    ({"EQ_ILMD_lf:plants": "X2"}, ["station"]),
    ({"EQ_ILMD_lf:grade": "A"}, []),
    ({"EQ_INNER_ILMD_lf:grade": "A"}, ["station"]),
    ({"EQ_INNER_ILMD_lf:grams": "1500"}, ["station"]),
    ({"GT_INNER_ILMD_lf:grams": "1500"}, []),
    ({"GE_INNER_ILMD_lf:grams": "1.5"}, ["station"]),
    ({"EQ_ILMD_lf:fat": "5.00"}, ["station"]),
    ({"LE_ILMD_lf:fat": "4.9"}, []),
    ({"GE_ILMD_lf:frozenOn": "2023-09-01"}, ["station"]),
    ({"LT_ILMD_lf:frozenOn": "2023-09-01"}, []),
    ({"LT_ILMD_lf:sealedAt": "2023-09-02T00:00:01Z"}, ["station"]),
    ({"EXISTS_ILMD_lf:size": ""}, ["station"]),
    ({"EXISTS_ILMD_lf:originCode": ""}, ["certificate"]),
    ({"EXISTS_INNER_ILMD_lf:grade": ""}, ["station"]),
    ({"EQ_lf:linkBasis": "scanned"}, ["receipt", "receipt!"]),
    ({"EXISTS_lf:linkBasis": ""}, ["receipt", "receipt!"]),
    ({"EQ_INNER_lf:gate": "3"}, ["station"]),
    ({"EQ_ERROR_DECLARATION_lf:clerk": "7"}, ["receipt!"]),
    ({"EQ_SENSORELEMENT_lf:shelf": "B2"}, ["station"]),
    ({"EQ_SENSORMETADATA_lf:logger": "A"}, ["station"]),
    ({"EXISTS_SENSORREPORT_lf:probe": ""}, ["station"]),
    ({"LT_INNER_SENSORREPORT_lf:depth": "5"}, ["station"]),
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


@pytest.mark.parametrize("name", ["HASATTR_bizLocation", "HASATTR_lf:x", "EQATTR_lf:x_lf:y"])
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
