"""The identifiers of an event in the form that a reader asks for (GS1-EPC-Format)."""

from collections.abc import Callable
from typing import Any

from shian.engine.trace.rules.events import LISTS
from shian.engine.trace.rules.identifiers import BadIdentifier, Level, canonical, urn_of

_MEMBERS = {"bizTransactionList": "bizTransaction", "sourceList": "source", "destinationList": "destination"}


def translated(event: dict[str, Any], form: str) -> dict[str, Any]:
    """The event with its identifiers as Digital Links or EPC URNs; as it was sent for any other form."""
    if form not in {"Always_GS1_Digital_Link", "Always_EPC_URN"}:
        return event
    change = _as_link if form == "Always_GS1_Digital_Link" else _as_urn
    return {name: _field(name, value, change) for name, value in event.items()}


def _field(name: str, value: Any, change: Callable[[str], str]) -> Any:
    if name in {"parentID", "transformationID"}:
        return change(value)
    if name in {"readPoint", "bizLocation"}:
        return {**value, "id": change(value["id"])}
    if name in LISTS and LISTS[name][1] == Level.CLASS:
        return [{**each, "epcClass": change(each["epcClass"])} for each in value]
    if name in LISTS:
        return [change(each) for each in value]
    if name in _MEMBERS:
        return [{**each, _MEMBERS[name]: change(each[_MEMBERS[name]])} for each in value]
    return value


def _as_link(uri: str) -> str:
    try:
        return canonical(uri).uri
    except BadIdentifier:
        return uri


def _as_urn(uri: str) -> str:
    try:
        return uri if uri.startswith("urn:epc:") else urn_of(canonical(uri))
    except BadIdentifier:
        return uri
