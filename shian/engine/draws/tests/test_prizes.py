"""Winners of a quiz are drawn from the list of those who took part (K-06)."""

import pytest

from shian.engine.draws.queries import record_of, sample_of
from shian.engine.draws.rules.record import verify_record
from shian.engine.draws.rules.sampling import Parameters
from shian.engine.draws.tests.factories import confirmed, lines, number_entries
from shian.registers.areas.tests.factories import make_city_and_county

pytestmark = pytest.mark.django_db


def test_each_wins_at_most_once_in_an_order_that_anybody_draws_again():
    make_city_and_county()
    draw = confirmed(lines=lines({"国庆竞答": 400}), parameters=Parameters("0.0001", minimum=10, reserves="0.5"))
    number_entries()

    winners = [each.key for each in sample_of(draw)]

    assert winners != sorted(winners)
    assert len(winners) == len(set(winners)) == 10
    assert all(finding.holds for finding in verify_record(record_of(draw)))
