"""Events into the tables, all of a document at once: identifiers, parties, holdings, events, then movements."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db import connection

from shian.engine.trace.actions.staging import (
    NULL,
    Seen,
    cell,
    copy_lines,
    number_holdings,
    number_identifiers,
    number_parties,
    number_places,
    or_null,
)
from shian.engine.trace.documents import BLOB
from shian.engine.trace.models import Capture, EventKey
from shian.engine.trace.rules.event_hash import event_id, event_key, key_of
from shian.engine.trace.rules.events import NormalEvent
from shian.engine.trace.rules.identifiers import Level
from shian.engine.trace.rules.movements import Place, Told, told_by
from shian.engine.trace.rules.vocabulary import ACTIONS, EVENT_TYPES
from shian.kernel.scope.rules import LEVELS

EVENT = (
    "id, record_time, time, read_point, biz_location, transformation, capture, blob, party_id, place, kind, action, "
    "digest, marks, biz_step, disposition, error_reason, error_at"
)
MOVEMENT = "source, target, event, at, quantity, seller, buyer, kind, ring, uom"
READING = "event, number, time, device, value, low, high, mean, deviation, quantile, rank, uom, kind"


class Good:
    """An event that may be taken, its place in the document, and what it is known by."""

    __slots__ = ("blob", "content_key", "event", "name_key", "place", "withdrawn_key")

    def __init__(self, event: NormalEvent, blob: int, place: int) -> None:
        self.event, self.blob, self.place = event, blob, place
        self.withdrawn_key = key_of("withdrawn", event.digest)
        self.content_key = self.name_key = event_key(event.digest)
        if event.error_at is not None:
            self.content_key = self.name_key = key_of(f"error {event.error_at.isoformat()}", event.digest)
        elif event.event_id != event_id(event.digest):
            self.name_key = key_of("name", event.event_id.encode())

    @property
    def number(self) -> int:
        """Its place in the document's list."""
        return self.blob * BLOB + self.place

    def entered(self) -> set[str]:
        """What its event is entered under."""
        withdrawn = {self.withdrawn_key} if self.event.error_at is not None else set()
        return {self.content_key, self.name_key, *withdrawn}


def standing(good: Sequence[Good]) -> set[str]:
    """Keys of these events that are taken. From here to the end of the transaction nobody else adds to the graph."""
    asked = {key for each in good for key in (each.content_key, each.name_key, each.withdrawn_key)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('trace_graph'))")
        cursor.execute(
            "SELECT replace(key::text, '-', '') FROM trace_eventkey WHERE key = ANY((SELECT %s::uuid[])::uuid[])",
            [_array(sorted(asked))],
        )
        return {row[0] for row in cursor.fetchall()}


def merge(good: Sequence[Good], known: Collection[str], *, capture: Capture, at: datetime) -> None:
    """Enter events that are new. `known`: what standing() said; `at`: the time that they are recorded under."""
    if not good:
        return
    merged = _Merge(good, known, capture, at)
    with connection.cursor() as cursor:
        merged.write(cursor)
        cursor.execute("UPDATE trace_graph SET version = nextval('trace_graph_version_seq')")


class _Merge:
    """What the rows of one document need to know of each other."""

    def __init__(self, good: Sequence[Good], known: Collection[str], capture: Capture, at: datetime) -> None:
        self.good, self.capture, self.recorded = good, capture, at.isoformat()
        self.month = at
        sender = f"urn:shian:sender:{quote(capture.by, safe='')}"
        self.told = [told_by(each.event, sender) for each in good]
        holders = self._holders()
        self.ids = number_identifiers(self._uris(holders))
        numbers = number_parties({self.ids[holder] for holder in holders}, self._area())
        self.parties = {holder: numbers[self.ids[holder]] for holder in holders}
        # A declaration of error in this very document counts for the events beside it too.
        withdrawn = {*known, *(each.withdrawn_key for each in good if each.event.error_at is not None)}
        self.counts = [each.event.error_at is None and each.withdrawn_key not in withdrawn for each in good]
        self.holdings = self._numbered(self._seen())
        number_places({uri: self.ids[uri] for each in good for uri in _places_of(each.event) if uri})

    def _area(self) -> dict[str, str]:
        return {str(level): getattr(self.capture, str(level)) for level in LEVELS}

    def _uris(self, holders: set[str]) -> set[str]:
        found = set(holders)
        for each, told in zip(self.good, self.told, strict=True):
            event = each.event
            found.update((event.read_point, event.biz_location, event.transformation))
            found.update([item.uri for item in event.items])
            found.update([reading.device for reading in event.readings])
            if told.work:
                found.add(told.work)
        found.discard("")
        return found

    def _holders(self) -> set[str]:
        found: set[str] = set()
        for told in self.told:
            found.add(told.holder)
            for move in told.moves:
                found.add(move.source[1])
                found.add(move.target[1])
            found.update([birth.place[1] for birth in told.births])
            found.update([out.holder for out in told.unpacked])
        return found

    def _seen(self) -> dict[Place, Seen]:
        found: dict[Place, Seen] = {}

        def see(place: Place, at: datetime, made: float | None = None, uom: str = "") -> None:
            (found.get(place) or found.setdefault(place, Seen(at))).add(at, made, uom)

        for each, told, counts in zip(self.good, self.told, self.counts, strict=True):
            at = each.event.time
            for birth in told.births:
                see(birth.place, at, birth.made if counts else None, birth.uom)
            for move in told.moves:
                see(move.source, at)
                see(move.target, at)
            for out in told.unpacked:
                see((out.lot or out.box, out.holder), at)
        return found

    def _numbered(self, seen: dict[Place, Seen]) -> dict[Place, int]:
        """The holding at each place."""
        keys = {place: (self.ids[place[0]], self.parties[place[1]]) for place in seen}
        numbers = number_holdings({key: seen[place] for place, key in keys.items()})
        return {place: numbers[key] for place, key in keys.items()}

    def write(self, cursor: Any) -> None:
        cursor.execute("SELECT trace_event_month(%s)", [self.month])
        cursor.execute(
            "SELECT string_agg(nextval('trace_event_id_seq')::text, ',') FROM generate_series(1, %s)", [len(self.good)]
        )
        numbers = cursor.fetchone()[0].split(",")
        pairs = list(zip(numbers, self.good, strict=True))
        copy_lines(cursor, "trace_event", EVENT, map(self._event, numbers, self.good, self.told))
        for table, columns, lines in (
            ("trace_eventkey", "key, event", _keys),
            ("trace_eventitem", "identifier, event, role, is_class, quantity, uom", self._items),
            ("trace_eventfigure", "name, value, event", _figures),
            ("trace_eventreading", READING, self._readings),
        ):
            copy_lines(cursor, table, columns, (line for pair in pairs for line in lines(*pair)))
        copy_lines(cursor, "trace_movement", MOVEMENT, self._movements(numbers))
        for (number, each), told, counts in zip(pairs, self.told, self.counts, strict=True):
            if told.unpacked and counts:
                _unpack(cursor, self, int(number), each, told)
        _withdraw(cursor, [event_key(each.event.digest) for each in self.good if each.event.error_at is not None])

    def _event(self, number: str, each: Good, told: Told) -> str:
        event, ids = each.event, self.ids
        return (
            f"{number}\t{self.recorded}\t{event.time.isoformat()}\t{ids.get(event.read_point, NULL)}\t"
            f"{ids.get(event.biz_location, NULL)}\t{ids.get(event.transformation, NULL)}\t{self.capture.pk}\t"
            f"{each.blob}\t{self.parties[told.holder]}\t{each.place}\t{EVENT_TYPES.index(event.kind)}\t"
            f"{ACTIONS.index(event.action) if event.action else NULL}\t"
            f"\\\\x{event.digest.hex()}\t{_array(event.marks)}\t"
            f"{cell(event.biz_step)}\t{cell(event.disposition)}\t{cell(event.error_reason)}\t"
            f"{NULL if event.error_at is None else event.error_at.isoformat()}\n"
        )

    def _items(self, number: str, each: Good) -> Iterator[str]:
        """One row for each identifier and role, its quantities added up."""
        items = each.event.items
        if len(items) == 1:
            [item] = items
            is_class = item.level == Level.CLASS
            yield f"{self.ids[item.uri]}\t{number}\t{item.role:d}\t{is_class}\t{or_null(item.quantity)}\t{item.uom}\n"
            return
        found: dict[tuple[int, int], tuple[bool, float | None, str]] = {}
        for item in items:
            key = self.ids[item.uri], int(item.role)
            before = found.get(key)
            quantity = item.quantity if before is None or before[1] is None else before[1] + (item.quantity or 0)
            found[key] = item.level == Level.CLASS, quantity, item.uom
        for (identifier, role), (is_class, quantity, uom) in found.items():
            yield f"{identifier}\t{number}\t{role}\t{is_class}\t{or_null(quantity)}\t{uom}\n"

    def _readings(self, number: str, each: Good) -> Iterator[str]:
        for place, told in enumerate(each.event.readings):
            values = (told.value, told.low, told.high, told.mean, told.deviation, told.quantile, told.rank)
            at = NULL if told.time is None else told.time.isoformat()
            numbers = "\t".join(str(or_null(value)) for value in values)
            device = self.ids.get(told.device, NULL)
            yield f"{number}\t{place}\t{at}\t{device}\t{numbers}\t{told.uom}\t{cell(told.kind)}\n"

    def _movements(self, numbers: Sequence[str]) -> Iterator[str]:
        """In the order of their sources: so the pages of the indexes fill up."""
        return (line for _source, line in sorted(self._drawn(numbers)))

    def _drawn(self, numbers: Sequence[str]) -> Iterator[tuple[int, str]]:
        for number, each, told, counts in zip(numbers, self.good, self.told, self.counts, strict=True):
            if not (counts and told.moves):
                continue
            at = each.event.time.isoformat()
            for move in told.moves:
                if move.source != move.target:
                    source, seller, buyer = self.holdings[move.source], move.source[1], move.target[1]
                    yield (
                        source,
                        (
                            f"{source}\t{self.holdings[move.target]}\t{number}\t{at}\t{or_null(move.quantity)}\t"
                            f"{self.parties[seller]}\t{self.parties[buyer]}\t{move.kind:d}\t1\t{move.uom}\n"
                        ),
                    )


def _keys(number: str, each: Good) -> Iterator[str]:
    return (f"{key}\t{number}\n" for key in each.entered())


def _figures(number: str, each: Good) -> Iterator[str]:
    return (f"{told.name}\t{told.value}\t{number}\n" for told in each.event.figures)


def _places_of(event: NormalEvent) -> tuple[str, str]:
    return event.read_point, event.biz_location


def _array(values: Iterable[object]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


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
            "lot": merged.ids[out.lot] if out.lot else None, "holder": merged.parties[out.holder], "uom": out.uom,
        }  # fmt: skip
        if not out.lot:
            cursor.execute(ARRIVE, values)
        cursor.execute(FROM_BOX, values)


def _withdraw(cursor: Any, keys: Sequence[str]) -> None:
    """Movements of events that turn out to be errors are taken back; the events stay."""
    events = list(EventKey.objects.filter(key__in=keys).values_list("event", flat=True)) if keys else []
    if events:
        cursor.execute("DELETE FROM trace_movement WHERE event = ANY(%s)", [events])
