"""Declared conditions and states as conditions of the database over the `data` of rows."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, Expression, F, IntegerField, Q, Value, When

from shian.engine.ledgers.aspects import RowState
from shian.engine.ledgers.conditions import Condition

_LOOKUPS = {"eq": "", "gt": "__gt", "ge": "__gte", "lt": "__lt", "le": "__lte"}


def condition_q(conditions: Iterable[Condition]) -> Q:
    """Rows for which all conditions hold; a comparison with nothing is never true."""
    found = Q()
    for each in conditions:
        found &= _q(each)
    return found


def _q(condition: Condition) -> Q:
    path = f"data__{condition.field}"
    if condition.operator == "not_null":
        filled = Q(**{f"{path}__isnull": False}) & ~Q(**{path: ""})
        return filled if condition.value else ~filled
    if condition.operator == "in":
        return Q(**{f"{path}__in": [_stored(each) for each in condition.value]})
    value = F(f"data__{condition.value}") if condition.is_field else _stored(condition.value)
    if condition.operator == "ne":
        return Q(**{f"{path}__isnull": False}) & ~Q(**{path: value})
    return Q(**{f"{path}{_LOOKUPS[condition.operator]}": value})


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def state_number(states: tuple[RowState, ...], as_of: date) -> Expression:
    """The number, from 0, of the state that a row is in on the day; -1 for a row without one."""
    cases = [When(_state_q(each, as_of), then=Value(number)) for number, each in enumerate(states)]
    return Case(*cases, default=Value(-1), output_field=IntegerField())


def _state_q(state: RowState, as_of: date) -> Q:
    found = condition_q(state.conditions)
    for each in state.limits:
        found &= Q(**{f"data__{each.field}__lte": each.last(as_of).isoformat()})
    return found or Q(pk__isnull=False)  # a state without conditions fits every row


def state_of_data(states: tuple[RowState, ...], data: dict[str, Any], as_of: date) -> RowState | None:
    """The first state that fits the data on the day."""
    return next((each for each in states if each.fits(data, as_of)), None)
