"""An event as the tables hold it, and what a schema cannot say of it (EPCIS 2.0 §7.4; conformance TCR-53, TCR-54)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, NamedTuple

from shian.engine.trace.rules.event_hash import Event, digest_of, event_hash, event_id, moment_of, prefixes_of
from shian.engine.trace.rules.event_schema import INLINE, schema_faults
from shian.engine.trace.rules.faults import Fault
from shian.engine.trace.rules.fields import MOST, Fields, Figure, mark
from shian.engine.trace.rules.identifiers import BadIdentifier, Identifier, Level, canonical
from shian.engine.trace.rules.units import fits, scale, to_si
from shian.engine.trace.rules.vocabulary import bare

AHEAD = timedelta(minutes=10)  # by which a sender's clock may be fast


class Role(IntEnum):
    """In which list of an event an identifier stands."""

    EPC = 1
    PARENT = 2
    CHILD = 3
    INPUT = 4
    OUTPUT = 5


class Side(IntEnum):
    """Where a party stands."""

    SOURCE = 1
    DESTINATION = 2


SIDES = {Side.SOURCE: "source", Side.DESTINATION: "destination"}


class Item(NamedTuple):
    """An identifier in an event. `quantity` in `uom`; None where it was not told."""

    uri: str
    role: Role
    level: Level
    quantity: float | None = None
    uom: str = ""


class Reading(NamedTuple):
    """A sensor report. Values are in the SI unit where the unit is known, else as told."""

    kind: str
    time: datetime | None
    device: str
    value: float | None
    low: float | None
    high: float | None
    mean: float | None
    deviation: float | None
    quantile: float | None  # the value below which `rank` per cent of the values lie
    rank: float | None
    uom: str


class NormalEvent(NamedTuple):
    """An event in canonical form. `told`: what was sent; `marks`, `figures`: what it is asked for (rules.fields)."""

    digest: bytes
    event_id: str
    kind: str
    time: datetime
    offset: str
    action: str
    biz_step: str
    disposition: str
    read_point: str
    biz_location: str
    transformation: str
    items: tuple[Item, ...]
    transactions: tuple[tuple[str, str], ...]
    parties: tuple[tuple[Side, str, str], ...]
    readings: tuple[Reading, ...]
    error_reason: str
    error_at: datetime | None
    marks: frozenset[int]
    figures: frozenset[Figure]
    told: Event


LISTS: Mapping[str, tuple[Role, Level]] = {
    "epcList": (Role.EPC, Level.INSTANCE), "childEPCs": (Role.CHILD, Level.INSTANCE),
    "inputEPCList": (Role.INPUT, Level.INSTANCE), "outputEPCList": (Role.OUTPUT, Level.INSTANCE),
    "quantityList": (Role.EPC, Level.CLASS), "childQuantityList": (Role.CHILD, Level.CLASS),
    "inputQuantityList": (Role.INPUT, Level.CLASS), "outputQuantityList": (Role.OUTPUT, Level.CLASS),
}  # fmt: skip


class Refused(ValueError):
    """An event that is not taken. `faults` says where and why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{each.path} {each.reason}" for each in faults))
        self.faults = faults


def normal(event: Any, context: Any, now: datetime) -> NormalEvent:
    """Check an event and bring it into canonical form. Raises Refused."""
    faults = list(schema_faults(event))
    if not faults:
        prefixes = prefixes_of(context, event.get("@context", ()))
        reader = _Reader(event, prefixes, now)
        faults = [*reader.faults, *_said_by_no_schema(event)]
    if faults:
        raise Refused(faults)
    digest = event_hash(event, prefixes)
    named = event.get("eventID")
    if named and named.startswith("ni:") and digest_of(named) != digest:
        raise Refused([Fault("/eventID", "forged_hash", {"right": event_id(digest)})])
    return reader.normal(digest, named or event_id(digest))


class _Reader:
    """Reads an event that has passed the schema; collects what is wrong on the way."""

    def __init__(self, event: Event, prefixes: Mapping[str, str], now: datetime) -> None:
        self.event, self.now = event, now
        self.faults: list[Fault] = []
        self.time = self._time("/eventTime", event["eventTime"]) or now
        if self.time > now + AHEAD:
            self.faults.append(Fault("/eventTime", "in_the_future"))
        self.items = tuple(self._items())
        self.read_point = self._uri(event["readPoint"]["id"], "readPoint", "id") if "readPoint" in event else ""
        self.biz_location = self._uri(event["bizLocation"]["id"], "bizLocation", "id") if "bizLocation" in event else ""
        self.transformation = self._uri(event.get("transformationID", ""), "transformationID")
        self.transactions = tuple(self._transactions())
        self.parties = (*self._parties("source", Side.SOURCE), *self._parties("destination", Side.DESTINATION))
        self.readings = tuple(self._readings())
        self.error = event.get("errorDeclaration", {})
        self.error_at = self._declared()
        self.marks: frozenset[int] = frozenset()
        self.figures: frozenset[Figure] = frozenset()
        if not self.faults:
            self._ask_fields(prefixes)

    def _ask_fields(self, prefixes: Mapping[str, str]) -> None:
        found = Fields(self.event, prefixes)
        found.marks.update(mark(f"bizTransaction_{kind}", uri) for kind, uri in self.transactions)
        found.marks.update(mark(f"{SIDES[side]}_{kind}", uri) for side, kind, uri in self.parties)
        if len(found.marks) + len(found.figures) > MOST:
            self.faults.append(Fault("", "many_fields", {"most": str(MOST)}))
        self.marks, self.figures = frozenset(found.marks), frozenset(found.figures)

    def normal(self, digest: bytes, name: str) -> NormalEvent:
        event = self.event
        return NormalEvent(
            digest=digest,
            event_id=name,
            kind=event["type"],
            time=self.time,
            offset=event["eventTimeZoneOffset"],
            action=event.get("action", ""),
            biz_step=bare(event.get("bizStep", "")),
            disposition=bare(event.get("disposition", "")),
            read_point=self.read_point,
            biz_location=self.biz_location,
            transformation=self.transformation,
            items=self.items,
            transactions=self.transactions,
            parties=self.parties,
            readings=self.readings,
            error_reason=bare(self.error.get("reason", "")),
            error_at=self.error_at,
            marks=self.marks,
            figures=self.figures,
            told=event,
        )

    def _items(self) -> Iterator[Item]:
        if "parentID" in self.event:
            found = self._identifier(self.event["parentID"], "parentID")
            yield Item(found.uri, Role.PARENT, found.level)
        for name, (role, level) in LISTS.items():
            if members := self.event.get(name):
                yield from (
                    self._classes(name, role, members) if level is Level.CLASS else self._one(name, role, members)
                )

    def _classes(self, name: str, role: Role, members: Sequence[Event]) -> Iterator[Item]:
        for place, each in enumerate(members):
            found = self._identifier(each["epcClass"], name, place, "epcClass")
            if found.level is Level.INSTANCE:
                self.faults.append(Fault(f"/{name}/{place}/epcClass", "wrong_level", {"wanted": str(Level.CLASS)}))
            own = Level.CLASS if found.level is Level.OTHER else found.level  # a private URI is what its list says
            yield Item(found.uri, role, own, each.get("quantity"), each.get("uom", ""))

    def _one(self, name: str, role: Role, members: Sequence[str]) -> Iterator[Item]:
        for place, each in enumerate(members):
            found = self._identifier(each, name, place)
            if found.level is Level.CLASS:
                self.faults.append(Fault(f"/{name}/{place}", "wrong_level", {"wanted": str(Level.INSTANCE)}))
            yield Item(found.uri, role, Level.INSTANCE if found.level is Level.OTHER else found.level)

    def _transactions(self) -> Iterator[tuple[str, str]]:
        for place, each in enumerate(self.event.get("bizTransactionList", ())):
            uri = self._uri(each["bizTransaction"], "bizTransactionList", place, "bizTransaction")
            yield bare(each.get("type", "")), uri

    def _parties(self, name: str, side: Side) -> Iterator[tuple[Side, str, str]]:
        for place, each in enumerate(self.event.get(f"{name}List", ())):
            yield side, bare(each["type"]), self._uri(each[name], f"{name}List", place, name)

    def _readings(self) -> Iterator[Reading]:
        for place, element in enumerate(self.event.get("sensorElementList", ())):
            metadata, path = element.get("sensorMetadata", {}), f"/sensorElementList/{place}"
            for name in ("time", "startTime", "endTime"):
                self._not_later(f"{path}/sensorMetadata/{name}", metadata.get(name))
            for number, report in enumerate(element["sensorReport"]):
                yield self._reading(f"{path}/sensorReport/{number}", metadata, report)

    def _reading(self, path: str, metadata: Event, report: Event) -> Reading:
        twice = [name for name in INLINE if name in metadata and name in report]
        self.faults += [Fault(f"{path}/{name}", "told_twice") for name in twice]
        kind, uom = bare(report.get("type", "")), report.get("uom", "")
        if uom and not fits(kind, uom):
            self.faults.append(Fault(f"{path}/uom", "wrong_unit", {"type": kind}))
        at = self._not_later(f"{path}/time", report.get("time")) or self._time("", metadata.get("time", ""))
        values = [report.get(name) for name in ("value", "minValue", "maxValue", "meanValue", "percValue")]
        value, low, high, mean, quantile = (None if each is None else _si(each, uom) for each in values)
        spread = report.get("sDev")
        device = str(report.get("deviceID", metadata.get("deviceID", "")))
        return Reading(
            kind=kind, time=at, device=self._uri(device, path[1:], "deviceID"), value=value, low=low, high=high,
            mean=mean, deviation=None if spread is None else spread * scale(uom), quantile=quantile,
            rank=report.get("percRank"), uom=uom,
        )  # fmt: skip

    def _declared(self) -> datetime | None:
        path = "/errorDeclaration/declarationTime"
        at = self._time(path, self.error.get("declarationTime", ""))
        if at and at > self.now + AHEAD:
            self.faults.append(Fault(path, "in_the_future"))
        return at

    def _not_later(self, path: str, text: str | None) -> datetime | None:
        at = self._time(path, text or "")
        if at and at > self.time:
            self.faults.append(Fault(path, "after_the_event"))
        return at

    def _time(self, path: str, text: str) -> datetime | None:
        if not text:
            return None
        try:
            return moment_of(text)
        except (ValueError, OverflowError):
            self.faults.append(Fault(path, "no_time"))
            return None

    def _uri(self, text: str, *path: str | int) -> str:
        try:
            return canonical(text).uri if text else ""
        except BadIdentifier:
            return self._identifier(text, *path).uri

    def _identifier(self, text: str, *path: str | int) -> Identifier:
        """`path`: the steps to it, told where it is wrong."""
        try:
            return canonical(text)
        except BadIdentifier as bad:
            self.faults.append(Fault("".join(f"/{step}" for step in path), bad.reason, bad.more))
            return Identifier(text, Level.OTHER)


def _si(value: float, uom: str) -> float:
    """In the SI unit where the unit is known, else as told."""
    told = to_si(value, uom)
    return value if told is None else told


def _said_by_no_schema(event: Event) -> Iterator[Fault]:
    kind, action = event["type"], event.get("action")
    has = [name for name in LISTS if event.get(name)]
    if kind == "ObjectEvent":
        if not has and not event.get("sensorElementList"):
            yield Fault("", "about_nothing")
        if "ilmd" in event and action != "ADD":
            yield Fault("/ilmd", "ilmd_without_add")
    if kind in {"AggregationEvent", "AssociationEvent"}:
        if "parentID" not in event and (action != "OBSERVE" or kind == "AssociationEvent"):
            yield Fault("/parentID", "parent_missing")
        if not has and action != "DELETE":
            yield Fault("", "children_missing")
    if kind == "TransactionEvent" and not event.get("bizTransactionList"):
        yield Fault("/bizTransactionList", "transactions_missing")
    if kind == "TransformationEvent":
        sides = {LISTS[name][0] for name in has}
        if not sides or (len(sides) < 2 and "transformationID" not in event):
            yield Fault("", "side_missing")
