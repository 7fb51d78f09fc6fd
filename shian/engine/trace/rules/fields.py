"""What an event says besides its lots, as queries ask for it: by the name of a field and its value.

Parties, business transactions, lasting dispositions, sensor words, fields of extensions: each is kept as a *mark*, 64
bits of a digest over the question and the value ("source_possessing_party", "https://…"), so that one index answers
every EQ_ and EXISTS_ of the standard; a field of an extension is marked without its value too. What can be compared is
a *figure* besides: a number, a time (seconds) or a day (its ordinal). A field of an extension is named by its namespace
and local name in one, whatever prefix was used.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from shian.engine.trace.rules.event_hash import Event, plain
from shian.engine.trace.rules.identifiers import canonical_or_same
from shian.engine.trace.rules.vocabulary import bare

MOST = 1_000  # marks of an event
SENSED_URIS = ("deviceMetadata", "rawData", "dataProcessingMethod", "bizRules", "microorganism", "chemicalSubstance",
               "uriValue", "coordinateReferenceSystem")  # fmt: skip
SENSED_WORDS = ("stringValue", "booleanValue", "hexBinaryValue", "component", "exception")
SENSED_TIMES = ("startTime", "endTime")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})")


class Figure(NamedTuple):
    name: int
    value: float


@lru_cache(maxsize=1 << 16)
def mark(question: str, value: str | None = None) -> int:
    """A number for a question with its value; 64 bits with a sign."""
    text = question if value is None else f"{question}\0{value}"
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def expanded(name: str, prefixes: Mapping[str, str]) -> str:
    """A field's name with its namespace: "lf:origin" → "https://ns.example.org/lf/origin"."""
    head, colon, tail = name.partition(":")
    return prefixes[head] + tail if colon and head in prefixes else name


def figure_of(text: str) -> tuple[str, float] | None:
    """What a text can be compared as: ("time", seconds) or ("day", ordinal); None for another text."""
    if text[4:5] != "-":
        return None
    try:
        if _DAY.fullmatch(text):
            return "day", float(date.fromisoformat(text).toordinal())
        if _TIME.fullmatch(text):
            return "time", datetime.fromisoformat(text.upper()).timestamp()
    except ValueError:
        return None
    return None


# Fields of the standard in which extensions stand, and what is asked of them is asked with INNER_.
_HOLDERS = {"readPoint", "bizLocation", "quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"}


class Fields:
    """Collects the marks and figures of one event that has passed its schema."""

    def __init__(self, event: Event, prefixes: Mapping[str, str]) -> None:
        self.marks: set[int] = set()
        self.figures: set[Figure] = set()
        self.prefixes = prefixes
        for side, words in event.get("persistentDisposition", {}).items():
            self._all(f"persistentDisposition_{side}", words)
        error = event.get("errorDeclaration")
        if error:
            self._all("correctiveEventID", error.get("correctiveEventIDs", ()))
            self._own("ERROR_DECLARATION_", error)
        self._own("", event)
        lot = event.get("ilmd")
        for name, value in lot.items() if isinstance(lot, Mapping) else ():
            self._extension("ILMD_", expanded(name, prefixes), value)
        for element in event.get("sensorElementList", ()):
            self._sensed(element)

    def add(self, question: str, value: str) -> None:
        self.marks.add(mark(question, value))

    def _all(self, question: str, words: Any) -> None:
        for word in words:
            self.add(question, bare(word))

    def _own(self, scope: str, holder: Mapping[str, Any]) -> None:
        """Extensions of a part of the event: on its first level, and inside fields of the standard."""
        for name, value in holder.items():
            if ":" in name:
                self._extension(scope, expanded(name, self.prefixes), value)
            elif not scope and name in _HOLDERS:
                for each in value if isinstance(value, list) else (value,):
                    self._own("INNER_", each)

    def _extension(self, scope: str, name: str, value: Any) -> None:
        question = scope + name
        self.marks.add(mark(question))
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Mapping):
                inner = scope if scope.startswith("INNER_") else f"INNER_{scope}"
                for key, told in each.items():
                    self._extension(inner, expanded(key, self.prefixes), told)
            elif isinstance(each, list):
                self._extension(scope, name, each)
            else:
                self.marks.add(mark(question, plain(each)))
                self._figure(question, each)

    def _figure(self, question: str, value: Any) -> None:
        if isinstance(value, str):
            kind, number = figure_of(value) or ("", 0.0)
            if kind:
                self.figures.add(Figure(mark(f"{kind} {question}"), number))
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            self.figures.add(Figure(mark(question), float(value)))

    def _sensed(self, element: Mapping[str, Any]) -> None:
        metadata, reports = element.get("sensorMetadata", {}), element["sensorReport"]
        self._own("SENSORELEMENT_", element)
        self._own("SENSORMETADATA_", metadata)
        for part in (metadata, *reports):
            for name in SENSED_URIS:
                if name in part:
                    self.add(name, canonical_or_same(part[name]))
            for name in SENSED_WORDS:
                if name in part:
                    self.add(name, sensed_word(name, plain(part[name])))
            for name in SENSED_TIMES:
                if name in part:
                    self.figures.add(Figure(mark(name), datetime.fromisoformat(part[name].upper()).timestamp()))
        for report in reports:
            self._own("SENSORREPORT_", report)


def sensed_word(name: str, value: str) -> str:
    """A word of a sensor report as it is compared: hexadecimals in one case, words of the standard bare."""
    return value.upper() if name == "hexBinaryValue" else bare(value)
