"""Weights, losses, places and periods of unit scores, as the rule of the pack says (A-16)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from shian.domains.campaign.queries.unit_scores import score_rule
from shian.domains.campaign.rules.unit_scores import (
    ScoreRuleInvalid,
    Tally,
    parts_of,
    period_of,
    periods_before,
    places,
    total_of,
)
from shian.domains.campaign.tables.unit_scores import ShownPart
from shian.domains.campaign.tests.factories import AS_OF
from shian.engine.measures.rules import parse_period

RULE = score_rule(AS_OF)


@pytest.mark.parametrize("score", ["48.00001", "48", "47.99999"])
def test_a_dimension_never_loses_a_negative_nothing(score):
    assert str(ShownPart("field", D(48), D(score)).lost) in ("0", "0.0000")


def test_the_pack_sums_to_the_standards_total():
    assert sum(RULE.weights.values()) == RULE.total == 120
    with pytest.raises(ScoreRuleInvalid, match="add up to 121"):
        replace(RULE, weights={**RULE.weights, "weeks": D(6)})
    with pytest.raises(ScoreRuleInvalid, match="between 0 and 1"):
        replace(RULE, ratios={**RULE.ratios, "late": D("1.1")})


def test_undecided_dimensions_leave_the_sum_and_the_rest_is_converted():
    parts = parts_of(RULE, {"document": Tally(D(10), D(5)), "weeks": Tally(D(4), D(4)), "field": Tally()})

    assert [each.key for each in parts] == ["document", "weeks"]
    assert sum(each.maximum for each in parts) == 120
    assert total_of(parts) == (D(120) * (40 * D("0.5") + 5) / 45).quantize(D("0.0001"))
    assert total_of([]) is None


def test_losses_of_matters_add_up_to_the_dimension():
    part = parts_of(RULE, {"field": Tally(D(7), D(4))})[0]

    lost = [part.lost_by(D(4), D(1)), part.lost_by(D(2), D(0)), part.lost_by(D(1), D(0))]

    assert sum(lost).quantize(D("0.0001")) == part.lost.quantize(D("0.0001"))


def test_equal_scores_share_a_place():
    assert places({"a": D(90), "b": D(95), "c": D(90), "d": None, "e": D(10)}) == {"a": 2, "b": 1, "c": 2, "e": 4}


@pytest.mark.parametrize(
    ("day", "kind", "period"),
    [(date(2022, 1, 1), "month", "202201"), (date(2022, 12, 31), "quarter", "2022Q4"),
     (date(2022, 4, 1), "quarter", "2022Q2"), (date(2022, 3, 31), "quarter", "2022Q1")],
)  # fmt: skip
def test_a_day_lies_in_its_period(day, kind, period):
    assert period_of(day, kind) == period
    window = parse_period(period)
    assert window.start <= day <= window.end


def test_periods_run_backwards_over_the_year():
    assert [each.text for each in periods_before(date(2022, 2, 10), "month", 3)] == ["202202", "202201", "202112"]
