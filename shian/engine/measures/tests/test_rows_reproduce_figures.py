"""Every registered measure, those of every ledger included: its rows, counted by hand, give the figure."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from shian.engine.ledgers.tests import factories
from shian.engine.ledgers.tests.factories import AS_OF, CITY, NORTH, SOUTH, TOWNS
from shian.engine.measures.declarations import Part, all_measures, measure
from shian.engine.measures.formulas import compute
from shian.engine.measures.queries import ask_for, figure, operand_asks, rows_of, side_of
from shian.kernel.accounts.models import Role
from shian.kernel.scope.rules import level_of_key

AREAS = (CITY, SOUTH, NORTH, TOWNS[0])


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """One filled city for the whole module, rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        factories.make_areas()
        factories.make_operators()
        factories.make_organisations()
        factories.make_ledger_rows()
        yield get_user_model()(username="admin", role=Role.ADMIN, is_active=True)
        transaction.set_rollback(True)


def by_hand(part: Part, rows) -> Decimal | None:
    """The aggregate, in Python, over the values of the rows that a figure opens."""
    values = [value_of(part, row) for row in rows]
    filled = [value for value in values if value is not None]
    if part.aggregate == "count":
        return Decimal(len(values))
    if part.aggregate == "distinct":
        return Decimal(len(set(filled)))
    if part.aggregate == "longest_run":
        return Decimal(len(set(filled)))
    if not filled:
        return None
    numbers = [Decimal(str(value)) for value in filled]
    if part.aggregate == "latest":
        assert len(numbers) == 1
        return numbers[0]
    return {"sum": sum, "min": min, "max": max}[part.aggregate](numbers)


def value_of(part: Part, row):
    if hasattr(row, "data"):
        return row.data.get(part.column)
    return getattr(row, part.column, None) if part.column else None


def side_matches(ask_key: str, side: str, area: str, part_value, user, as_of: date, period: str | None = None):
    ask = side_of(ask_for(ask_key, as_of, period), side)
    opened = rows_of(ask_key, side, area=area, as_of=as_of, period=period, user=user)
    found = by_hand(ask.part, list(opened.rows))
    if part_value is None:
        return found in (None, 0)
    return found == part_value


@pytest.mark.parametrize("key", sorted(all_measures()))
def test_rows_behind_the_number_give_the_number(city, key):
    declared = measure(key)
    seen = 0
    for area in AREAS:
        if level_of_key(area) not in declared.levels:
            continue
        found = figure(key, area=area, as_of=AS_OF)
        seen += 1
        if declared.formula:
            assert_formula(found, city)
            continue
        assert side_matches(key, "part", area, found.part, city, AS_OF), (key, area, found)
        if isinstance(declared.whole, Part):
            assert side_matches(key, "whole", area, found.whole, city, AS_OF), (key, area, found)
    assert seen


def assert_formula(found, user):
    """A formula has no rows of its own: its operands' rows give the operands, and those give the figure."""
    ask = ask_for(found.measure, AS_OF)
    asks = iter(operand_asks(ask))

    def value_of_operand(_operand):
        each = next(asks)
        period = each.window.text if each.window else None
        operand = figure(each.measure.key, area=found.area, as_of=each.as_of, period=period)
        assert side_matches(each.measure.key, "part", found.area, operand.part, user, each.as_of, period)
        return operand.value

    assert compute(ask.measure.tree, value_of_operand) == found.value
