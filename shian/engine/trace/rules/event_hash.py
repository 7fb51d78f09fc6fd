"""The hash that names an event by what it says (CBV 2.0 §8.9): the same event written otherwise has the same name.

The pre-hash string joins what the event says in a fixed order: URIs in canonical form, times in UTC with milliseconds,
numbers without trailing zeros, members of a list sorted. eventID, recordTime, certificationInfo and errorDeclaration
stand outside: a declaration of error names the event that it is about. Extensions come last, sorted.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from shian.engine.trace.rules.identifiers import canonical_or_same

Event = Mapping[str, Any]
Writer = Callable[[Any], str]
REF = "https://ref.gs1.org/"
_PREFIXES = {
    "gs1": f"{REF}voc/",
    "cbv": f"{REF}cbv/",
    "epcis": f"{REF}epcis/",
    "cbvmda": "urn:epcglobal:cbv:mda",
}
_WORDS = {"bizStep": "cbv/BizStep-", "disposition": "cbv/Disp-", "set": "cbv/Disp-", "unset": "cbv/Disp-"}
_URN_WORDS = {"bizstep": "BizStep", "disp": "Disp", "btt": "BTT", "sdt": "SDT", "er": "ER"}
_PLAIN_TEXTS = {"action", "eventTimeZoneOffset", "uom", "stringValue", "component"}
_TIMES = {"eventTime", "time", "startTime", "endTime"}
_QUANTITY = ("epcClass", "quantity", "uom")
_METADATA = (
    "time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules",
)  # fmt: skip
_REPORT = (
    "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time", "microorganism",
    "chemicalSubstance", "value", "component", "stringValue", "booleanValue", "hexBinaryValue", "uriValue", "minValue",
    "maxValue", "meanValue", "sDev", "percRank", "percValue", "uom", "coordinateReferenceSystem",
)  # fmt: skip
# Fields of the standard in which extensions may stand.
_EXTENDED = {"readPoint", "bizLocation", "sensorElementList", "quantityList", "childQuantityList", "inputQuantityList",
             "outputQuantityList"}  # fmt: skip
_IN_PARTS = {"sensorElementList": "sensorElement", "sensorReport": "sensorReport"}  # what a member of a list is called
_CLOSED = {"id", *_QUANTITY}
_POINT = re.compile(r"-?[0-9]+\.[0-9]+")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_FRACTION = re.compile(r"\.([0-9]+)")


def event_hash(event: Event, context: Any = ()) -> bytes:
    """The 32 bytes of the event's SHA-256. `context`: the JSON-LD context in which the event stands."""
    return hashlib.sha256(pre_hash(event, context).encode()).digest()


def event_id(digest: bytes) -> str:
    """The digest as an event identifier (RFC 6920)."""
    return f"ni:///sha-256;{digest.hex()}?ver=CBV2.0"


def digest_of(identifier: str) -> bytes | None:
    """The digest in an identifier that event_id made; None for another."""
    found = re.fullmatch(r"ni:///sha-256;([0-9a-f]{64})\?ver=CBV2\.0", identifier)
    return bytes.fromhex(found[1]) if found else None


def event_key(digest: bytes) -> str:
    """What the tables know an event by: half of its digest, as hex."""
    return digest[:16].hex()


def key_of(kind: str, content: bytes) -> str:
    """What they know it by besides: of its own identifier (kind "name"), of a digest ("withdrawn", "error …")."""
    return event_key(hashlib.sha256(kind.encode() + b"\0" + content).digest())


def pre_hash(event: Event, context: Any = ()) -> str:
    """The text over which the hash is taken. The event has passed its schema."""
    names = prefixes_of(context, event.get("@context", ()))
    parts = [f"eventType={event.get('type') or event.get('isA')}"]
    parts += [write(event[name]) for name, write in _FIELDS.items() if name in event]
    if event.get("ilmd"):
        parts += ["ilmd", *sorted(_extensions(event["ilmd"], names))]
    told = {
        name: value for name, value in event.items() if ":" in name or (name in _EXTENDED and _holds_extension(value))
    }
    return "".join([*parts, *sorted(_extensions(told, names))]) if told else "".join(parts)


def _holds_extension(value: Any) -> bool:
    """May extensions stand in this field of the standard? Members that have the standard's fields only hold none."""
    return any(not each.keys() <= _CLOSED for each in (value if isinstance(value, list) else (value,)))


class Prefixes(dict[str, str]):
    """Prefix → namespace; made once for a document."""


def prefixes_of(*contexts: Any) -> Prefixes:
    """The prefixes of JSON-LD contexts: objects, and lists of objects and addresses."""
    if isinstance(contexts[0], Prefixes) and not any(contexts[1:]):
        return contexts[0]
    names = Prefixes(_PREFIXES)
    for context in contexts:
        for each in context if isinstance(context, Sequence) and not isinstance(context, str) else [context]:
            if isinstance(each, Mapping):
                names |= {str(name): space for name, space in each.items() if isinstance(space, str)}
    return names


def _quantity(told: Mapping[str, Any]) -> str:
    number = f"quantity={plain(told['quantity'])}" if "quantity" in told else ""
    unit = f"uom={told['uom'].strip()}" if "uom" in told else ""
    return f"quantityElementepcClass={_uri(told['epcClass'])}{number}{unit}"


def _members(told: Mapping[str, Any], order: Sequence[str], type_prefix: str = "") -> str:
    return "".join(f"{name}={_value(name, told[name], type_prefix)}" for name in order if name in told)


def _sensor(element: Mapping[str, Any]) -> str:
    metadata = _members(element.get("sensorMetadata", {}), _METADATA)
    reports = sorted("sensorReport" + _members(each, _REPORT, "voc/") for each in element.get("sensorReport", ()))
    return "sensorElement" + (f"sensorMetadata{metadata}" if metadata else "") + "".join(reports)


def _value(name: str, value: Any, type_prefix: str = "") -> str:
    """A value as the pre-hash string writes it."""
    if isinstance(value, str):
        value = value.strip()
    if name in _PLAIN_TEXTS:
        return str(value)
    if name in _TIMES:
        return utc(value)
    if name == "type" or name == "exception":
        return _word(value, type_prefix or "voc/")
    if name in _WORDS:
        return _word(value, _WORDS[name])
    if isinstance(value, str):
        return _uri(value)
    return plain(value)


def _epc(value: str) -> str:
    return f"epc={_uri(value)}"


def _typed(name: str, prefix: str) -> Writer:
    """A member that has a type beside its URI."""

    def write(told: Mapping[str, str]) -> str:
        kind = f"type={_word(told['type'].strip(), prefix)}" if "type" in told else ""
        return f"{kind}{name}={_uri(told[name])}"

    return write


def _listed(name: str, write: Writer) -> Writer:
    """A list with its name, its members sorted; "" for an empty one."""

    def written(values: Sequence[Any]) -> str:
        if len(values) == 1:
            return name + write(values[0])
        return name + "".join(sorted(map(write, values))) if values else ""

    return written


def _text(name: str) -> Writer:
    return lambda value: f"{name}={value.strip()}"


def _worded(name: str) -> Writer:
    return lambda value: f"{name}={_word(value.strip(), _WORDS[name])}"


def _named(name: str) -> Writer:
    return lambda value: f"{name}={_uri(value)}"


def _place(name: str) -> Writer:
    return lambda value: f"{name}id={_uri(value['id'])}"


def _lasting(value: Mapping[str, Sequence[str]]) -> str:
    told = (sorted(f"{side}={_word(each, _WORDS[side])}" for each in value.get(side, ())) for side in ("set", "unset"))
    return "persistentDisposition" + "".join(each for side in told for each in side)


@lru_cache(maxsize=1 << 12)
def _word(value: str, prefix: str) -> str:
    """A word of the standard vocabulary as its address; a URI of one's own stays."""
    urn = re.fullmatch(r"urn:epcglobal:cbv:(\w+):(.+)", value)
    if urn and urn[1] in _URN_WORDS:
        return f"{REF}cbv/{_URN_WORDS[urn[1]]}-{urn[2]}"
    if _WORD.fullmatch(value):
        return f"{REF}{prefix}{value}"
    head, colon, tail = value.partition(":")
    if colon and head in {"gs1", "cbv", "epcis"}:
        return _PREFIXES[head] + tail
    return value.replace("https://gs1.org/voc/", f"{REF}voc/")


@lru_cache(maxsize=1 << 16)
def _uri(value: str) -> str:
    value = value.strip()
    if value.startswith("urn:epcglobal:cbv:inchikey:"):
        return "https://identifiers.org/inchikey:" + value.removeprefix("urn:epcglobal:cbv:inchikey:")
    return canonical_or_same(value)


def plain(value: Any) -> str:
    """A number without trailing zeros, a truth value in lower case, a text as it is."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    text = format(value, ".15g") if isinstance(value, float) else str(value).strip()
    if isinstance(value, float) and "e" in text:
        text = format(value, "f")
    return text.rstrip("0").rstrip(".") if _POINT.fullmatch(text) else text


@lru_cache(maxsize=1 << 12)
def moment_of(text: str) -> datetime:
    """A time of RFC 3339 in UTC. Raises ValueError, OverflowError. An event's own is asked for twice."""
    return datetime.fromisoformat(text.upper()).astimezone(UTC)


def utc(text: str) -> str:
    """A time of RFC 3339 in UTC with milliseconds, rounded half up: "2019-04-02T15:00:00.0005+01:00" → ".001Z"."""
    if "." not in text:
        return moment_of(text).isoformat(timespec="milliseconds")[:-6] + "Z"
    found = _FRACTION.search(text)
    millis = int((found[1] + "0000")[:4]) + 5 if found else 5
    whole = datetime.fromisoformat(_FRACTION.sub("", text, count=1).upper()).astimezone(UTC)
    told = (whole + timedelta(milliseconds=millis // 10)).isoformat(timespec="milliseconds")
    return told.removesuffix("+00:00") + "Z"


def _extensions(told: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """Each extension with what it holds; fields of the standard only as the way to those inside them."""
    for name, value in told.items():
        for each in value if isinstance(value, list) else [value]:
            if text := _extension(name, each, names):
                yield text


def _extension(name: str, value: Any, names: Mapping[str, str]) -> str:
    spelled = _spelled(name, names)
    if not isinstance(value, dict):
        return f"{spelled}={_extension_value(value)}" if spelled else ""
    inner = "".join(sorted(_extensions(value, names)))
    return (spelled or _IN_PARTS.get(name, name)) + inner if inner or spelled else ""


def _spelled(name: str, names: Mapping[str, str]) -> str:
    """`{namespace}local` of an extension's name; "" for a field of the standard."""
    head, colon, tail = name.partition(":")
    if not colon:
        return ""
    return f"{{{names[head]}}}{tail}" if head in names else f"{{{head}}}{tail}"


def _extension_value(value: Any) -> str:
    return _uri(value) if isinstance(value, str) and value.startswith(("urn:epc:", "http")) else plain(value)


# The fields of the standard in the order in which the hash reads them.
_FIELDS: Mapping[str, Writer] = {
    "eventTime": lambda value: f"eventTime={utc(value.strip())}",
    "eventTimeZoneOffset": _text("eventTimeZoneOffset"),
    "epcList": _listed("epcList", _epc),
    "parentID": _named("parentID"),
    "inputEPCList": _listed("inputEPCList", _epc),
    "childEPCs": _listed("childEPCs", _epc),
    "quantityList": _listed("quantityList", _quantity),
    "childQuantityList": _listed("childQuantityList", _quantity),
    "inputQuantityList": _listed("inputQuantityList", _quantity),
    "outputEPCList": _listed("outputEPCList", _epc),
    "outputQuantityList": _listed("outputQuantityList", _quantity),
    "action": _text("action"),
    "transformationID": _named("transformationID"),
    "bizStep": _worded("bizStep"),
    "disposition": _worded("disposition"),
    "persistentDisposition": _lasting,
    "readPoint": _place("readPoint"),
    "bizLocation": _place("bizLocation"),
    "bizTransactionList": _listed("bizTransactionList", _typed("bizTransaction", "cbv/BTT-")),
    "sourceList": _listed("sourceList", _typed("source", "cbv/SDT-")),
    "destinationList": _listed("destinationList", _typed("destination", "cbv/SDT-")),
    "sensorElementList": lambda value: "".join(sorted(map(_sensor, value))),
}
