"""Documents are taken as a whole or for what is good of them, once, and the graph says what they told."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from shian.engine.trace.actions.capturing import TooMany, digest_of_body, send_document, take_capture
from shian.engine.trace.documents import LIST, Document, read_document, unpacked
from shian.engine.trace.models import (
    Capture,
    CaptureBlob,
    CaptureState,
    EventItem,
    EventKey,
    EventReading,
    Graph,
    Holding,
    Identifier,
    Movement,
    MovementKind,
    Party,
    TraceEvent,
)
from shian.engine.trace.rules.event_hash import event_hash, event_id, event_key
from shian.engine.trace.rules.events import Refused, Role
from shian.engine.trace.rules.fields import mark
from shian.engine.trace.rules.movements import MoveKind
from shian.engine.trace.tests.records import (
    CONTEXT,
    CUCUMBER,
    FROZEN,
    MEALS,
    NOW,
    SITE,
    batch,
    certificate,
    first_station,
    receipt,
)
from shian.engine.trace.walks import Direction, reached
from shian.kernel.accounts.models import Role as UserRole
from shian.kernel.accounts.models import User
from shian.kernel.notary.models import Entry
from shian.kernel.scope.reach import Reach

pytestmark = pytest.mark.django_db
GROWER, STALL = f"{SITE}/party/P0421", f"{SITE}/party/S0652"
SHOP, BOX = f"{SITE}/party/R0001", "https://id.gs1.org/00/069012340000000016"


def sender() -> User:
    user = User.objects.get_or_create(username="market", role=UserRole.COUNTY)[0]
    user._reach = Reach(keys=("131003",))
    return user


def document(*events: dict[str, Any], **more: Any) -> bytes:
    told = {
        "@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2023-10-05T00:00:00Z",
        "epcisBody": {"eventList": list(events)}, **more,
    }  # fmt: skip
    return json.dumps(told).encode()


def taken(*events: dict[str, Any], keeps_good: bool = False) -> Capture:
    body = document(*events)
    capture = send_document(
        document=read_document(body), digest=digest_of_body(body), keeps_good=keeps_good, by=sender(), at=NOW
    )
    return take_capture(number=capture.pk, at=NOW)


def moves() -> set[tuple[str, str, str, str, int]]:
    """(lot, who, lot, whom, kind) of every movement, as URIs."""
    uris = dict(Identifier.objects.values_list("id", "uri"))
    who = {party.pk: uris[party.identifier] for party in Party.objects.all()}
    place = {each.pk: (uris[each.lot], who[each.party_id]) for each in Holding.objects.all()}
    return {(*place[each.source], *place[each.target], each.kind) for each in Movement.objects.all()}


def handed(lot: str, giver: str, taker: str, **more: Any) -> dict[str, Any]:
    told = receipt(
        sourceList=[{"type": "possessing_party", "source": giver}],
        destinationList=[{"type": "possessing_party", "destination": taker}],
        eventTime=more.pop("at", "2023-10-02T00:00:00Z"),
        **more,
    )
    if lot == BOX:
        told.pop("quantityList")
        return {**told, "epcList": [BOX]}
    return {**told, "quantityList": [{"epcClass": lot, "quantity": 10, "uom": "KGM"}]}


def test_a_food_chain_becomes_a_graph() -> None:
    capture = taken(certificate(), receipt(), first_station(), batch())

    assert (capture.state, capture.taken, capture.known, capture.faults) == (CaptureState.DONE, 4, 0, [])
    work = f"{SITE}/batch/ZYCF-20231002-03"
    kitchen = next(each for each in moves() if each[2] == work)[3]
    assert moves() == {
        (CUCUMBER, GROWER, CUCUMBER, STALL, MovementKind.RECEIVED),
        (CUCUMBER, kitchen, work, kitchen, MovementKind.USED),
        (FROZEN, kitchen, work, kitchen, MovementKind.USED),
        (work, kitchen, MEALS, kitchen, MovementKind.MADE),
    }
    assert Graph.objects.get().version > 0
    assert list(MovementKind) == list(MoveKind)


def test_tables_hold_what_queries_ask() -> None:
    taken(receipt(), first_station())

    event = TraceEvent.objects.get(biz_step="receiving")
    lot = Identifier.objects.get(uri=CUCUMBER)
    item = EventItem.objects.get(identifier=lot.pk)
    assert (item.event, item.role, item.is_class, item.quantity, item.uom) == (event.id, Role.EPC, True, 1195, "KGM")
    assert Identifier.objects.get(pk=lot.product).uri == "https://id.gs1.org/01/06901234567892"
    assert mark("bizTransaction_testres", f"{SITE}/quicktest/88231") in event.marks
    assert mark("source_possessing_party", GROWER) in event.marks
    assert EventKey.objects.get(key=event_key(event.digest)).event == event.id
    assert EventReading.objects.get().value == pytest.approx(254.55)
    assert Holding.objects.get(lot=Identifier.objects.get(uri=FROZEN).pk).made == 480
    assert {party.area for party in Party.objects.all()} == {"131003"}


def test_what_was_sent_is_kept_as_it_was() -> None:
    capture = taken(*(receipt(eventTime=f"2023-10-01T21:10:{second:02}Z") for second in range(60)))

    [blob] = CaptureBlob.objects.filter(capture=capture.pk)
    assert unpacked(bytes(blob.content))[7] == receipt(eventTime="2023-10-01T21:10:07Z")
    assert len(blob.content) < 60 * 100


def test_the_same_event_is_taken_once() -> None:
    taken(receipt())
    again = taken(receipt(), receipt(eventTime="2023-10-01T13:10:00Z"))

    assert (again.state, again.taken, again.known) == (CaptureState.DONE, 0, 2)
    assert TraceEvent.objects.count() == Movement.objects.count() == 1


def test_all_or_nothing_unless_asked() -> None:
    wrong = receipt(eventTime="2033-01-01T00:00:00Z")

    failed = taken(receipt(), wrong)
    assert (failed.state, failed.taken) == (CaptureState.FAILED, 0)
    assert failed.faults == [{"path": f"{LIST}/1/eventTime", "reason": "in_the_future", "more": {}}]
    assert not TraceEvent.objects.exists()
    assert not CaptureBlob.objects.exists()

    partly = taken(receipt(), wrong, keeps_good=True)
    assert (partly.state, partly.taken, len(partly.faults)) == (CaptureState.DONE, 1, 1)


def test_an_identifier_names_one_event() -> None:
    name = "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"
    both = taken(receipt(eventID=name), certificate(eventID=name))
    assert [fault["reason"] for fault in both.faults] == ["same_id"]

    taken(receipt(eventID=name))
    later = taken(certificate(eventID=name))
    assert [(fault["path"], fault["reason"]) for fault in later.faults] == [(f"{LIST}/0/eventID", "id_taken")]


@pytest.mark.parametrize("first", [receipt(), None])
def test_an_event_that_is_declared_an_error_moves_nothing(first: dict | None) -> None:
    """Whichever comes first; both stay to be read."""
    error = {"declarationTime": "2023-10-04T00:00:00Z", "reason": "did_not_occur"}
    for event in (receipt(), receipt(errorDeclaration=error)) if first else (
        receipt(errorDeclaration=error), receipt(),
    ):  # fmt: skip
        assert taken(event).taken == 1

    assert not Movement.objects.exists()
    assert TraceEvent.objects.count() == 2
    assert taken(receipt(errorDeclaration=error)).known == 1


def test_a_box_carries_what_is_in_it_and_mixes_nothing() -> None:
    def boxed(action: str, at: str, place: str, *lots: str) -> dict[str, Any]:
        return {
            "type": "AggregationEvent", "eventTime": at, "eventTimeZoneOffset": "+08:00", "action": action,
            "parentID": BOX, "bizLocation": {"id": place},
            "childQuantityList": [{"epcClass": lot, "quantity": 5, "uom": "KGM"} for lot in lots],
        }  # fmt: skip

    taken(
        boxed("ADD", "2023-10-01T00:00:00Z", STALL, CUCUMBER, FROZEN),
        handed(BOX, STALL, SHOP),
        boxed("DELETE", "2023-10-03T00:00:00Z", SHOP, CUCUMBER),
    )
    taken(boxed("DELETE", "2023-10-03T00:00:01Z", SHOP))

    assert moves() == {
        (CUCUMBER, STALL, BOX, STALL, MovementKind.PACKED),
        (FROZEN, STALL, BOX, STALL, MovementKind.PACKED),
        (BOX, STALL, BOX, SHOP, MovementKind.RECEIVED),
        (CUCUMBER, STALL, CUCUMBER, SHOP, MovementKind.UNPACKED),
        (FROZEN, STALL, FROZEN, SHOP, MovementKind.UNPACKED),
    }
    assert Movement.objects.count() == 5
    uris = {each.pk: each.uri for each in Identifier.objects.all()}
    start = Holding.objects.get(lot=Identifier.objects.get(uri=CUCUMBER).pk, party__identifier=by_uri(STALL))
    found = Holding.objects.filter(pk__in=reached([start.pk], Direction.FORWARD).confirmed)
    assert {uris[each.lot] for each in found} == {CUCUMBER, BOX}


def by_uri(uri: str) -> int:
    return Identifier.objects.get(uri=uri).pk


def test_a_capture_is_run_once_and_sealed() -> None:
    capture = taken(receipt())
    again = take_capture(number=capture.pk, at=NOW + timedelta(hours=1))

    assert again.finished_at == capture.finished_at
    assert list(
        Entry.objects.filter(subject=f"trace.capture:{capture.uid}").order_by("id").values_list("action", flat=True)
    ) == ["trace.sent", "trace.taken"]


def test_an_event_gets_its_hash_as_name() -> None:
    assert taken(receipt(eventID=event_id(event_hash(receipt(), CONTEXT)))).taken == 1
    assert taken(receipt()).known == 1


def test_who_may_not_send_is_refused() -> None:
    clerk = User(username="x", role=UserRole.ASSESSOR)
    with pytest.raises(PermissionDenied):
        send_document(document=Document({}, []), digest="", keeps_good=False, by=clerk, at=NOW)
    with pytest.raises(TooMany):
        send_document(document=Document({}, [1] * 20_001), digest="", keeps_good=False, by=sender(), at=NOW)


BODIES = {
    "no JSON": (b"{", "not_json"),
    "no UTF-8": (b'{"type": "\xff"}', "not_json"),
    "endless depth": (b"[" * 2_000_000, "not_json"),
    "not a number": (b'{"type": NaN}', "not_json"),
    "a number without end": (b'{"type": 1' + b"0" * 1_000_000 + b"}", "not_json"),
    "another document": (b'{"type": "Other"}', "document_type"),
    "a list": (b"[]", "document_type"),
    "an old one": (document(schemaVersion="1.2"), "document_version"),
    "no events": (document(epcisBody={}), "document_empty"),
    "an odd body": (document(epcisBody=[1]), "document_empty"),
}


@pytest.mark.parametrize("case", BODIES)
def test_bodies_that_are_no_document(case: str) -> None:
    body, reason = BODIES[case]
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        read_document(body)

    assert refused.value.faults[0].reason == reason
    assert time.process_time() - began < 1


def test_a_query_document_is_read_too() -> None:
    told = json.loads(document())
    told |= {"type": "EPCISQueryDocument", "epcisBody": {"queryResults": {"resultsBody": {"eventList": [receipt()]}}}}

    assert read_document(json.dumps(told).encode()).events == [receipt()]


def _deep(levels: int) -> Any:
    told: Any = "x"
    for _ in range(levels):
        told = {"lf:in": told}
    return told


HOSTILE: dict[str, tuple[dict[str, Any], str]] = {
    "a text of 10 MB": ({"lf:x": "x" * 10_000_000}, "schema"),
    "a name of 1 MB": ({"lf:" + "x" * 1_000_000: "x"}, "schema"),
    "an identifier of 10 MB": ({"eventID": "urn:x:" + "9" * 10_000_000}, "schema"),
    "a place of backtracking": ({"bizLocation": {"id": "https://" + "a/" * 5_000_000}}, "schema"),
    "deep nesting": ({"ilmd": _deep(400), "action": "ADD"}, "unreadable"),
    "a list without end": ({"lf:x": list(range(200_000))}, "schema"),
    "many fields": ({"lf:x": list(range(2_000))}, "many_fields"),
    "a thousand million": ({"quantityList": [{"epcClass": CUCUMBER, "quantity": 1e9, "uom": "KGM"}]}, "schema"),
    "less than nothing": ({"quantityList": [{"epcClass": CUCUMBER, "quantity": -1, "uom": "KGM"}]}, "schema"),
    "a number without end": ({"lf:x": 10**300}, "schema"),
    "a unit that is none": ({"quantityList": [{"epcClass": CUCUMBER, "quantity": 1, "uom": "公斤"}]}, "schema"),
    "degrees of weight": (
        {"sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 4, "uom": "KGM"}]}]}, "wrong_unit",
    ),
    "a time to come": ({"eventTime": "2023-10-05T08:11:00Z"}, "in_the_future"),
    "a time before clocks": ({"eventTime": "0001-01-01T00:00:00+14:00"}, "schema"),
    "a forged hash": ({"eventID": event_id(b"\0" * 32)}, "forged_hash"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_events_get_their_error_soon(case: str) -> None:
    more, reason = HOSTILE[case]
    body = document(receipt(**more))
    began = time.process_time()
    read = read_document(body)
    capture = send_document(document=read, digest="", keeps_good=False, by=sender(), at=NOW)
    capture = take_capture(number=capture.pk, at=NOW)

    assert (capture.state, capture.faults[0]["reason"]) == (CaptureState.FAILED, reason)
    assert time.process_time() - began < 1
    assert len(json.dumps(capture.faults)) < 20_000
    assert not TraceEvent.objects.exists()
