"""The standard pack: what it holds, that it is bound, and that the workbook says the same."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from python_calamine import CalamineWorkbook

from shian.engine.measures.declarations import all_measures

PACKS = Path(__file__).parents[2] / "packs"


@cache
def load(path: str) -> Any:
    return yaml.load((PACKS / path).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@pytest.fixture(scope="module")
def standard() -> Any:
    return load("criteria/2021.yaml")


@pytest.fixture(scope="module")
def items(standard: Any) -> list[Any]:
    return [item for s in standard["sections"] for point in s["points"] for item in point["indicators"]]


def test_standard_has_six_sections_and_94_items(standard: Any, items: list[Any]) -> None:
    assert len(standard["sections"]) == 6
    assert len(items) == 94
    assert len({item["code"] for item in items}) == 94


def test_channels_of_the_reconstruction_stand_beside_the_declared_ones(standard: Any, items: list[Any]) -> None:
    channels = Counter(item["primary_channel"] for item in items)

    assert channels == standard["meta"]["obtained"]["primary_channel"]
    declared = standard["meta"]["declared"]
    assert (declared["points"], declared["document"], declared["field"], declared["unstated"]) == (36, 45, 39, 10)


def test_every_item_has_a_gist_and_known_departments(standard: Any, items: list[Any]) -> None:
    codes = {row["code"] for row in standard["departments"]}

    for item in items:
        assert item["gist"], item["code"]
        assert set(item["lead"]) | set(item["responsible"]) <= codes, item["code"]


def test_only_the_smuggling_item_has_an_inferred_lead(items: list[Any]) -> None:
    assert [item["code"] for item in items if item["lead_inferred"]] == ["1.9.3"]


def test_five_vetoes_concern_the_city_only(items: list[Any]) -> None:
    vetoes = [item for item in items if "veto" in item]

    assert [item["code"] for item in vetoes] == ["6.0.1", "6.0.2", "6.0.3", "6.0.4", "6.0.5"]
    assert all(item["applicable_levels"] == ["city"] for item in vetoes)
    assert [item["veto"]["lookback_months"] for item in vetoes[1:3]] == [36, 36]


def test_each_of_48_measures_is_bound_or_says_why_not(items: list[Any]) -> None:
    keys = [row["key"] for item in items for row in item.get("measures", [])]
    bindings = load("criteria/2021-bindings.yaml")["bindings"]

    assert len(keys) == 48
    assert set(bindings) == set(keys)
    for key, line in bindings.items():
        assert ("measure" in line) != ("unknown_reason" in line), key


def test_bindings_and_supporting_figures_name_declared_measures(items: list[Any]) -> None:
    loaded = load("criteria/2021-bindings.yaml")
    named = [line["measure"] for line in loaded["bindings"].values() if "measure" in line]
    named += [row["measure"] for rows in loaded["supporting"].values() for row in rows]

    assert set(loaded["supporting"]) <= {item["code"] for item in items}
    assert not set(named) - set(all_measures())


def test_weights_add_up_to_120_and_are_marked_illustrative() -> None:
    scoring = load("parameters/scoring-2021.yaml")

    assert scoring["illustrative"] is True
    assert sum(scoring["sections"].values()) == scoring["total"] == 120
    assert scoring["sections"][6] == 0


def test_county_plan_reports_exactly_the_smuggling_clause_as_without_lead() -> None:
    plan = load("criteria/weixian-plan.yaml")
    without_lead = [clause for clause in plan["clauses"] if not clause["lead"]]
    without_responsible = [clause for clause in plan["clauses"] if not clause["responsible"]]

    assert plan["meta"]["counts"] == {"clauses": 74, "both": 72, "no_lead": 1, "no_responsible": 1}
    assert len(plan["clauses"]) == 74
    assert [clause["title"] for clause in without_lead] == ["走私食品查处"]
    assert [clause["title"] for clause in without_responsible] == ["职业化检查队伍"]


def test_workbook_has_the_same_items_and_measures(items: list[Any]) -> None:
    book = CalamineWorkbook.from_path(PACKS / "criteria" / "2021.xlsx")
    rows = book.get_sheet_by_name("评价内容").to_python()
    measures = book.get_sheet_by_name("量化指标").to_python()

    assert [str(row[4]) for row in rows[1:]] == [item["code"] for item in items]
    assert len(measures) - 1 == 48


def test_names_inside_lists_do_not_contain_the_list_mark(items: list[Any]) -> None:
    for item in items:
        for name in [*item["evidence"], *item.get("field_sites", [])]:
            assert "、" not in name, item["code"]
