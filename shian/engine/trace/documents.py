"""Documents of events as they are sent, and as they are kept: some hundred events to a blob, compressed.

A larger blob is smaller on disk and dearer to read one event from: 200 are 40 bytes an event and a millisecond.
"""

import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shian.engine.trace.rules.events import Refused
from shian.engine.trace.rules.faults import Fault
from shian.kernel.imports.collecting import uncollected

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
LARGEST = 32 << 20  # bytes of a document
MOST = 20_000  # events of a document
BLOB = 200  # events of a blob
LONGEST_HEADER = 1 << 16  # characters of a document without its events
LIST = "/epcisBody/eventList"
# What no text of the database holds, a NUL and half of a surrogate pair: in JSON they only come as escapes.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LISTS = (("eventList",), ("queryResults", "resultsBody", "eventList"))


@dataclass(frozen=True)
class Document:
    """`header`: all but the events. `path`: where the events stand in it."""

    header: Mapping[str, Any]
    events: Sequence[Any]
    path: str = LIST


def read_document(body: bytes) -> Document:
    """An EPCISDocument or EPCISQueryDocument. Raises Refused; sizes are the caller's to refuse first."""
    told = read_json(body)
    if not isinstance(told, dict) or told.get("type") not in {"EPCISDocument", "EPCISQueryDocument"}:
        raise Refused([Fault("/type", "document_type")])
    if not str(told.get("schemaVersion", "")).startswith("2."):
        raise Refused([Fault("/schemaVersion", "document_version")])
    inner = told.get("epcisBody")
    for steps in _LISTS:
        found = inner
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, list):
            header = {name: value for name, value in told.items() if name != "epcisBody"}
            _refuse_header(header)
            return Document(header, found, "/epcisBody/" + "/".join(steps))
    raise Refused([Fault("/epcisBody", "document_empty")])


def read_json(body: bytes) -> Any:
    """Parsed JSON. Raises Refused for what is none, is nested past reading, or holds what is no text."""
    try:
        text = body.decode("utf-8-sig")
        with uncollected():
            told = json.loads(text, parse_constant=_refuse)
        is_text = "\\u0000" not in text or not _NUL.search(text)
        if "\\u" in text and _SURROGATE.search(text):
            json.dumps(told, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        is_text = False
    except (ValueError, RecursionError):
        raise Refused([Fault("", "not_json")]) from None
    if not is_text:
        raise Refused([Fault("", "not_text")])
    return told


def _refuse_header(header: Mapping[str, Any]) -> None:
    try:
        is_short = len(json.dumps(header, allow_nan=False)) <= LONGEST_HEADER
    except ValueError:  # a number past all reason
        raise Refused([Fault("", "not_json")]) from None
    if not is_short:
        raise Refused([Fault("", "header_long", {"longest": str(LONGEST_HEADER)})])


def _refuse(name: str) -> None:
    raise ValueError(name)


def query_document(
    events: Sequence[dict[str, Any]], *, name: str, at: datetime, subscription: str = ""
) -> dict[str, Any]:
    """An answer to a query as the standard wraps it."""
    results: dict[str, Any] = {"queryName": name, "resultsBody": {"eventList": events}}
    if subscription:
        results["subscriptionID"] = subscription
    return {
        "@context": [CONTEXT],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": at.isoformat(timespec="seconds"),
        "epcisBody": {"queryResults": results},
    }


def packed(events: Sequence[Any]) -> Iterator[bytes]:
    """The events as blobs, in order."""
    for start in range(0, len(events), BLOB):
        text = json.dumps(events[start : start + BLOB], ensure_ascii=False, separators=(",", ":"))
        yield zlib.compress(text.encode("utf-8", "surrogatepass"), 3)


def unpacked(content: bytes) -> list[Any]:
    """The events of a blob."""
    found: list[Any] = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    return found
