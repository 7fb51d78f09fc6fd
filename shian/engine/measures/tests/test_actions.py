"""Freezing."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, ProgrammingError, connection, transaction

from shian.engine.ledgers.tests import factories
from shian.engine.ledgers.tests.factories import AS_OF, CITY, NORTH, SOUTH
from shian.engine.measures.actions import freeze_figure
from shian.engine.measures.models import FrozenFigure
from shian.engine.measures.queries import compare_frozen, frozen_figures
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach

pytestmark = pytest.mark.django_db
AT = datetime(2022, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def office():
    factories.make_areas()
    factories.make_operators()
    return factories.make_user("alice", Role.OFFICE, CITY)


def freeze(user, **changes):
    return freeze_figure(
        **{"key": "operators.total", "area": "131000", "as_of": AS_OF, "document": "自评报告", "by": user, "at": AT}
        | changes
    )


def test_a_frozen_figure_keeps_value_definition_and_seal(office):
    frozen = freeze(office)

    assert (frozen.shown, frozen.area, frozen.frozen_by) == (20, CITY, "alice")
    assert len(frozen.definition) == 64
    assert Entry.objects.get(action="figure.frozen").subject == f"measures.figure:operators.total/{CITY}"


def test_freezing_again_for_the_same_document_changes_nothing(office):
    first = freeze(office)
    factories.make_operator(900)

    assert freeze(office) == first
    assert FrozenFigure.objects.count() == 1
    assert Entry.objects.filter(action="figure.frozen").count() == 1


def test_todays_count_is_compared_with_the_frozen_one(office):
    frozen = freeze(office)
    assert not compare_frozen(frozen).is_changed

    factories.make_operator(900)
    comparison = compare_frozen(frozen)

    assert comparison.is_changed
    assert comparison.difference == 1
    assert frozen.shown == 20


def test_a_changed_definition_shows(office):
    row = freeze(office)
    row.pk, row.definition, row.document = None, "0" * 64, "旧口径"
    row.save(force_insert=True)

    assert compare_frozen(row).is_redefined


@pytest.mark.parametrize(
    "statement", ["UPDATE measures_frozenfigure SET value = 1", "DELETE FROM measures_frozenfigure"]
)
def test_the_database_refuses_to_touch_a_frozen_figure(office, statement):
    freeze(office)

    refused = pytest.raises((InternalError, ProgrammingError), match="never change")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_only_the_office_freezes(office):
    bob = factories.make_user("bob", Role.COUNTY, SOUTH)

    with pytest.raises(PermissionDenied):
        freeze(bob, area="131002")


def test_freezing_beyond_the_reach_is_refused(office):
    carol = factories.make_user("carol", Role.OFFICE, SOUTH)

    with pytest.raises(OutOfReach):
        freeze(carol, area="131022")


def test_a_figure_without_a_value_freezes_its_reason(office):
    frozen = freeze(office, key="budgets.amount", area=NORTH, period="2022", as_of=date(2022, 1, 1))

    assert (frozen.value, frozen.reason) == (None, "台账为空")
    assert list(frozen_figures("budgets.amount", "131022")) == [frozen]
