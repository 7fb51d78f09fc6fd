"""Tiers by size, at the edges of each threshold, and what is raised."""

from datetime import date
from decimal import Decimal

import pytest

from shian.domains.duties.queries.standards import tier_rules_at
from shian.domains.duties.rules.tiers import Facts, industry_of, read_rules, tier_of

RULES = tier_rules_at(date(2022, 11, 24))
PLANT = {"kind": "食品生产", "format": "中型食品生产企业"}
SHOP = {"kind": "食品销售", "format": "中型超市"}
SCHOOL = {"kind": "餐饮服务", "format": "学校食堂"}


@pytest.mark.parametrize(
    ("facts", "employees", "output", "letter"),
    [
        (PLANT, 1000, 40000, "A"),
        (PLANT, 999, 40000, "B"),
        (PLANT, 1000, 39999, "B"),
        (PLANT, 300, 2000, "B"),
        (PLANT, 299, 2000, "C"),
        (PLANT, 20, 300, "C"),
        (PLANT, 20, 299, "D"),
        (PLANT, 5000, None, "D"),
        (PLANT, None, 90000, "D"),
        (SHOP, 300, 20000, "A"),
        (SHOP, 50, 500, "B"),
        (SHOP, 10, 100, "C"),
        (SHOP, 9, 100, "D"),
    ],
)
def test_the_lower_class_counts_where_either_number_falls_short(facts, employees, output, letter) -> None:
    size = None if output is None else Decimal(output)

    assert tier_of(Facts(**facts, employees=employees, output=size), RULES).letter == letter


@pytest.mark.parametrize(
    ("kind", "small_kind", "name", "industry"),
    [
        ("食品销售", "", "食品批发商", "wholesale"),
        ("农贸市场", "", "农贸市场", "wholesale"),
        ("食品生产", "", "特殊食品生产", "manufacture"),
        ("三小", "小作坊", "小作坊", "manufacture"),
        ("三小", "小餐饮", "小餐饮", "catering"),
        ("三小", "小摊点", "小摊点", "retail"),
        ("食品销售", "", "便利店", "retail"),
    ],
)
def test_industry_follows_format_before_kind(kind, small_kind, name, industry) -> None:
    assert industry_of(Facts(kind, name, small_kind), RULES) == industry


def test_what_is_dangerous_is_raised_at_most_to_the_top() -> None:
    special = {"kind": "食品生产", "format": "特殊食品生产"}

    one, two = (
        Facts(**special, employees=300, output=Decimal(2000)),
        Facts(**special, employees=1000, output=Decimal(40000)),
    )

    assert tier_of(one, RULES).letter == "A"
    assert tier_of(one, RULES).reason == "工业中型，特殊食品生产上调"
    assert tier_of(two, RULES).letter == "A"
    assert tier_of(two, RULES).reason == "工业大型"


@pytest.mark.parametrize(("diners", "letter"), [(499, "C"), (500, "B"), (999, "B"), (1000, "A"), (None, "C")])
def test_a_school_canteen_goes_by_its_diners(diners, letter) -> None:
    assert tier_of(Facts(**SCHOOL, employees=8, output=Decimal(50), diners=diners), RULES).letter == letter


def test_what_is_unknown_is_told() -> None:
    assert tier_of(Facts(**SHOP, employees=40), RULES).reason == "零售微型（缺从业人数或产值）"


def test_a_pack_with_rising_thresholds_is_refused() -> None:
    told = {
        "version": "x", "basis": "", "confidence": "L", "sizes": {}, "raised": {}, "diners": {"formats": []},
        "industries": {"retail": {"title": "零售", "A": [10, 100], "B": [50, 500], "C": [10, 100]}},
        "industry_of": [{"industry": "retail"}],
    }  # fmt: skip

    with pytest.raises(ValueError, match="do not fall"):
        read_rules(told)
