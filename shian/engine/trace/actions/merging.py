"""Events into the tables, all of a document at once: identifiers, parties, holdings, events, then movements."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db import connection

from shian.engine.trace.actions.staging import copy_rows, number_holdings, number_identifiers, number_parties
from shian.engine.trace.documents import BLOB
from shian.engine.trace.models import Capture, EventKey
from shian.engine.trace.rules.event_hash import event_id
from shian.engine.trace.rules.events import NormalEvent
from shian.engine.trace.rules.identifiers import Level
from shian.engine.trace.rules.movements import Place, Told, told_by
from shian.engine.trace.rules.vocabulary import ACTIONS, EVENT_TYPES
from shian.kernel.scope.rules import LEVELS

EVENT = (
    "id, record_time, time, read_point, biz_location, transformation, capture, blob, party_id, place, kind, action, "
    "digest, biz_step, disposition, error_reason, error_at"
)
MOVEMENT = "source, target, event, at, quantity, seller, buyer, kind, ring, uom"


class Good:
    """An event that may be taken, its place in the document, and what it is known by."""

    __slots__ = ("blob", "content_key", "event", "name_key", "place", "withdrawn_key")

    def __init__(self, event: NormalEvent, blob: int, place: int) -> None:
        self.event, self.blob, self.place = event, blob, place
        self.withdrawn_key = _key("withdrawn", event.digest)
        self.content_key = event.digest
        self.name_key = event.digest
        if event.error_at is not None:
            self.content_key = self.name_key = _key(f"error {event.error_at.isoformat()}", event.digest)
        elif event.event_id != event_id(event.digest):
            self.name_key = _key("name", event.event_id.encode())

    @property
    def number(self) -> int:
        """Its place in the document's list."""
        return self.blob * BLOB + self.place

    def entered(self) -> set[bytes]:
        """What its event is entered under."""
        withdrawn = {self.withdrawn_key} if self.event.error_at is not None else set()
        return {self.content_key, self.name_key, *withdrawn}


def _key(kind: str, content: bytes) -> bytes:
    return hashlib.sha256(kind.encode() + b"\0" + content).digest()


def standing(good: Sequence[Good]) -> set[bytes]:
    """Keys of these events that are taken. From here to the end of the transaction nobody else adds to the graph."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('trace_graph'))")
    asked = sorted({key for each in good for key in (each.content_key, each.name_key, each.withdrawn_key)})
    return {bytes(key) for key in EventKey.objects.filter(key__in=asked).values_list("key", flat=True)}


def merge(good: Sequence[Good], *, capture: Capture, at: datetime) -> None:
    """Enter events that are new. `at`: the time that they are recorded under."""
    if not good:
        return
    merged = _Merge(good, capture, at)
    with connection.cursor() as cursor:
        merged.write(cursor)
        cursor.execute("UPDATE trace_graph SET version = nextval('trace_graph_version_seq')")


class _Merge:
    """What the rows of one document need to know of each other."""

    def __init__(self, good: Sequence[Good], capture: Capture, at: datetime) -> None:
        self.good, self.capture, self.at = good, capture, at
        sender = f"urn:shian:sender:{quote(capture.by, safe='')}"
        self.told = [told_by(each.event, sender) for each in good]
        self.ids = number_identifiers({uri for pair in zip(good, self.told, strict=True) for uri in _uris(*pair)})
        self.parties = number_parties({self.ids[uri] for uri in self._holders()}, self._area())
        self.withdrawn = standing(good)
        self.holdings = number_holdings(self._seen())

    def _area(self) -> dict[str, str]:
        return {str(level): getattr(self.capture, str(level)) for level in LEVELS}

    def _holders(self) -> Iterator[str]:
        for told in self.told:
            yield told.holder
            yield from (holder for _lot, holder in _places(told))
            yield from (each.holder for each in told.unpacked)

    def party(self, uri: str) -> int:
        return self.parties[self.ids[uri]]

    def _place(self, place: Place) -> tuple[int, int]:
        return self.ids[place[0]], self.party(place[1])

    def _seen(self) -> Iterator[tuple[int, int, datetime, float | None, str]]:
        for each, told in zip(self.good, self.told, strict=True):
            at = each.event.time
            for birth in told.births:
                yield *self._place(birth.place), at, birth.made if self._counts(each) else None, birth.uom
            for place in _places(told):
                yield *self._place(place), at, None, ""
            for out in told.unpacked:
                yield *self._place((out.lot or out.box, out.holder)), at, None, ""

    def _counts(self, each: Good) -> bool:
        """Does the event move anything? Not when it is declared an error, now or before."""
        return each.event.error_at is None and each.withdrawn_key not in self.withdrawn

    def write(self, cursor: Any) -> None:
        cursor.execute("SELECT trace_event_month(%s)", [self.at])
        cursor.execute("SELECT nextval('trace_event_id_seq') FROM generate_series(1, %s)", [len(self.good)])
        numbers = [row[0] for row in cursor.fetchall()]
        pairs = list(zip(numbers, self.good, strict=True))
        copy_rows(cursor, "trace_event", EVENT, map(self._event, numbers, self.good, self.told))
        keys = ((key, number, self.at) for number, each in pairs for key in each.entered())
        copy_rows(cursor, "trace_eventkey", "key, event, record_time", keys)
        for table, columns, rows in (
            ("trace_eventitem", "identifier, event, role, is_class, quantity, uom", self._items),
            ("trace_eventtransaction", "identifier, event, kind", self._transactions),
            ("trace_eventparty", "identifier, event, side, kind", self._sides),
            ("trace_eventreading", "event, number, time, device, value, low, high, uom, kind", self._readings),
        ):
            copy_rows(cursor, table, columns, (row for pair in pairs for row in rows(*pair)))
        copy_rows(cursor, "trace_movement", MOVEMENT, (row for row in self._movements(numbers)))
        for (number, each), told in zip(pairs, self.told, strict=True):
            if told.unpacked and self._counts(each):
                _unpack(cursor, self, number, each, told)
        _withdraw(cursor, [each.event.digest for each in self.good if each.event.error_at is not None])

    def _event(self, number: int, each: Good, told: Told) -> tuple[Any, ...]:
        event, ids = each.event, self.ids
        return (
            number, self.at, event.time, ids.get(event.read_point), ids.get(event.biz_location),
            ids.get(event.transformation), self.capture.pk, each.blob, self.party(told.holder), each.place,
            EVENT_TYPES.index(event.kind), ACTIONS.index(event.action) if event.action else None, event.digest,
            event.biz_step, event.disposition, event.error_reason, event.error_at,
        )  # fmt: skip

    def _items(self, number: int, each: Good) -> Iterator[tuple[Any, ...]]:
        found: dict[tuple[int, int], tuple[Any, ...]] = {}
        for item in each.event.items:
            key = self.ids[item.uri], int(item.role)
            before = found.get(key)
            quantity = item.quantity if before is None or before[4] is None else before[4] + (item.quantity or 0)
            found[key] = (key[0], number, key[1], item.level == Level.CLASS, quantity, item.uom)
        yield from found.values()

    def _transactions(self, number: int, each: Good) -> Iterator[tuple[Any, ...]]:
        yield from {(self.ids[uri], number, kind) for kind, uri in each.event.transactions}

    def _sides(self, number: int, each: Good) -> Iterator[tuple[Any, ...]]:
        yield from {(self.ids[uri], number, int(side), kind) for side, kind, uri in each.event.parties}

    def _readings(self, number: int, each: Good) -> Iterator[tuple[Any, ...]]:
        for place, told in enumerate(each.event.readings):
            values = told.value, told.low, told.high
            yield number, place, told.time, self.ids.get(told.device), *values, told.uom, told.kind

    def _movements(self, numbers: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        for number, each, told in zip(numbers, self.good, self.told, strict=True):
            if not self._counts(each):
                continue
            for move in told.moves:
                source, target = self._place(move.source), self._place(move.target)
                if source != target:
                    ends = self.holdings[source], self.holdings[target]
                    yield (
                        *ends,
                        number,
                        each.event.time,
                        move.quantity,
                        source[1],
                        target[1],
                        int(move.kind),
                        1,
                        move.uom,
                    )


def _uris(each: Good, told: Told) -> Iterator[str]:
    event = each.event
    named = [event.read_point, event.biz_location, event.transformation, told.holder]
    named += [item.uri for item in event.items] + [uri for _kind, uri in event.transactions]
    named += [uri for _side, _kind, uri in event.parties] + [reading.device for reading in event.readings]
    named += [uri for place in _places(told) for uri in place]
    return (uri for uri in named if uri)


def _places(told: Told) -> Iterator[Place]:
    yield from (birth.place for birth in told.births)
    for move in told.moves:
        yield move.source
        yield move.target


# What was packed into a box, last of all, for each lot; what is unpacked comes from there.
FROM_BOX = """
INSERT INTO trace_movement (source, target, event, at, quantity, seller, buyer, kind, ring, uom)
SELECT found.source, h.id, %(event)s, %(at)s, coalesce(%(quantity)s, found.quantity), found.party_id, h.party_id, 6,
       found.ring, coalesce(nullif(%(uom)s, ''), found.uom)
FROM (SELECT DISTINCT ON (c.lot) m.source, m.quantity, m.uom, m.ring, c.lot, c.party_id
      FROM trace_holding b JOIN trace_movement m ON m.target = b.id AND m.kind = 5 AND m.at <= %(at)s
      JOIN trace_holding c ON c.id = m.source
      WHERE b.lot = %(box)s AND (%(lot)s::bigint IS NULL OR c.lot = %(lot)s)
      ORDER BY c.lot, m.at DESC) found
JOIN trace_holding h ON h.lot = found.lot AND h.party_id = %(holder)s AND h.id <> found.source
WHERE %(lot)s::bigint IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM trace_movement u WHERE u.source = found.source AND u.target = h.id AND u.kind = 6)
"""
ARRIVE = """
INSERT INTO trace_holding (lot, party_id, first_at, uom)
SELECT DISTINCT c.lot, %(holder)s, %(at)s::timestamptz, ''
FROM trace_holding b JOIN trace_movement m ON m.target = b.id AND m.kind = 5 AND m.at <= %(at)s
JOIN trace_holding c ON c.id = m.source
WHERE b.lot = %(box)s ON CONFLICT (lot, party_id) DO NOTHING
"""


def _unpack(cursor: Any, merged: _Merge, number: int, each: Good, told: Told) -> None:
    for out in told.unpacked:
        values = {
            "event": number, "at": each.event.time, "box": merged.ids[out.box], "quantity": out.quantity,
            "lot": merged.ids[out.lot] if out.lot else None, "holder": merged.party(out.holder), "uom": out.uom,
        }  # fmt: skip
        if not out.lot:
            cursor.execute(ARRIVE, values)
        cursor.execute(FROM_BOX, values)


def _withdraw(cursor: Any, digests: Sequence[bytes]) -> None:
    """Movements of events that turn out to be errors are taken back; the events stay."""
    events = list(EventKey.objects.filter(key__in=digests).values_list("event", flat=True)) if digests else []
    if events:
        cursor.execute("DELETE FROM trace_movement WHERE event = ANY(%s)", [events])
