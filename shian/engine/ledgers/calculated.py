"""Calculated fields: what follows from other fields of the same row, kept with it and never typed.

    {name: coverage, title: 覆盖比例（%）, type: number, formula: sampled / stock * 100, decimals: 1}

A formula has fields of the row, numbers, + - * / and parentheses; a date less a date is a number of days. A missing
part or a division by zero leaves the field empty. The database computes it while rows are imported or entered.
"""

import ast
from collections.abc import Mapping
from math import isfinite

_NUMERIC = frozenset({"integer", "number", "year"})
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
MOST_DECIMALS = 6


class FormulaInvalid(ValueError):
    """A formula cannot be read, or names what is no number of the row; the text says what."""


def formula_sql(formula: str, types: Mapping[str, str], decimals: int = 2) -> str:
    """SQL over the staged row `s` for a formula over fields with these types, rounded. Raises FormulaInvalid."""
    try:
        tree = ast.parse(formula, mode="eval").body
    except (SyntaxError, ValueError):
        raise FormulaInvalid(f"{formula!r} cannot be read; use fields, numbers, + - * / and parentheses.") from None
    return f"ROUND({_sql(tree, types, formula)}, {decimals:d})"


def _sql(node: ast.expr, types: Mapping[str, str], formula: str) -> str:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        dates = [
            each.id for each in (node.left, node.right) if isinstance(each, ast.Name) and types.get(each.id) == "date"
        ]
        if isinstance(node.op, ast.Sub) and len(dates) == 2:
            return f"(s.{dates[0]} - s.{dates[1]})::numeric"
        left, right = (_sql(each, types, formula) for each in (node.left, node.right))
        if isinstance(node.op, ast.Div):
            right = f"NULLIF({right}, 0)"
        return f"({left} {_OPERATORS[type(node.op)]} {right})"
    if isinstance(node, ast.Constant) and _is_number(node.value):
        return f"{node.value!r}::numeric"
    if isinstance(node, ast.Name) and types.get(node.id) in _NUMERIC:
        return f"s.{node.id}::numeric"
    raise FormulaInvalid(f"{formula!r}: {ast.unparse(node)!r} is no number of this row, nor one of + - * /.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
