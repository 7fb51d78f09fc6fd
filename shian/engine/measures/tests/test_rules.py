"""Periods."""

from datetime import date

import pytest

from shian.engine.measures.rules import (
    PeriodInvalid,
    Window,
    is_period_rule,
    months_before,
    parse_period,
    window_for,
    years_later,
)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022S1", date(2022, 1, 1), date(2022, 6, 30)),
        ("2022S2", date(2022, 7, 1), date(2022, 12, 31)),
        ("2022Q1", date(2022, 1, 1), date(2022, 3, 31)),
        ("2022Q4", date(2022, 10, 1), date(2022, 12, 31)),
        ("202202", date(2022, 2, 1), date(2022, 2, 28)),
        ("202402", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022-08-25/2022-09-23", date(2022, 8, 25), date(2022, 9, 23)),
    ],
)
def test_a_written_period_is_its_first_and_last_day(text, start, end):
    assert parse_period(text) == Window(start, end, text)


@pytest.mark.parametrize(
    "text", ["", "22", "2022Q5", "202213", "2022-09-23/2022-08-25", "2022-02-30/2022-03-01", "今年"]
)
def test_anything_else_is_refused_with_the_right_forms(text):
    with pytest.raises(PeriodInvalid, match="2022Q3"):
        parse_period(text)


def test_a_year_rule_means_the_year_of_the_date():
    assert window_for("year", date(2022, 11, 24), None) == parse_period("2022")


def test_a_lookback_begins_on_the_same_day_of_its_first_month():
    window = window_for("lookback:36m", date(2022, 11, 24), None)

    assert (window.start, window.end) == (date(2019, 11, 24), date(2022, 11, 24))


def test_a_period_that_is_asked_for_goes_before_the_rule():
    assert window_for("campaign", date(2022, 11, 24), "2021") == parse_period("2021")


def test_a_state_has_no_window():
    assert window_for("none", date(2022, 11, 24), None) is None


def test_campaign_reads_everything_so_far():
    assert window_for("campaign", date(2022, 11, 24), None).end == date(2022, 11, 24)


def test_the_last_of_february_moves_to_the_last_of_february():
    assert years_later(date(2024, 2, 29), -1) == date(2023, 2, 28)
    assert parse_period("202302").shifted(1).end == date(2024, 2, 29)
    assert parse_period("2022").shifted(-2) == parse_period("2020")


def test_months_before_is_cut_to_the_length_of_the_month():
    assert months_before(date(2022, 3, 31), 1) == date(2022, 2, 28)
    assert months_before(date(2022, 1, 15), 24) == date(2020, 1, 15)


@pytest.mark.parametrize(
    ("rule", "known"), [("none", True), ("lookback:36m", True), ("lookback:3y", False), ("", False)]
)
def test_period_rules_are_known(rule, known):
    assert is_period_rule(rule) is known
