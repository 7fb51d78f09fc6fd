"""Rules of the evaluation, table-driven; edge dates and edge values."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shian.domains.campaign.models.reasons import reason_text
from shian.domains.campaign.rules import (
    Formula,
    Item,
    Judgement,
    Reading,
    apportioned,
    assess,
    converted,
    margin_of,
    points,
    veto_finding,
)

LEVELS = frozenset({"city", "county"})


def reading(value=None, *, threshold="100", operator="=", measure="x.rate", reason="", key="1.1.1-a"):
    number = None if value is None else D(value)
    return Reading(key, "覆盖率", "%", operator, D(threshold), measure, number, reason=reason)


def judgement(verdict="达标", ratio="1", reason=""):
    return Judgement(verdict, D(ratio), "评审一组", date(2022, 11, 1), reason)


def item(computability="auto", kind="step"):
    return Item("1.1.1", computability, LEVELS, Formula(kind, "v1"))


@pytest.mark.parametrize(
    ("value", "operator", "threshold", "margin"),
    [("80", ">=", "80", "0"), ("79.9", ">=", "80", "-0.1"), ("99.6", "=", "100", "-0.4"), ("1", "=", "0", "-1"),
     ("3", "<=", "5", "2"), ("101", "=", "100", "-1")],
)  # fmt: skip
def test_margin_is_positive_on_the_good_side(value, operator, threshold, margin):
    assert margin_of(D(value), operator, D(threshold)) == D(margin)


def test_item_of_another_level_is_not_applicable_and_has_no_ratio():
    outcome = assess(item(), "township", [], None)

    assert (outcome.state, reason_text(outcome.reasons), outcome.ratio) == ("not_applicable", "不适用于本级", None)


def test_all_bound_measures_with_values_are_computed():
    outcome = assess(item(), "city", [reading("100")], None)

    assert (outcome.state, outcome.met, outcome.ratio) == ("computed", True, 1)


def test_one_unmet_measure_leaves_the_item_unmet_and_is_the_headline():
    outcome = assess(item(), "city", [reading("100"), reading("99.6", key="1.1.1-b")], None)

    assert (outcome.met, outcome.ratio, outcome.headline.key) == (False, 0, "1.1.1-b")


def test_unbound_measure_beside_bound_ones_is_named():
    rows = [reading("100"), reading(measure="", reason="抽检批次尚未接入")]

    outcome = assess(item(), "city", rows, None)

    assert outcome.state == "computed"
    assert reason_text(outcome.reasons) == "覆盖率：抽检批次尚未接入"


def test_bound_measure_without_value_waits_for_a_verdict():
    rows = [reading("100"), reading(reason="台账没有数据")]

    unknown, judged = assess(item(), "city", rows, None), assess(item(), "city", rows, judgement())

    assert (unknown.state, unknown.ratio) == ("unknown", None)
    assert "台账没有数据" in reason_text(unknown.reasons)
    assert (judged.state, judged.ratio) == ("verdict", 1)


@pytest.mark.parametrize("rows", [[reading("90")], [reading("90"), reading(reason="台账没有数据")]])
def test_unmet_measure_stays_unmet_whatever_the_verdict(rows):
    outcome = assess(item("semi"), "city", rows, judgement("达标"))

    assert (outcome.met, outcome.ratio) == (False, 0)
    assert "实测未达到目标值，评审结论为达标，以实测为准" in reason_text(outcome.reasons)
    assert outcome.basis["verdict"]["verdict"] == "达标"
    assert outcome.basis["measures"][0]["met"] is False


def test_met_measure_is_lowered_by_a_partial_verdict():
    outcome = assess(item("semi"), "city", [reading("100")], judgement("部分达标", "0.6"))

    assert (outcome.state, outcome.met, outcome.ratio) == ("computed", False, D("0.6"))


def test_verdict_not_applicable_takes_the_item_out_of_the_denominator():
    outcome = assess(item("human"), "city", [], judgement("不适用", "0", "本市没有婴配乳粉生产企业"))

    assert (outcome.state, outcome.ratio, reason_text(outcome.reasons)) == (
        "not_applicable",
        None,
        "本市没有婴配乳粉生产企业",
    )


def test_external_value_is_external_and_says_what_is_missing_without_it():
    row = reading("86", threshold="85", operator=">=")

    assert assess(item("external"), "city", [row], None).state == "external"
    missing = assess(item("external"), "city", [reading(reason="没有测评记录")], None)
    assert (missing.state, reason_text(missing.reasons)) == (
        "unknown",
        "尚未录入外部测评或抽检结果；覆盖率：没有测评记录",
    )


@pytest.mark.parametrize("computability", ["human", "semi", "field", "field+register", "auto", "external"])
def test_unknown_always_says_why(computability):
    assert reason_text(assess(item(computability), "city", [], None).reasons)


@pytest.mark.parametrize(
    ("kind", "parameters", "value", "ratio"),
    [("step", {}, "84.99", "0"), ("step", {}, "85", "1"), ("pro_rata", {}, "68", "0.8"), ("pro_rata", {}, "90", "1"),
     ("floor", {"floor": D(80), "ceiling": D(100)}, "85", "0.25"),
     ("floor", {"floor": D(80), "ceiling": D(100)}, "79", "0")],
)  # fmt: skip
def test_conversion_is_data(kind, parameters, value, ratio):
    row = reading(value, threshold="85", operator=">=")

    assert converted(Formula(kind, "v1", parameters), [row]) == D(ratio)


def test_unknown_conversion_is_refused():
    with pytest.raises(ValueError, match="unknown conversion"):
        Formula("magic")


@given(st.decimals("0.01", 500, places=2), st.integers(1, 200))
def test_apportioned_parts_sum_to_the_total(total, parts):
    shares = apportioned(total, parts)

    assert sum(shares) == total
    assert max(shares) - min(shares) <= D("0.0001")


@given(st.decimals(0, 1, places=4), st.decimals(0, 50, places=4))
def test_points_lie_between_nothing_and_the_weight(ratio, weight):
    assert 0 <= points(weight, ratio) <= weight


@given(st.decimals(0, 120, places=1), st.decimals(0, 120, places=1))
def test_more_measured_never_gives_fewer_points(low, high):
    low, high = sorted((low, high))
    for kind in ("step", "pro_rata", "share_met"):
        lower, higher = (
            converted(Formula(kind), [reading(str(value), threshold="85", operator=">=")]) for value in (low, high)
        )
        assert lower <= higher


@pytest.mark.parametrize(
    ("met", "margin", "near", "state", "is_near"),
    [(False, D("-0.1"), D(2), "triggered", False), (True, D(0), D(2), "clear", True),
     (True, D(3), D(2), "clear", False), (True, D(0), None, "clear", False), (None, None, D(2), "unknown", False)],
)  # fmt: skip
def test_veto_on_the_line_is_clear(met, margin, near, state, is_near):
    finding = veto_finding(met, margin, near)

    assert (finding.state, finding.is_near) == (state, is_near)
