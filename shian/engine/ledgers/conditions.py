"""The small language of conditions in declarations: pure comparisons of fields, no code.

    {subject: 示范城市}              equal
    {kind: [县, 自治县]}             one of
    {amount: {gt: 0}}                gt ge lt le ne, not_null (true or false)
    {valid_to: {ge_field: valid_from}}   eq_field ne_field gt_field ge_field lt_field le_field
    {heads: {eq_sum: [passed, condemned]}}   eq_sum …: the sum of fields, empty ones being 0; in checks

Several fields, and several operators of a field, must all hold. The same conditions run in Python (`holds`, for row
checks) and in SQL (`condition_sql`, for measures): a comparison with nothing is never true.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.ui.states import Text

_COMPARISONS: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "eq": ("=", lambda a, b: a == b),
    "ne": ("<>", lambda a, b: a != b),
    "gt": (">", lambda a, b: a > b),
    "ge": (">=", lambda a, b: a >= b),
    "lt": ("<", lambda a, b: a < b),
    "le": ("<=", lambda a, b: a <= b),
}
_WORDS = {
    "eq": gettext_lazy("%(field)s为%(value)s"),
    "ne": gettext_lazy("%(field)s不为%(value)s"),
    "gt": gettext_lazy("%(field)s大于%(value)s"),
    "ge": gettext_lazy("%(field)s不小于%(value)s"),
    "lt": gettext_lazy("%(field)s小于%(value)s"),
    "le": gettext_lazy("%(field)s不大于%(value)s"),
}


class ConditionInvalid(ValueError):
    """A declaration uses an operator or a field that does not exist; the text says which."""


@dataclass(frozen=True)
class Condition:
    """One comparison. `operator` is eq ne gt ge lt le in not_null; `value` is a field's name when `is_field`, the names
    of several fields when `is_sum`."""

    field: str
    operator: str
    value: Any
    is_field: bool = False
    is_sum: bool = False

    @property
    def others(self) -> tuple[str, ...]:
        """The fields that the value names."""
        if self.is_sum:
            return tuple(self.value)
        return (str(self.value),) if self.is_field else ()


def parse_conditions(raw: Mapping[str, Any] | None, *, with_sums: bool = False) -> tuple[Condition, ...]:
    """The conditions of a `where`, `when`, `if` or `then` mapping; sums only in checks. Raises ConditionInvalid."""
    found: list[Condition] = []
    for field, wanted in (raw or {}).items():
        if isinstance(wanted, list):
            found.append(Condition(field, "in", tuple(wanted)))
        elif isinstance(wanted, Mapping):
            found.extend(_operator(field, operator, value) for operator, value in wanted.items())
        else:
            found.append(Condition(field, "eq", wanted))
    if not with_sums and (sums := [each.field for each in found if each.is_sum]):
        raise ConditionInvalid(f"{sums[0]}: sums stand in checks only; calculate a field and compare with it.")
    return tuple(found)


def _operator(field: str, operator: str, value: Any) -> Condition:
    name = operator.removesuffix("_field").removesuffix("_sum")
    if operator == "not_null":
        return Condition(field, "not_null", bool(value))
    if operator == "in" and isinstance(value, list):
        return Condition(field, "in", tuple(value))
    if name not in _COMPARISONS:
        known = ", ".join([*_COMPARISONS, "in", "not_null"])
        raise ConditionInvalid(f"{field}: unknown operator {operator!r}; use {known}, <operator>_field or _sum.")
    if operator.endswith("_sum"):
        if not isinstance(value, list) or not value:
            raise ConditionInvalid(f"{field}: {operator} takes a list of fields, as in [passed, condemned].")
        return Condition(field, name, tuple(map(str, value)), is_sum=True)
    return Condition(field, name, value, is_field=operator.endswith("_field"))


def fields_of(conditions: tuple[Condition, ...]) -> set[str]:
    """Every field that the conditions read."""
    return {c.field for c in conditions} | {name for c in conditions for name in c.others}


def holds(conditions: tuple[Condition, ...], row: Mapping[str, Any]) -> bool:
    """Do all conditions hold for the typed values of the row?"""
    return all(_holds(condition, row) for condition in conditions)


def _holds(condition: Condition, row: Mapping[str, Any]) -> bool:
    left = row.get(condition.field)
    empty = left is None or left == ""
    if condition.operator == "not_null":
        return empty is not condition.value
    if empty:
        return False
    if condition.operator == "in":
        return left in condition.value
    right = _right(condition, row)
    if right is None or right == "":
        return False
    if isinstance(left, Decimal) and isinstance(right, float):
        right = Decimal(str(right))
    return _COMPARISONS[condition.operator][1](left, right)


def _right(condition: Condition, row: Mapping[str, Any]) -> Any:
    if condition.is_sum:
        return sum(row.get(name) or 0 for name in condition.others)
    return row.get(condition.value) if condition.is_field else condition.value


def condition_sql(conditions: tuple[Condition, ...], expressions: Mapping[str, str]) -> tuple[str, list[Any]]:
    """SQL and its bound values; `expressions` gives the trusted SQL of each field. TRUE for no condition."""
    parts: list[str] = []
    values: list[Any] = []
    for condition in conditions:
        left = expressions[condition.field]
        if condition.operator == "not_null":
            parts.append(f"{left} IS {'NOT ' if condition.value else ''}NULL")
        elif condition.operator == "in":
            parts.append(f"{left} = ANY(%s)")
            values.append(list(condition.value))
        elif condition.is_sum:
            total = " + ".join(f"COALESCE({expressions[name]}, 0)" for name in condition.others)
            parts.append(f"{left} {_COMPARISONS[condition.operator][0]} ({total})")
        elif condition.is_field:
            parts.append(f"{left} {_COMPARISONS[condition.operator][0]} {expressions[str(condition.value)]}")
        else:
            parts.append(f"{left} {_COMPARISONS[condition.operator][0]} %s")
            values.append(condition.value)
    return " AND ".join(parts) or "TRUE", values


def conditions_text(
    conditions: tuple[Condition, ...], titles: Mapping[str, Text], words: Mapping[Any, Text] | None = None
) -> str:
    """The conditions in words, for the definition that a page shows; `words` name stored values."""
    return _("，且").join(_text(condition, titles, words or {}) for condition in conditions)


def _text(condition: Condition, titles: Mapping[str, Text], words: Mapping[Any, Text]) -> str:
    title = titles.get(condition.field, condition.field)
    if condition.operator == "not_null" or condition.value == "":
        is_filled = condition.value if condition.operator == "not_null" else condition.operator == "ne"
        return (_("%(field)s已填") if is_filled else _("%(field)s未填")) % {"field": title}
    if condition.operator == "in":
        values = _("、").join(_word(value, words) for value in condition.value)
        return _("%(field)s为%(values)s之一") % {"field": title, "values": values}
    if condition.is_sum:
        total = _("与").join(str(titles.get(name, name)) for name in condition.others)
        return str(_WORDS[condition.operator]) % {"field": title, "value": _("%(fields)s之和") % {"fields": total}}
    if condition.is_field:
        other = titles.get(str(condition.value), str(condition.value))
        return str(_WORDS[condition.operator]) % {"field": title, "value": other}
    return str(_WORDS[condition.operator]) % {"field": title, "value": _word(condition.value, words)}


def _word(value: Any, words: Mapping[Any, Text]) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(words.get(value, value))
