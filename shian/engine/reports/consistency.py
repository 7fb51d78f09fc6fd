"""Checks between figures (勾稽关系) and known contradictions of a city's sources, as annexes.

packs/cities/<city>/checks.yaml declares both over the figure ids of figures.yaml. A check is computed from the
registers; a violated one is shown as violated. What the registers cannot answer yet says so, and nothing is hidden.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from shian.engine.reports.binding import Asked, read_figures
from shian.engine.reports.kinds import ReportColumn, ReportTable
from shian.kernel.ui.figures import figure_number

SATISFIED, VIOLATED, UNKNOWN = "相符", "不符", "缺登记数据"
SEVERITIES = {"high": "重要", "medium": "一般", "low": "轻微"}
_ARITHMETIC: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "==": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
}
_SIGNS = {"==": "=", ">=": "≥", "<=": "≤"}


class ExpressionInvalid(ValueError):
    """A check uses more than numbers, figure ids, + - * /, abs and round."""


@dataclass(frozen=True)
class CityPack:
    """What a city's pack says about its own published figures."""

    area: str
    figures: Mapping[str, Mapping[str, Any]]
    checks: tuple[Mapping[str, Any], ...]
    inconsistencies: tuple[Mapping[str, Any], ...]


def consistency_tables(area: str, as_of: date) -> list[ReportTable]:
    """The two annexes of the configured city; none for another area, or without a pack."""
    pack = city_pack(Path(settings.SHIAN_PACKS) / "cities" / settings.SHIAN_CITY)
    if pack is None or pack.area != area:
        return []
    known = {key for key, figure in pack.figures.items() if _published_on(figure) <= as_of}
    checks = [check for check in pack.checks if check["op"] in _COMPARISONS and _names(check) <= known]
    contradictions = [each for each in pack.inconsistencies if set(each["figures"]) <= known]
    tables = []
    if checks:
        tables.append(_check_table(checks, pack))
    if contradictions:
        tables.append(_contradiction_table(contradictions))
    return tables


def _published_on(figure: Mapping[str, Any]) -> date:
    """A bound figure names its date; of the others the pack names the source, which ends with its day."""
    return figure.get("as_of") or date.fromisoformat(figure["published"]["source"][-10:])


def outcome(check: Mapping[str, Any], values: Mapping[str, Decimal]) -> tuple[Decimal | None, Decimal | None, str]:
    """Left side, right side, and whether the relation holds; UNKNOWN while a figure is missing."""
    if not _names(check) <= set(values):
        return None, None, UNKNOWN
    try:
        left, right = evaluate(str(check["expr"]), values), evaluate(str(check["rhs"]), values)
    except ArithmeticError:  # a share of nothing
        return None, None, UNKNOWN
    tolerance = Decimal(str(check.get("tolerance", 0)))
    if check["op"] == "==":
        return left, right, SATISFIED if abs(left - right) <= tolerance else VIOLATED
    return left, right, SATISFIED if _COMPARISONS[check["op"]](left, right) else VIOLATED


def evaluate(expression: str, values: Mapping[str, Decimal]) -> Decimal:
    """An arithmetic expression over figure ids, exactly. Raises ExpressionInvalid."""
    return _value(ast.parse(expression, mode="eval").body, values)


def _value(node: ast.expr, values: Mapping[str, Decimal]) -> Decimal:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Decimal(str(node.value))
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        return _ARITHMETIC[type(node.op)](_value(node.left, values), _value(node.right, values))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _called(node.func.id, [_value(argument, values) for argument in node.args])
    raise ExpressionInvalid(ast.dump(node))


def _called(name: str, arguments: list[Decimal]) -> Decimal:
    if name == "abs" and len(arguments) == 1:
        return abs(arguments[0])
    if name == "round" and len(arguments) == 2:
        return arguments[0].quantize(Decimal(1).scaleb(-int(arguments[1])), ROUND_HALF_UP)
    raise ExpressionInvalid(name)


def _names(check: Mapping[str, Any]) -> set[str]:
    trees = (ast.parse(str(check[side]), mode="eval") for side in ("expr", "rhs"))
    named = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return named - {"abs", "round"}


def _values(pack: CityPack, keys: set[str]) -> dict[str, Decimal]:
    """What the registers answer for the bound figures among the keys, each at its own date."""
    by_date: dict[date, dict[str, Asked]] = {}
    for key in keys:
        figure = pack.figures[key]
        if figure["status"] == "bound":
            asked = Asked(figure["measure"], figure["area"], str(figure.get("period", "")))
            by_date.setdefault(figure["as_of"], {})[key] = asked
    found: dict[str, Decimal] = {}
    for as_of, asked_by_key in by_date.items():
        readings = read_figures(asked_by_key.values(), as_of)
        for key, asked in asked_by_key.items():
            value = readings[asked].value
            if value is not None:
                decimals = readings[asked].decimals
                found[key] = value if decimals is None else value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return found


def _check_table(checks: list[Mapping[str, Any]], pack: CityPack) -> ReportTable:
    measured = _values(pack, {name for check in checks for name in _names(check)})
    rows = []
    for check in checks:
        left, right, word = outcome(check, measured)
        sides = [_shown(left), _SIGNS[check["op"]], _shown(right)]
        rows.append([check["id"], check["note"], *sides, word])
    columns = (
        ReportColumn("编号", 0.7, "center"),
        ReportColumn("核验内容", 4),
        ReportColumn("计算值", 1.2, "right"),
        ReportColumn("关系", 0.6, "center"),
        ReportColumn("对照值", 1.2, "right"),
        ReportColumn("结论", 1.4, "center"),
    )
    note = "按登记册数据逐条计算，不符的如实列出；所需登记册尚未建立的写作“缺登记数据”。"
    return ReportTable("checks", "数据勾稽关系核验", columns, rows, note=note)


def _contradiction_table(found: list[Mapping[str, Any]]) -> ReportTable:
    order = list(SEVERITIES)
    ranked = sorted(found, key=lambda each: (order.index(each["severity"]), each["id"]))
    columns = (
        ReportColumn("编号", 0.7, "center"),
        ReportColumn("程度", 0.7, "center"),
        ReportColumn("事项", 2),
        ReportColumn("情况", 3.4),
        ReportColumn("处理办法", 2.2),
    )
    rows = [[each["id"], SEVERITIES[each["severity"]], each["title"], each["detail"], each["rule"]] for each in ranked]
    return ReportTable("inconsistencies", "数据口径矛盾和待澄清事项", columns, rows)


def _shown(value: Decimal | None) -> str:
    return "—" if value is None else figure_number(round(value, 4))


@lru_cache(maxsize=4)
def city_pack(folder: Path) -> CityPack | None:
    """The city's figures and checks, or None when it declares none."""
    paths = [folder / name for name in ("city.yaml", "figures.yaml", "checks.yaml")]
    if not all(path.exists() for path in paths):
        return None
    city, figures, checks = (yaml.load(path.read_bytes(), yaml.CSafeLoader) for path in paths)
    return CityPack(str(city["area"]), figures, tuple(checks["checks"]), tuple(checks.get("inconsistencies") or ()))
