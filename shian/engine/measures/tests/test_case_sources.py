"""Close-out rates over cases: as of any day, open down to the rows, equal to counting by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from shian.engine.cases.actions import Evidence
from shian.engine.cases.models import Case
from shian.engine.cases.tests.cast import AT, CARD, Cast, step
from shian.engine.cases.tests.conftest import cast, packs  # noqa: F401 - fixtures
from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.measures.declarations import Measure, MeasureInvalid, Part, _measures, register_measure
from shian.engine.measures.queries import figure, rows_of
from shian.kernel.files.models import StoredFile
from shian.kernel.scope.rules import Level
from shian.registers.areas.tests.factories import AreaFactory

pytestmark = pytest.mark.django_db
KEY, SOURCE = "tried.close_out", f"cases.{CARD.key}"
ALL = Part(SOURCE)
CLOSED = Part(SOURCE, where=parse_conditions({"is_closed": True}))


@pytest.fixture
def rate(cast: Cast):  # noqa: F811
    for code, name, kind in (("131000", "廊坊市", "地级市"), ("131022", "固安县", "县")):
        AreaFactory(code=code, name=name, kind=kind)
    register_measure(
        Measure(KEY, "办结率", "%", (Level.CITY, Level.COUNTY), CLOSED, ALL, scale=Decimal(100), decimals=1)
    )
    yield KEY
    del _measures[KEY]


def close(cast: Cast, case: Case, days: int) -> None:  # noqa: F811
    stored, _is_new = StoredFile.objects.get_or_create(
        sha256="b" * 64, defaults={"name": "x", "kind": "pdf", "size": 1, "stored_at": AT, "stored_by": "x"}
    )
    cast.answered(case, files=[Evidence(stored, "x")])
    step(case, "close", cast.office, AT + timedelta(days=days))


def test_the_rate_is_told_as_of_a_day_and_opens_its_rows(cast, rate) -> None:  # noqa: F811
    cards = [cast.card() for _each in range(3)]
    close(cast, cards[0], 1)
    close(cast, cards[1], 4)
    cast.card(at=AT + timedelta(days=9))

    def told(day: date) -> tuple[Decimal, ...]:
        found = figure(rate, area="131000", as_of=day)
        return round(found.value, found.decimals), found.part, found.whole

    day = AT.date()
    assert told(day) == (0, 0, 3)
    assert told(day + timedelta(days=1)) == (Decimal("33.3"), 1, 3)
    assert told(day + timedelta(days=9)) == (50, 2, 4)
    part = rows_of(rate, "part", area="131022", as_of=day + timedelta(days=4), user=cast.office)
    assert sorted(each.pk for each in part.rows) == sorted(each.pk for each in cards[:2])


def test_a_measure_cannot_name_a_field_that_cases_lack() -> None:
    with pytest.raises(MeasureInvalid, match="colour"):
        register_measure(
            Measure(
                "x",
                "x",
                "件",
                (Level.CITY,),
                Part("cases.problem", where=parse_conditions({"colour": "red"})),
            )
        )
