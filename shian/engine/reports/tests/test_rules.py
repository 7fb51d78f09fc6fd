from datetime import date
from decimal import Decimal

import pytest

from shian.engine.reports.rules import (
    date_in_prose,
    figure_in_prose,
    may_follow,
    ordinal_in_prose,
    period_for,
    requirement_in_prose,
    signs_in_prose,
    unbound_numbers,
)


def test_a_figure_without_value_is_never_invented():
    assert figure_in_prose(None, "家", None, "在册主体") == "〔待补充：在册主体〕"
    assert figure_in_prose(Decimal("87.5"), "分", 2, "得分", "（示例权重）") == "87.5分（示例权重）"


def test_dates_and_ordinals_read_as_in_official_prose():
    assert date_in_prose(date(2022, 1, 5)) == "2022年1月5日"
    assert [ordinal_in_prose(number) for number in (1, 9, 10, 11, 20, 21)] == [
        "一是", "九是", "十是", "十一是", "二十是", "二十一是",
    ]  # fmt: skip


def test_a_requirement_reads_in_words():
    told = [requirement_in_prose(text) for text in (">=80分", "<=3起", ">98%", "<5吨", "=0起", "从严")]

    assert told == ["不低于80分", "不超过3起", "高于98%", "低于5吨", "为0起", "从严"]


def test_signs_of_comparison_read_as_printed():
    assert signs_in_prose(">=80分，<=3起") == "≥80分，≤3起"


@pytest.mark.parametrize(
    ("expression", "period"),
    [("year", "2022"), ("year-3", "2019"), ("year + 1", "2023"), ("2020S1", "2020S1"), ("", "")],
)
def test_periods_may_be_relative_to_the_as_of_date(expression, period):
    assert period_for(expression, date(2022, 11, 24)) == period


def test_an_unreadable_relative_period_is_refused():
    with pytest.raises(ValueError, match="yearly"):
        period_for("yearly", date(2022, 11, 24))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("在册主体64098家", ["64098"]),
        ("共9.78%", ["9.78"]),
        ("全角６４０家", ["６４０"]),
        ("评价内容九十四项", ["九十四"]),
        ("自2022年10月16日至11月24日", []),
        ("（2021年版）", []),
        ("国发〔2021〕15号第34条、GB 2763—2021", []),
        ("1.对账销号", []),
        ("（12）其他", []),
        ("三种方法、一级抓一级", []),
    ],
)
def test_unbound_numbers_are_found_outside_dates_and_numbering(text, found):
    assert unbound_numbers(text) == found


def test_an_allowed_word_holds_its_numeral():
    assert unbound_numbers("“十四五”规划", ("十四五",)) == []


def test_states_follow_each_other_and_publication_is_final():
    assert may_follow("draft", "checked")
    assert not may_follow("draft", "signed")
    assert not may_follow("draft", "published")
    assert may_follow("signed", "draft")
    assert not may_follow("published", "draft")
