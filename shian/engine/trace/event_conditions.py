"""What each parameter of a query asks of the tables of events: readers that add a condition with its values."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shian.engine.trace.rules.event_hash import digest_of, event_key, key_of, plain
from shian.engine.trace.rules.events import Role
from shian.engine.trace.rules.fields import (
    expanded,
    figure_of,
    mark,
    sensed_word,
)
from shian.engine.trace.rules.identifiers import BadIdentifier, canonical, canonical_or_same, short_digest
from shian.engine.trace.rules.units import UNITS, alike, scale, to_si
from shian.engine.trace.rules.vocabulary import bare

PAGE, LARGEST_PAGE = 30, 1_000


class BadParameter(ValueError):
    """A parameter that is none, or whose value is none. `name` is the parameter's."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name


class NotOffered(BadParameter):
    """A parameter of the standard that this program does not offer."""


@dataclass
class Query:
    """A condition with its values, and how the answer is cut."""

    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    order: str = "record_time"
    is_descending: bool = False
    page: int = PAGE
    limit: int | None = None  # eventCountLimit: no more than these, and no error
    most: int | None = None  # maxEventCount: an error beyond
    prefixes: Mapping[str, str] = field(default_factory=dict)  # of the names of extensions' fields

    def add(self, condition: str, *values: Any) -> None:
        self.conditions.append(condition)
        self.values += values


Reader = Callable[[Query, str, list[str]], None]


def one_of(column: str, change: Callable[[str, str], Any]) -> Reader:
    def read(query: Query, name: str, values: list[str]) -> None:
        query.add(f"trace_event.{column} = ANY(%s)", [change(name, each) for each in values])

    return read


def word(_name: str, value: str) -> str:
    return bare(value)


def word_of(words: Sequence[str]) -> Callable[[str, str], int]:
    def place(name: str, value: str) -> int:
        if value not in words:
            raise BadParameter(name, f"one of {', '.join(words)}")
        return words.index(value)

    return place


def bound(column: str, comparison: str) -> Reader:
    def read(query: Query, name: str, values: list[str]) -> None:
        query.add(f"trace_event.{column} {comparison} %s", moment(name, values[0]))

    return read


def moment(name: str, text: str) -> datetime:
    """A time with its zone. A "+" that came as a space is forgiven."""
    try:
        told = datetime.fromisoformat(text.replace(" ", "+").upper())
    except ValueError:
        told = None
    if told is None or told.tzinfo is None or told.year < 1900:
        raise BadParameter(name, "a time with its zone, as 2023-10-01T05:20:00+08:00")
    return told


_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")


def _number(name: str, text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise BadParameter(name, "a number")
    return float(text)


def digests(name: str, values: Sequence[str]) -> list[bytes]:
    try:
        return [short_digest(canonical(each).uri) for each in values]
    except BadIdentifier as bad:
        raise BadParameter(name, f"{bad.value}: {bad.reason}") from None


IDS = "SELECT i.id FROM trace_identifier i WHERE i.digest = ANY(%s)"
WIDE = f"{IDS} UNION SELECT i.id FROM trace_identifier i WHERE i.product IN ({IDS})"


def located(column: str) -> Reader:
    def read(query: Query, name: str, values: list[str]) -> None:
        query.add(f"trace_event.{column} IN ({IDS})", digests(name, values))

    return read


def items_of(roles: Sequence[Role], *, is_class: bool | None) -> Reader:
    level = "" if is_class is None else f" AND x.is_class = {str(is_class).lower()}"

    def read(query: Query, name: str, values: list[str]) -> None:
        patterns = [each for each in values if each.startswith("urn:epc:idpat:")]
        exact = [each for each in values if each not in patterns]
        which, told = IDS, [digests(name, exact)]
        if patterns:
            which, told = f"{IDS} UNION {WIDE}", [digests(name, exact), *[digests(name, patterns)] * 2]
        query.add(
            f"trace_event.id IN (SELECT x.event FROM trace_eventitem x WHERE x.identifier IN ({which}) "
            f"AND x.role = ANY(%s){level})",
            *told,
            [int(role) for role in roles],
        )

    return read


def named(query: Query, name: str, values: list[str]) -> None:
    digests = {each: digest_of(each) for each in values}
    keys = [event_key(told) if told else key_of("name", each.encode()) for each, told in digests.items()]
    query.add("trace_event.id IN (SELECT k.event FROM trace_eventkey k WHERE k.key = ANY(%s::uuid[]))", keys)


def declared(query: Query, name: str, values: list[str]) -> None:
    query.add("trace_event.error_at IS NOT NULL")


def has_reading(query: Query, name: str, values: list[str]) -> None:
    query.add("EXISTS (SELECT 1 FROM trace_eventreading r WHERE r.event = trace_event.id)")


_MARKED = "trace_event.marks && %s::bigint[]"
_FIGURED = "trace_event.id IN (SELECT f.event FROM trace_eventfigure f WHERE f.name = %s AND f.value {} %s)"


def uri_of(name: str, value: str) -> str:
    try:
        return canonical(value).uri
    except BadIdentifier as bad:
        raise BadParameter(name, f"{bad.value}: {bad.reason}") from None


def said(question: str, change: Callable[[str, str], str]) -> Reader:
    """EQ_… of a field that is kept as marks. `question` may hold the kind that the parameter's name ends in: "{}"."""

    def read(query: Query, name: str, values: list[str]) -> None:
        kind = values.pop(0) if "{}" in question else ""
        asked = question.format(bare(kind))
        query.add(_MARKED, [mark(asked, change(name, each)) for each in values])

    return read


def same(_name: str, value: str) -> str:
    return canonical_or_same(value)


def sensed_value(name: str, value: str) -> str:
    return sensed_word(name.removeprefix("EQ_"), value)


def sensed_time(question: str, sign: str) -> Reader:
    def read(query: Query, name: str, values: list[str]) -> None:
        query.add(_FIGURED.format(sign), mark(question), moment(name, values[0]).timestamp())

    return read


def extension(query: Query, name: str, values: list[str]) -> None:
    """EQ_ILMD_lf:origin=1301|1302, GE_INNER_lf:height=5, EXISTS_SENSORREPORT_https://ns.example.org/lf/x."""
    sign, inner, scope, local, *asked = values
    question = inner + scope + expanded(local, query.prefixes)
    if sign == "EXISTS":
        query.add(_MARKED, [mark(question)])
    elif sign == "EQ":
        query.add(_MARKED, [mark(question, each) for text in asked for each in _spellings(text)])
    elif len(asked) > 1:
        raise BadParameter(name, "one value")
    else:
        kind, value = figure_of(asked[0]) or ("", 0.0)
        number = value if kind else _number(name, asked[0])
        query.add(_FIGURED.format(SIGNS[sign]), mark(f"{kind} {question}" if kind else question), number)


def _spellings(text: str) -> set[str]:
    """A value as text, and as the number that it may be."""
    return {text, plain(float(text))} if _NUMBER.fullmatch(text) else {text}


def within(column: str) -> Reader:
    """A place or what lies in it: the places of a GLN, and whatever continues a place's URI after a "/"."""

    def read(query: Query, name: str, values: list[str]) -> None:
        uris = [uri_of(name, each) for each in values]
        below = [each.rstrip("/") + "/" for each in uris]
        query.add(
            f"trace_event.{column} IN (SELECT p.identifier FROM trace_eventplace p WHERE p.uri = ANY(%s) "
            'OR EXISTS (SELECT 1 FROM unnest(%s::text[]) b(head) WHERE p.uri COLLATE "C" ^@ b.head))',
            uris, below,
        )  # fmt: skip

    return read


MEASURED = {"value": "value", "minValue": "low", "maxValue": "high", "meanValue": "mean", "percValue": "quantile",
            "sDev": "deviation", "percRank": "rank"}  # fmt: skip
SIGNS = {"EQ": "=", "GT": ">", "GE": ">=", "LT": "<", "LE": "<="}


def quantity(query: Query, name: str, values: list[str]) -> None:
    """GE_quantity_KGM=5 finds 5000 GRM too; without a unit only quantities without one."""
    sign, code, text = values
    number = _number(name, text)
    bounds = [("", number)] if not code else [(each, _across(number, code, each)) for each in alike(code)]
    asked = " OR ".join(f"(x.uom = %s AND x.quantity {SIGNS[sign]} %s)" for _ in bounds)
    told = [value for bound in bounds for value in bound]
    query.add(f"trace_event.id IN (SELECT x.event FROM trace_eventitem x WHERE {asked})", *told)


def _across(value: float, code: str, other: str) -> float:
    """The value told in another unit of its dimension."""
    if code == other:
        return value
    unit, base = UNITS[other], to_si(value, code)
    assert base is not None
    return round((base - unit.offset) / unit.factor, 9)


def measured(query: Query, name: str, values: list[str]) -> None:
    sign, field_name, code, text = values
    column, number = MEASURED[field_name], _number(name, text)
    if column == "deviation":
        value = number * scale(code)
    else:
        told = to_si(number, code) if code else None
        value = number if told is None or column == "rank" else told
    # Equal up to what a conversion rounds away.
    comparison = f"abs(r.{column} - %s) < 1e-6" if sign == "EQ" else f"r.{column} {SIGNS[sign]} %s"
    query.add(
        f"trace_event.id IN (SELECT r.event FROM trace_eventreading r WHERE {comparison} "
        "AND (%s = '' OR r.uom = ANY(%s)))",
        value, code, list(alike(code)),
    )  # fmt: skip


def reading(condition: str, change: Callable[[str, list[str]], Any]) -> Reader:
    def read(query: Query, name: str, values: list[str]) -> None:
        query.add(
            f"trace_event.id IN (SELECT r.event FROM trace_eventreading r WHERE {condition})", change(name, values)
        )

    return read


def order(query: Query, name: str, values: list[str]) -> None:
    columns = {"eventTime": "time", "recordTime": "record_time"}
    if values[0] not in columns:
        raise BadParameter(name, "one of eventTime, recordTime")
    query.order = columns[values[0]]


def direction(query: Query, name: str, values: list[str]) -> None:
    if values[0] not in {"ASC", "DESC"}:
        raise BadParameter(name, "one of ASC, DESC")
    query.is_descending = values[0] == "DESC"


def size(attribute: str, most: int) -> Reader:
    def read(query: Query, name: str, values: list[str]) -> None:
        if not re.fullmatch("[0-9]{1,9}", values[0]) or not 0 < int(values[0]) <= most:
            raise BadParameter(name, f"a number from 1 to {most}")
        setattr(query, attribute, int(values[0]))

    return read
