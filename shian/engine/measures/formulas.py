"""Formulas over measures: `(pesticides.amount@-2y - pesticides.amount) / pesticides.amount@-2y * 100`.

Operands are measure keys and numbers; operators + - * / and parentheses. `@-2y` shifts the period by years, `@2019`
fixes it. Whatever meets nothing is nothing, and so is a division by zero.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<key>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)(?:@(?:(?P<shift>[+-]\d+)y|(?P<fixed>\d{4}(?:[SQ]\d|\d\d)?)))?"
    r"|(?P<sign>[-+*/()]))"
)


class FormulaInvalid(ValueError):
    """The formula cannot be read; the text shows where."""


@dataclass(frozen=True)
class Operand:
    """A measure inside a formula, with its period shifted or fixed."""

    key: str
    shift: int = 0
    fixed: str = ""


@dataclass(frozen=True)
class Operation:
    """Two nodes joined by one of + - * /."""

    sign: str
    left: "Node"
    right: "Node"


Node = Operand | Operation | Decimal


def parse_formula(text: str) -> Node:
    """The tree of a formula. Raises FormulaInvalid."""
    return _Parser(text).parse()


def operands(node: Node) -> Iterator[Operand]:
    """Every operand, from left to right."""
    if isinstance(node, Operand):
        yield node
    elif isinstance(node, Operation):
        yield from operands(node.left)
        yield from operands(node.right)


def compute(node: Node, value_of: Callable[[Operand], Decimal | None]) -> Decimal | None:
    """The formula's value; None when an operand has none or something is divided by zero."""
    if isinstance(node, Decimal):
        return node
    if isinstance(node, Operand):
        return value_of(node)
    left, right = compute(node.left, value_of), compute(node.right, value_of)
    if left is None or right is None:
        return None
    if node.sign == "/":
        return left / right if right else None
    return {"+": left + right, "-": left - right, "*": left * right}[node.sign]


class _Parser:
    """Recursive descent over the tokens: sum → product → atom."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.place = text, list(self._split(text)), 0

    def _split(self, text: str) -> Iterator[re.Match[str]]:
        position, text = 0, text.rstrip()
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None:
                raise FormulaInvalid(f"formula: cannot read {text[position:]!r}.")
            yield found
            position = found.end()

    def parse(self) -> Node:
        node = self._sum()
        if self.place < len(self.tokens):
            raise FormulaInvalid(f"formula: something follows the end of {self.text!r}.")
        return node

    def _sign(self, wanted: str) -> str:
        sign = self.tokens[self.place]["sign"] if self.place < len(self.tokens) else None
        if sign and sign in wanted:
            self.place += 1
            return sign
        return ""

    def _sum(self) -> Node:
        node = self._product()
        while sign := self._sign("+-"):
            node = Operation(sign, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._atom()
        while sign := self._sign("*/"):
            node = Operation(sign, node, self._atom())
        return node

    def _atom(self) -> Node:
        if self._sign("("):
            node = self._sum()
            if not self._sign(")"):
                raise FormulaInvalid(f"formula: a parenthesis of {self.text!r} is not closed.")
            return node
        if self._sign("-"):
            return Operation("*", Decimal(-1), self._atom())
        if self.place >= len(self.tokens) or self.tokens[self.place]["sign"]:
            raise FormulaInvalid(f"formula: a measure or a number is missing in {self.text!r}.")
        token = self.tokens[self.place]
        self.place += 1
        if token["number"]:
            return Decimal(token["number"])
        return Operand(token["key"], int(token["shift"] or 0), token["fixed"] or "")
