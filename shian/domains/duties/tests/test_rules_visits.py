"""Periods, nearness, who may visit remotely or alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from shian.domains.duties.rules.visits import (
    Filing,
    Near,
    Quarter,
    Refusal,
    VisitNumbers,
    close_day,
    distance_m,
    due_since,
    may_be_remote,
    months_before,
    nearness,
    period_of,
    read_numbers,
    refusals,
    reminder_days,
    sheet_for,
    trained_since,
)

PACK = Path(__file__).parents[4] / "packs" / "parameters" / "duty_visits.yaml"
NUMBERS: VisitNumbers = read_numbers(yaml.safe_load(PACK.read_text(encoding="utf-8"))["versions"][0])


@pytest.mark.parametrize(
    ("day", "key", "first", "last"),
    [
        (date(2023, 1, 1), "2023Q1", date(2023, 1, 1), date(2023, 3, 31)),
        (date(2024, 3, 31), "2024Q1", date(2024, 1, 1), date(2024, 3, 31)),
        (date(2023, 4, 1), "2023Q2", date(2023, 4, 1), date(2023, 6, 30)),
        (date(2023, 12, 31), "2023Q4", date(2023, 10, 1), date(2023, 12, 31)),
    ],
)
def test_a_day_lies_in_one_quarter(day: date, key: str, first: date, last: date) -> None:
    quarter = Quarter.of(day)

    assert (quarter.key, quarter.first, quarter.last) == (key, first, last)
    assert Quarter.read(key) == quarter
    assert quarter.following.former == quarter == quarter.former.following


@pytest.mark.parametrize("text", ["", "2023", "2023Q5", "2023Q0", "23Q1", "Q1", "2023Q11", "２０２３Q1"])
def test_what_names_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        Quarter.read(text)


def test_the_present_quarter_has_come_as_far_as_today() -> None:
    quarter = Quarter(2022, 4)

    assert quarter.until(date(2022, 11, 24)) == date(2022, 11, 24)
    assert quarter.until(date(2023, 2, 1)) == date(2022, 12, 31)


@pytest.mark.parametrize(
    ("per_year", "first", "last"),
    [
        (4, date(2022, 10, 1), date(2022, 12, 31)),
        (2, date(2022, 7, 1), date(2022, 12, 31)),
        (1, date(2022, 1, 1), date(2022, 12, 31)),
        (12, date(2022, 11, 1), date(2022, 11, 30)),
    ],
)
def test_the_period_follows_the_number_of_visits_a_year(per_year: int, first: date, last: date) -> None:
    assert period_of(date(2022, 11, 24), per_year) == (first, last)


def test_periods_do_not_run_over_the_year() -> None:
    assert period_of(date(2024, 2, 29), 4) == (date(2024, 1, 1), date(2024, 3, 31))
    with pytest.raises(ValueError, match="5"):
        period_of(date(2024, 2, 29), 5)


def test_each_tier_is_due_since_its_own_period() -> None:
    relieved = replace(NUMBERS, per_year={"A": 1, "B": 2, "C": 4, "D": 4})

    assert due_since(date(2024, 11, 24), relieved) == {
        "A": date(2024, 1, 1), "B": date(2024, 7, 1), "C": date(2024, 10, 1), "D": date(2024, 10, 1),
    }  # fmt: skip


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert distance_m(39, 116, 40, 116) == pytest.approx(111_195, abs=1)
    assert distance_m(39.5, 116.7, 39.5, 116.7) == 0


@pytest.mark.parametrize(
    ("distance", "accuracy", "told"),
    [
        (200, 5, Near.NEAR),
        (200.1, 0, Near.FAR),
        (260, 60, Near.UNSURE),
        (261, 60, Near.FAR),
        (500, None, Near.FAR),
        (None, 10, Near.UNKNOWN),
    ],
)
def test_a_position_is_judged_with_its_accuracy(distance: float | None, accuracy: float | None, told: Near) -> None:
    assert nearness(distance, accuracy, 200) == told


@pytest.mark.parametrize(
    ("kind", "small", "format", "sheet"),
    [
        ("餐饮服务", "", "学校食堂", "duty_canteen"),
        ("餐饮服务", "", "小型餐馆", "duty_catering"),
        ("三小", "小作坊", "小作坊", "duty_production"),
        ("三小", "小摊点", "小摊点", "duty_catering"),
        ("农贸市场", "", "农贸市场", "duty_sales"),
        ("食品生产", "", "特殊食品生产", "duty_production"),
        ("别的", "", "别的", ""),
    ],
)
def test_a_business_gets_the_sheet_of_its_format(kind: str, small: str, format: str, sheet: str) -> None:
    assert sheet_for(kind, small, format, NUMBERS) == sheet


@pytest.mark.parametrize(
    ("tier", "sheet", "format", "allowed"),
    [
        ("A", "duty_sales", "大型超市", False),
        ("B", "duty_sales", "大型超市", False),
        ("C", "duty_sales", "中型超市", True),
        ("D", "duty_canteen", "托幼机构食堂", False),
        ("D", "duty_production", "特殊食品生产", False),
        ("D", "duty_catering", "小吃店", True),
    ],
)
def test_high_risk_is_seen_on_the_spot(tier: str, sheet: str, format: str, allowed: bool) -> None:
    assert may_be_remote(tier, sheet, format, NUMBERS) is allowed


@pytest.mark.parametrize(
    ("filing", "found"),
    [
        (Filing(False, False, True, ""), []),
        (Filing(True, True, True, ""), []),
        (Filing(True, False, True, ""), [Refusal.REMOTE]),
        (Filing(False, True, False, "  "), [Refusal.ALONE]),
        (Filing(False, True, False, "监管所某某"), []),
        (Filing(True, False, False, ""), [Refusal.REMOTE, Refusal.ALONE]),
    ],
)
def test_who_may_file_how(filing: Filing, found: list[Refusal]) -> None:
    assert refusals(filing, NUMBERS) == found


def test_a_city_may_let_the_untrained_go_alone() -> None:
    assert refusals(Filing(False, True, False, ""), replace(NUMBERS, needs_training=False)) == []


def test_a_training_counts_for_so_many_months() -> None:
    yearly = replace(NUMBERS, training_months=12)

    assert trained_since(date(2023, 11, 24), yearly) == date(2022, 11, 24)
    assert trained_since(date(2024, 2, 29), yearly) == date(2023, 2, 28)
    assert trained_since(date(2024, 2, 29), NUMBERS) == date.min
    assert months_before(date(2024, 1, 31), 2) == date(2023, 11, 30)
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)


def test_reminders_come_earlier_first() -> None:
    assert reminder_days(date(2022, 12, 31), (10, 30, 3)) == [
        date(2022, 12, 1), date(2022, 12, 21), date(2022, 12, 28),
    ]  # fmt: skip
    assert close_day(Quarter(2022, 4), NUMBERS) == date(2023, 1, 10)


@pytest.mark.parametrize("wrong", [{"visits_per_year": {"A": 5, "B": 4, "C": 4, "D": 4}}])
def test_numbers_that_contradict_themselves_are_refused(wrong: dict[str, object]) -> None:
    told = yaml.safe_load(PACK.read_text(encoding="utf-8"))["versions"][0]

    with pytest.raises(ValueError, match=r"year"):
        read_numbers({**told, **wrong})
