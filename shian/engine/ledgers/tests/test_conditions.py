"""Conditions: the same answer in Python and in words; values always bound in SQL."""

from decimal import Decimal

import pytest

from shian.engine.ledgers.conditions import (
    Condition,
    ConditionInvalid,
    condition_sql,
    conditions_text,
    fields_of,
    holds,
    parse_conditions,
)

ROW = {"kind": "事故", "amount": Decimal("2.5"), "from": "2022-01-01", "to": "2022-02-01", "empty": "", "flag": False}
ROW |= {"heads": 20, "passed": 18, "condemned": 2}


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ({}, True),
        ({"kind": "事故"}, True),
        ({"kind": ["事件", "事故"]}, True),
        ({"kind": {"ne": "事故"}}, False),
        ({"amount": {"gt": 2, "le": 2.5}}, True),
        ({"amount": {"lt": 2.5}}, False),
        ({"to": {"ge_field": "from"}}, True),
        ({"from": {"gt_field": "to"}}, False),
        ({"empty": {"not_null": True}}, False),
        ({"empty": {"not_null": False}}, True),
        ({"empty": {"ne": "x"}}, False),
        ({"amount": {"ge_field": "missing"}}, False),
        ({"flag": False}, True),
        ({"heads": {"eq_sum": ["passed", "condemned"]}}, True),
        ({"heads": {"eq_sum": ["passed", "empty"]}}, False),
        ({"heads": {"gt_sum": ["condemned", "missing"]}}, True),
        ({"missing": {"eq_sum": ["condemned"]}}, False),
    ],
)
def test_conditions_hold_for_typed_values(raw, answer):
    assert holds(parse_conditions(raw, with_sums=True), ROW) is answer


def test_an_unknown_operator_is_named():
    with pytest.raises(ConditionInvalid, match="about"):
        parse_conditions({"amount": {"about": 3}})


def test_values_are_bound_and_never_text_of_the_statement():
    conditions = parse_conditions({"kind": "'; DROP TABLE x; --", "amount": {"gt": 1}, "to": {"ge_field": "from"}})

    sql, values = condition_sql(conditions, {name: f"t.{name}" for name in fields_of(conditions)})

    assert sql == "t.kind = %s AND t.amount > %s AND t.to >= t.from"
    assert values == ["'; DROP TABLE x; --", 1]


def test_a_sum_names_its_fields_and_counts_an_empty_one_as_zero():
    conditions = parse_conditions({"heads": {"eq_sum": ["passed", "condemned"]}}, with_sums=True)

    assert fields_of(conditions) == {"heads", "passed", "condemned"}
    assert condition_sql(conditions, {name: f"t.{name}" for name in fields_of(conditions)}) == (
        "t.heads = (COALESCE(t.passed, 0) + COALESCE(t.condemned, 0))",
        [],
    )
    titles = {"heads": "进厂", "passed": "合格", "condemned": "病害"}
    assert conditions_text(conditions, titles) == "进厂为合格与病害之和"


def test_a_sum_needs_a_list_and_stands_in_checks_only():
    with pytest.raises(ConditionInvalid, match="eq_sum takes a list"):
        parse_conditions({"heads": {"eq_sum": "passed"}}, with_sums=True)
    with pytest.raises(ConditionInvalid, match="sums stand in checks only"):
        parse_conditions({"heads": {"eq_sum": ["passed"]}})


def test_a_list_becomes_one_array():
    assert condition_sql((Condition("kind", "in", ("a", "b")),), {"kind": "t.kind"}) == (
        "t.kind = ANY(%s)",
        [["a", "b"]],
    )


def test_conditions_read_as_words():
    text = conditions_text(
        parse_conditions({"kind": ["a", "b"], "amount": {"gt": 10}, "to": {"not_null": True}, "flag": True}),
        {"kind": "类别", "amount": "金额", "to": "停用日期", "flag": "公开"},
        {"a": "甲"},
    )

    assert text == "类别为甲、b之一，且金额大于10，且停用日期已填，且公开为是"
