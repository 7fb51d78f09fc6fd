"""The part of XPath that forms may use in `relevant`, `constraint` and `calculation`: parsed and evaluated. Pure.

XLSForm 1.0 writes them in the workbook, pyxform carries them into the XForm as they stand; here they are read a second
time, so that the server judges answers as the phone did and the page for browsers follows the same rules.

    or · and · = != · < <= > >= · + - · * div mod · -x · (…) · 12.5 · 'text' · ${name} · . · function(…)
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<=", ">=", "<", ">"),
    ("+", "-"),
    ("*", "div", "mod"),
)
FUNCTIONS = {
    "selected": (2, 2), "not": (1, 1), "true": (0, 0), "false": (0, 0), "count-selected": (1, 1),
    "string-length": (1, 1), "if": (3, 3), "coalesce": (2, 2), "today": (0, 0), "now": (0, 0), "number": (1, 1),
    "round": (2, 2), "concat": (1, 20), "min": (1, 20), "max": (1, 20),
}  # fmt: skip
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^']*'|\"[^\"]*\")|\$\{\s*(?P<name>[\w.-]+)\s*\}"
    r"|(?P<sign><=|>=|!=|[=<>+*(),.-])|(?P<word>[a-zA-Z][a-zA-Z-]*))"
)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
DEEPEST = 20


class NotUnderstood(ValueError):
    """The text is no expression of the subset; `part` is what is not understood."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True)
class Node:
    """kind: number, text, name, self, call (value: the function), sign (value: the operator; "neg" for -x)."""

    kind: str
    value: Any = None
    parts: tuple["Node", ...] = ()

    def names(self) -> Iterator[str]:
        """The questions that are asked for."""
        if self.kind == "name":
            yield self.value
        for part in self.parts:
            yield from part.names()


@lru_cache(maxsize=8192)
def parse(text: str) -> Node:
    """The tree of an expression; the trees of forms in use are kept. Raises NotUnderstood."""
    reading = _Reading(list(_tokens(text)))
    found = reading.level(0)
    if reading.rest:
        raise NotUnderstood(reading.rest[0][1])
    return found


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place, text = 0, text.rstrip()
    while place < len(text):
        found = TOKEN.match(text, place)
        if not found:
            raise NotUnderstood(text[place : place + 20].strip())
        kind = found.lastgroup or ""
        yield kind, found[kind]
        place = found.end()


class _Reading:
    """Tokens under way, read by recursive descent: each operator level asks the next for its operands."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.rest = tokens
        self.depth = 0

    def take(self, *wanted: str) -> str:
        """The next token if it is one of these signs or words, else ""."""
        if self.rest and self.rest[0][0] in {"sign", "word"} and self.rest[0][1] in wanted:
            return self.rest.pop(0)[1]
        return ""

    def level(self, number: int) -> Node:
        if number == len(LEVELS):
            return self.single()
        found = self.level(number + 1)
        while sign := self.take(*LEVELS[number]):
            found = Node("sign", sign, (found, self.level(number + 1)))
        return found

    def single(self) -> Node:
        if self.take("-"):
            return Node("sign", "neg", (self.single(),))
        if not self.rest:
            raise NotUnderstood("…")
        kind, value = self.rest.pop(0)
        match kind:
            case "number":
                return Node("number", float(value))
            case "text":
                return Node("text", value[1:-1])
            case "name":
                return Node("name", value)
            case "word":
                return self.call(value)
        if value == ".":
            return Node("self")
        return self.inner(value)

    def inner(self, sign: str) -> Node:
        self.depth += 1
        if sign != "(" or self.depth > DEEPEST:
            raise NotUnderstood(sign)
        found = self.level(0)
        if not self.take(")"):
            raise NotUnderstood("(")
        self.depth -= 1
        return found

    def call(self, name: str) -> Node:
        least, most = FUNCTIONS.get(name, (0, -1))
        self.depth += 1
        if not self.take("(") or self.depth > DEEPEST or most < 0:
            raise NotUnderstood(name)
        parts: list[Node] = []
        while not self.take(")"):
            if parts and not self.take(","):
                raise NotUnderstood(name)
            parts.append(self.level(0))
        self.depth -= 1
        if not least <= len(parts) <= most:
            raise NotUnderstood(f"{name}()")
        return Node("call", name, tuple(parts))


@dataclass(frozen=True)
class Around:
    """What an expression is evaluated in: `value_of` answers ${name}; `own` is the value of the question itself."""

    value_of: Callable[[str], Any]
    now: datetime
    own: Any = None


def evaluate(node: Node, around: Around) -> Any:
    """A bool, float or str, by the rules of XPath 1.0: an empty answer is "", its number is no number."""
    match node.kind:
        case "number" | "text":
            return node.value
        case "name":
            return _plain(around.value_of(node.value))
        case "self":
            return _plain(around.own)
        case "call":
            return _called(node, around)
    if node.value == "or":
        return any(truth(evaluate(part, around)) for part in node.parts)
    if node.value == "and":
        return all(truth(evaluate(part, around)) for part in node.parts)
    values = [evaluate(part, around) for part in node.parts]
    return -as_number(values[0]) if node.value == "neg" else _signed(node.value, values[0], values[1])


def is_true(node: Node, around: Around) -> bool:
    """Whether the condition holds."""
    return truth(evaluate(node, around))


def truth(value: Any) -> bool:
    """XPath's boolean(): a number that is not 0, a text that is not empty."""
    return bool(value) and not (isinstance(value, float) and math.isnan(value))


def as_number(value: Any) -> float:
    """XPath's number(): a date counts its days; what is none is NaN."""
    if isinstance(value, str) and DATE.match(value):
        try:
            return float(date.fromisoformat(value[:10]).toordinal())
        except ValueError:
            return math.nan
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def as_text(value: Any) -> str:
    """XPath's string(): whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _plain(value: Any) -> Any:
    """An answer as XPath sees it: nothing is "", several choices are one text with spaces."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " ".join(str(each) for each in value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _signed(sign: str, left: Any, right: Any) -> Any:
    if sign in {"=", "!="}:
        return _same(left, right) is (sign == "=")
    one, two = as_number(left), as_number(right)
    match sign:
        case "<":
            return one < two
        case "<=":
            return one <= two
        case ">":
            return one > two
        case ">=":
            return one >= two
        case "+":
            return one + two
        case "-":
            return one - two
        case "*":
            return one * two
        case "div":
            return one / two if two else math.nan
    return math.fmod(one, two) if two else math.nan


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) is truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return as_number(left) == as_number(right)
    return bool(left == right)


def _called(node: Node, around: Around) -> Any:
    name = node.value
    if name == "if":
        return evaluate(node.parts[1 if is_true(node.parts[0], around) else 2], around)
    told = [evaluate(part, around) for part in node.parts]
    if name in {"today", "now"}:
        return around.now.date().isoformat() if name == "today" else around.now.isoformat()
    return ANSWERS[name](*told)


def _rounded(value: Any, places: Any) -> float:
    number, digits = as_number(value), as_number(places)
    if math.isnan(number) or math.isnan(digits):
        return math.nan
    scale = 10.0 ** int(digits)
    return math.floor(number * scale + 0.5) / scale


ANSWERS: dict[str, Callable[..., Any]] = {
    "selected": lambda value, choice: as_text(choice) in as_text(value).split(),
    "not": lambda value: not truth(value),
    "true": lambda: True,
    "false": lambda: False,
    "count-selected": lambda value: float(len(as_text(value).split())),
    "string-length": lambda value: float(len(as_text(value))),
    "coalesce": lambda one, two: two if one == "" else one,
    "number": as_number,
    "round": _rounded,
    "concat": lambda *told: "".join(map(as_text, told)),
    "min": lambda *told: min(map(as_number, told)),
    "max": lambda *told: max(map(as_number, told)),
}
