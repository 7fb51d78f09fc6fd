"""What a schema can say of an EPCIS 2.0 event in JSON: fields, types, words, formats. Our own writing of the standard.

It covers the five event types of EPCIS 2.0 §7.4 with all their fields, extensions wherever the standard has an
extension point, and limits that the standard leaves open: longest text, longest list, deepest extension. Events of
types of one's own are refused. What no schema can say is in rules.events.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema_rs import Draft7Validator

from shian.engine.trace.rules.faults import Fault
from shian.engine.trace.rules.vocabulary import (
    ACTIONS,
    BIZ_STEPS,
    BIZ_TRANSACTIONS,
    DISPOSITIONS,
    ERROR_REASONS,
    EVENT_TYPES,
    PARTY_TYPES,
)

Schema = dict[str, Any]
LONGEST_TEXT = 2_000
LONGEST_NAME = 512
LONGEST_LIST = 5_000
DEEPEST = 8  # levels of an extension
TOLD = 20  # faults of one event that are told
EXTENSION = "^[^:@]+:.+$"


def _list(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least, "maxItems": LONGEST_LIST}


def _object(properties: Mapping[str, Schema], required: tuple[str, ...] = (), *, extended: bool = True) -> Schema:
    patterns = {"patternProperties": {EXTENSION: {"$ref": "#/definitions/extension0"}}} if extended else {}
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
        "maxProperties": 200,
        "propertyNames": {"maxLength": LONGEST_NAME},
        **patterns,
    }


def _word(words: tuple[str, ...]) -> Schema:
    """A word of the standard, or a URI: what holds a colon."""
    return {"type": "string", "maxLength": 512, "if": {"pattern": ":"}, "then": URI, "else": {"enum": list(words)}}


URI: Schema = {"type": "string", "format": "iri", "minLength": 1, "maxLength": 512}
TEXT: Schema = {"type": "string", "maxLength": LONGEST_TEXT}
# Years from 1900: earlier ones do not fit every clock on the way.
TIME: Schema = {"type": "string", "format": "date-time", "maxLength": 40, "pattern": "^(19|20|21)"}
OFFSET: Schema = {"type": "string", "pattern": "^[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$"}
NUMBER: Schema = {"type": "number", "minimum": -1e15, "maximum": 1e15}
UOM: Schema = {"type": "string", "pattern": "^[A-Z0-9]{2,3}$"}
MEASURE: Schema = {"type": "string", "maxLength": 512, "pattern": "^([A-Za-z_]+|[A-Za-z][A-Za-z0-9+.-]*:.+)$"}
PLACE = _object({"id": URI}, ("id",))
QUANTITY = _object(
    {"epcClass": URI, "quantity": {"type": "number", "minimum": 0, "maximum": 1e8}, "uom": UOM}, ("epcClass",)
)
INLINE: dict[str, Schema] = {
    "time": TIME, "deviceID": URI, "deviceMetadata": URI, "rawData": URI, "dataProcessingMethod": URI,
}  # fmt: skip
METADATA = _object({**INLINE, "startTime": TIME, "endTime": TIME, "bizRules": URI})
REPORT = _object(
    {
        **INLINE, "type": MEASURE, "exception": MEASURE, "microorganism": URI, "chemicalSubstance": URI,
        "component": TEXT, "stringValue": TEXT, "booleanValue": {"type": "boolean"},
        "hexBinaryValue": {"type": "string", "pattern": "^[A-Fa-f0-9]+$", "maxLength": LONGEST_TEXT}, "uriValue": URI,
        "coordinateReferenceSystem": URI, "uom": UOM,
        **dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), NUMBER),
    },
)  # fmt: skip
SENSOR = _object({"sensorMetadata": METADATA, "sensorReport": _list(REPORT, 1)}, ("sensorReport",))
ERROR = _object(
    {"declarationTime": TIME, "reason": _word(ERROR_REASONS), "correctiveEventIDs": _list(URI)}, ("declarationTime",)
)
COMMON: dict[str, Schema] = {
    "type": {"enum": list(EVENT_TYPES)},
    "isA": {"enum": list(EVENT_TYPES)},
    "@context": {"type": ["string", "array", "object"]},
    "eventID": URI,
    "eventTime": TIME,
    "recordTime": TIME,
    "eventTimeZoneOffset": OFFSET,
    "errorDeclaration": ERROR,
    "certificationInfo": {"anyOf": [URI, _list(URI)]},
    "bizStep": _word(BIZ_STEPS),
    "disposition": _word(DISPOSITIONS),
    "persistentDisposition": _object(
        {"set": _list(_word(DISPOSITIONS)), "unset": _list(_word(DISPOSITIONS))}, extended=False
    ),
    "readPoint": PLACE,
    "bizLocation": PLACE,
    "bizTransactionList": _list(
        _object({"type": _word(BIZ_TRANSACTIONS), "bizTransaction": URI}, ("bizTransaction",), extended=False)
    ),
    "sourceList": _list(_object({"type": _word(PARTY_TYPES), "source": URI}, ("type", "source"), extended=False)),
    "destinationList": _list(
        _object({"type": _word(PARTY_TYPES), "destination": URI}, ("type", "destination"), extended=False)
    ),
    "sensorElementList": _list(SENSOR),
}
EPCS, QUANTITIES = _list(URI), _list(QUANTITY)
ILMD: Schema = {"$ref": "#/definitions/extension0"}
ACTION: Schema = {"enum": list(ACTIONS)}
_CHILDREN: dict[str, Schema] = {
    "parentID": URI, "childEPCs": EPCS, "childQuantityList": QUANTITIES, "action": ACTION,
}  # fmt: skip
OWN: Mapping[str, dict[str, Schema]] = {
    "ObjectEvent": {"epcList": EPCS, "quantityList": QUANTITIES, "action": ACTION, "ilmd": ILMD},
    "AggregationEvent": _CHILDREN,
    "AssociationEvent": _CHILDREN,
    "TransactionEvent": {"parentID": URI, "epcList": EPCS, "quantityList": QUANTITIES, "action": ACTION},
    "TransformationEvent": {
        "inputEPCList": EPCS, "inputQuantityList": QUANTITIES, "outputEPCList": EPCS,
        "outputQuantityList": QUANTITIES, "transformationID": URI, "ilmd": ILMD,
    },
}  # fmt: skip


def _definitions() -> Schema:
    """An extension is a text, a number, a truth value, or a list or object of them, so many levels deep."""
    plain: list[Schema] = [TEXT, NUMBER, {"type": ["boolean", "null"]}]
    levels: Schema = {f"extension{DEEPEST}": {"anyOf": plain}}
    for level in range(DEEPEST):
        inner = {"$ref": f"#/definitions/extension{level + 1}"}
        names = {"maxLength": LONGEST_NAME}
        member = {"type": "object", "additionalProperties": inner, "maxProperties": 200, "propertyNames": names}
        levels[f"extension{level}"] = {"anyOf": [*plain, _list(inner), member]}
    return levels


def event_schema(kind: str) -> Schema:
    """The schema of one event type, draft 7."""
    required = ["type", "eventTime", "eventTimeZoneOffset"]
    if "action" in OWN[kind]:
        required.append("action")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **_object({**COMMON, **OWN[kind], "type": {"const": kind}}, tuple(required)),
        "definitions": _definitions(),
    }


_VALIDATORS = {kind: Draft7Validator(event_schema(kind), validate_formats=True) for kind in EVENT_TYPES}


def schema_faults(event: Any) -> Iterator[Fault]:
    """What the schema finds wrong, at most TOLD faults."""
    if not isinstance(event, Mapping):
        yield Fault("", "not_an_object")
        return
    validator = _VALIDATORS.get(str(event.get("type")))
    if validator is None:
        yield Fault("/type", "event_type", {"known": ", ".join(EVENT_TYPES)})
        return
    try:
        if not validator.is_valid(event):
            yield from _told(validator, event)
    except ValueError:  # nested past all reason, or a number that JSON does not have
        yield Fault("", "unreadable")


def _told(validator: Draft7Validator, event: Any) -> Iterator[Fault]:
    for count, error in enumerate(validator.iter_errors(event)):
        if count == TOLD:
            yield Fault("", "more_faults")
            return
        yield Fault("".join(f"/{step}" for step in error.instance_path), "schema", {"told": error.message[:200]})
