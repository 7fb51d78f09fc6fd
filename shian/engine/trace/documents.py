"""Documents of events as they are sent, and as they are kept: some hundred events to a blob, compressed.

A larger blob is smaller on disk and dearer to read one event from: 200 are 40 bytes an event and a millisecond.
"""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shian.engine.trace.rules.events import Refused
from shian.engine.trace.rules.faults import Fault

LARGEST = 32 << 20  # bytes of a document
MOST = 20_000  # events of a document
BLOB = 200  # events of a blob
LIST = "/epcisBody/eventList"
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
            return Document(header, found, "/epcisBody/" + "/".join(steps))
    raise Refused([Fault("/epcisBody", "document_empty")])


def read_json(body: bytes) -> Any:
    """Parsed JSON. Raises Refused for what is none, or is nested past reading."""
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Refused([Fault("", "not_json")]) from None


def _refuse(name: str) -> None:
    raise ValueError(name)


def packed(events: Sequence[Any]) -> Iterator[bytes]:
    """The events as blobs, in order."""
    for start in range(0, len(events), BLOB):
        text = json.dumps(events[start : start + BLOB], ensure_ascii=False, separators=(",", ":"))
        yield zlib.compress(text.encode("utf-8", "surrogatepass"), 3)


def unpacked(content: bytes) -> list[Any]:
    """The events of a blob."""
    found: list[Any] = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    return found
