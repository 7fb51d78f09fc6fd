"""Figures: dates, levels, periods, nothing and zero, ratios, runs, formulas, SQL budget."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model

from shian.engine.ledgers.declarations import ledger
from shian.engine.ledgers.tests import factories
from shian.engine.ledgers.tests.factories import AS_OF, CITY, NORTH, SOUTH, TOWNS, make_ledger_row
from shian.engine.measures.queries import EMPTY, NO_DATA, WRONG_LEVEL, figure, figure_series, figures, rows_of
from shian.engine.measures.rules import PeriodInvalid
from shian.kernel.accounts.models import Role
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.rules import Level

pytestmark = pytest.mark.django_db


@pytest.fixture
def areas():
    factories.make_areas()


@pytest.fixture
def admin():
    return get_user_model()(username="admin", role=Role.ADMIN, is_active=True)


def save(key: str, number: int, area: str = CITY, **data):
    row = make_ledger_row(ledger(key), number, area, **data)
    row.save()
    return row


def value(key: str, area: str = CITY, as_of: date = AS_OF, period: str | None = None):
    return figure(key, area=area, as_of=as_of, period=period).value


def test_operators_are_counted_as_they_were_on_the_date(areas):
    operator = factories.make_operator(1, town=TOWNS[0], opened_on=date(2020, 1, 1))
    operator.versions.update(valid_to=date(2022, 6, 1))
    factories.make_version(
        operator, valid_from=date(2022, 6, 1), kind="餐饮服务", county=NORTH, township=TOWNS[2], village=""
    )

    assert value("operators.sellers", SOUTH, date(2022, 5, 31)) == 1
    assert value("operators.sellers", SOUTH, date(2022, 6, 1)) == 0
    assert value("operators.caterers", NORTH, date(2022, 6, 1)) == 1
    assert value("operators.total", CITY, date(2019, 12, 31)) == 0


def test_a_closed_operator_counts_until_the_day_before(areas):
    factories.make_operator(1, closed_on=date(2022, 3, 1))

    assert value("operators.total", as_of=date(2022, 2, 28)) == 1
    assert value("operators.total", as_of=date(2022, 3, 1)) == 0


def test_every_area_of_every_level_comes_from_one_statement(areas, django_assert_num_queries):
    factories.make_operators()

    with django_assert_num_queries(2):
        found = figures(["operators.total", "areas.population", "budgets.amount"], as_of=AS_OF, area_prefix=CITY)

    assert set(found["operators.total"]) == {CITY, SOUTH, NORTH, *TOWNS}
    assert set(found["budgets.amount"]) == {CITY, SOUTH, NORTH}
    towns = sum(found["operators.total"][town].value for town in TOWNS)
    assert found["operators.total"][CITY].value == towns


def test_the_city_never_contains_its_neighbours(areas):
    """131000 must not match 1311…: keys are cut by level."""
    factories.make_area("1311")
    factories.make_area("131102")
    factories.make_operator(1, town="131102001")

    assert value("operators.total", "131000") == 0
    assert value("operators.total", "131100") == 1


def test_nothing_is_not_zero(areas):
    assert figure("incidents.reported", area=CITY, as_of=AS_OF).reason == EMPTY
    assert value("incidents.reported") is None

    save("incidents", 1, kind="零报告", occurred_on=AS_OF, grade="无", is_grave=False, cases=0, reported_on=AS_OF)

    assert value("incidents.reported") == 0
    assert figure("pesticides.amount", area=CITY, as_of=AS_OF).reason == EMPTY
    save("pesticides", 1, year=2019, amount=5, counted_on=date(2019, 12, 31))
    assert figure("pesticides.amount", area=CITY, as_of=AS_OF).reason == NO_DATA


def test_a_level_where_the_figure_means_nothing_says_so(areas):
    found = figure("pesticides.amount", area=TOWNS[0], as_of=AS_OF)

    assert (found.value, found.reason) == (None, WRONG_LEVEL)


def test_the_year_of_a_row_goes_before_its_date(areas):
    save("pesticides", 1, year=2021, amount=7, counted_on=date(2022, 1, 5))

    assert value("pesticides.amount", period="2021") == 7
    assert value("pesticides.amount", period="2022") is None


def test_what_happened_after_the_date_does_not_count(areas):
    save("publicity", 1, kind="健康讲座", published_on=date(2022, 11, 24))
    save("publicity", 2, kind="健康讲座", published_on=date(2022, 11, 25))

    assert value("publicity.lectures") == 1
    assert value("publicity.lectures", as_of=date(2022, 11, 25)) == 2


def test_a_quarter_reads_its_days_only(areas):
    for number, day in enumerate([date(2022, 6, 30), date(2022, 7, 1), date(2022, 9, 30), date(2022, 10, 1)]):
        save("publicity", number, kind="健康讲座", published_on=day)

    assert value("publicity.lectures", period="2022Q3") == 2


def test_a_quarter_of_a_state_is_refused(areas):
    with pytest.raises(PeriodInvalid):
        figure("operators.total", area=CITY, as_of=AS_OF, period="2022Q3")


def test_a_lookback_of_months_forgets_older_rows(areas):
    for number, day in enumerate([date(2019, 11, 23), date(2019, 11, 24), date(2022, 11, 24)]):
        save("incidents", number, kind="事故", grade="重大", is_grave=True, cases=1, occurred_on=day, reported_on=day)

    assert value("incidents.major_3y") == 2


def test_a_share_of_the_same_ledger_keeps_part_and_whole(areas):
    save("budgets", 1, SOUTH, year=2022, subject="示范城市", amount=80, paid=20, decided_on=date(2022, 2, 1))
    save("budgets", 2, SOUTH, year=2022, subject="其他", amount=20, paid=30, decided_on=date(2022, 2, 1))

    found = figure("budgets.paid_rate", area=SOUTH, as_of=AS_OF)

    assert (found.value, found.part, found.whole) == (50, 50, 100)


def test_a_share_of_another_register_is_one_statement(areas, django_assert_num_queries):
    for number, town in enumerate(TOWNS[:2]):
        save("monitoring_sites", number, town, valid_from=date(2020, 1, 1), category="综合")

    with django_assert_num_queries(1):
        found = figure("monitoring_sites.township_coverage", area=CITY, as_of=AS_OF)

    assert (found.part, found.whole) == (2, 3)
    assert found.shown == Decimal("66.7")


def test_a_site_that_was_closed_does_not_cover(areas):
    save("monitoring_sites", 1, TOWNS[0], valid_from=date(2020, 1, 1), valid_to=date(2022, 1, 1), category="综合")

    assert value("monitoring_sites.active") == 0
    assert value("monitoring_sites.active", as_of=date(2021, 12, 31)) == 1


@pytest.mark.parametrize(
    ("grades", "years"),
    [
        ({2017: "A", 2018: "A", 2019: "A", 2020: "A", 2021: "A"}, 5),
        ({2018: "A", 2019: "B", 2020: "A", 2021: "A"}, 2),
        ({2018: "A", 2020: "A", 2021: "A"}, 2),
        ({2020: "A", 2021: "B"}, 0),
        ({2018: "A", 2019: "A"}, None),
    ],
)
def test_a_run_of_years_ends_at_the_newest_and_breaks_at_a_gap(areas, grades, years):
    for year, grade in grades.items():
        save("assessments_provincial", year, year=year, grade=grade, published_on=date(year + 1, 4, 1))

    assert value("assessments_provincial.a_years") == years


def test_the_latest_row_is_that_of_the_area_itself(areas):
    row = {"measure": "满意度", "unit": "分", "is_official": True, "survey": "s", "organiser": "o"}
    save("survey_results", 1, CITY, **row, score=81.5, published_on=date(2022, 1, 1))
    save("survey_results", 2, CITY, **row, score=84.25, published_on=date(2022, 9, 1))
    save("survey_results", 3, SOUTH, **row, score=99, published_on=date(2022, 10, 1))
    save("survey_results", 4, CITY, **row, score=50, published_on=date(2023, 1, 1))

    assert value("survey_results.satisfaction") == Decimal("84.25")
    assert value("survey_results.satisfaction", NORTH) is None


def test_a_formula_reads_other_years(areas):
    for year, amount in ((2019, 1200), (2021, 900)):
        save("pesticides", year, year=year, amount=amount, counted_on=date(year, 12, 31))

    assert value("pesticides.cut_2y", period="2021") == 300
    assert value("pesticides.cut_2y_rate", period="2021") == 25
    assert value("pesticides.cut_2y", period="2022") is None


def test_population_is_the_newest_count_of_each_township(areas):
    assert value("areas.population") == sum(2021 * 10 + 9 for _ in TOWNS)
    assert value("areas.population", as_of=date(2021, 6, 1)) == sum(2020 * 10 + 9 for _ in TOWNS)
    assert value("areas.population", as_of=date(2020, 1, 1)) is None


def test_a_township_that_ended_no_longer_counts_people(areas):
    from shian.registers.areas.models import Area

    Area.objects.filter(key=TOWNS[2]).update(valid_to=date(2022, 1, 1))

    assert value("areas.population") == 2 * (2021 * 10 + 9)
    assert value("areas.townships") == 2


def test_a_series_is_one_statement(areas, django_assert_num_queries):
    factories.make_operators()

    with django_assert_num_queries(1):
        series = figure_series("operators.total", area=CITY, days=[date(2019, 1, 1), AS_OF])

    assert [each.value for each in series] == [0, 20]


def test_rows_beyond_the_reach_are_refused(areas):
    alice = factories.make_user("alice", Role.COUNTY, SOUTH)

    with pytest.raises(OutOfReach):
        rows_of("operators.total", "part", area=NORTH, as_of=AS_OF, user=alice)
    with pytest.raises(OutOfReach):
        rows_of("operators.total", "part", area=CITY, as_of=AS_OF, user=alice)


def test_a_side_that_a_measure_lacks_is_refused(areas, admin):
    with pytest.raises(LookupError):
        rows_of("operators.total", "whole", area=CITY, as_of=AS_OF, user=admin)
    with pytest.raises(LookupError):
        rows_of("pesticides.cut_2y", "part", area=CITY, as_of=AS_OF, user=admin)


def test_an_unknown_measure_is_a_lookup_error(areas):
    with pytest.raises(LookupError):
        figure("operators.unknown", area=CITY, as_of=AS_OF)


def test_village_figures_are_there_when_asked_for(areas):
    factories.make_operator(1, town="131002100201")

    found = figures(["operators.total"], as_of=AS_OF, area_prefix=SOUTH, levels=[Level.TOWNSHIP, Level.VILLAGE])

    assert found["operators.total"]["131002100201"].value == 1
    assert found["operators.total"]["131002100"].value == 1
