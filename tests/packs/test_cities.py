"""City packs: rows fit their ledgers, figures are complete, checks say what the published figures give."""

import ast
import datetime
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

PACKS = Path(__file__).parents[2] / "packs"
CITIES = ["langfang", "qianjin", "qinhuangdao", "weixian"]
KINDS = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "date": datetime.date, "year": int}
KINDS |= dict.fromkeys(("text", "uri", "geopoint", "image", "file"), str)
DAY_OF_THE_DEMO = re.compile(r"today(?:[-+]\d+d)?")
REGISTERS = (
    "areas.", "duty_", "operators.", "organisations.", "standard.", "problems.", "inspections.", "check_points.",
    "field_visits.", "field_problems.", "field_filings.", "market.", "producer.", "certificate.", "selfcontrol.",
)  # fmt: skip


@cache
def load(path: str) -> Any:
    return yaml.load((PACKS / path).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def city_rows(city: str) -> Any:
    """The ledgers of a city, over all its files."""
    files = sorted((PACKS / "cities" / city).glob("ledgers*.yaml"))
    return {key: wish for path in files for key, wish in load(f"cities/{city}/{path.name}").items()}


LEDGERS = {path.stem: load(f"ledgers/{path.name}") for path in sorted((PACKS / "ledgers").glob("*.yaml"))}
MEASURES = {measure["key"] for ledger in LEDGERS.values() for measure in ledger["measures"]}
ROWS = [(city, key) for city in CITIES for key in city_rows(city)]


@pytest.mark.parametrize(("city", "key"), ROWS)
def test_rows_fit_their_ledger(city: str, key: str) -> None:
    fields = {field["name"]: field for field in LEDGERS[key]["fields"]}
    required = {name for name, field in fields.items() if field.get("constraints", {}).get("required")}
    rows = city_rows(city)[key].get("rows", [])
    keys = [tuple(str(row.get(name)) for name in LEDGERS[key]["key_fields"]) for row in rows]

    assert len(keys) == len(set(keys))
    for row in rows:
        assert required <= set(row), row
        for name, value in row.items():
            is_relative = fields[name]["type"] == "date" and DAY_OF_THE_DEMO.fullmatch(str(value))
            assert is_relative or isinstance(value, KINDS[fields[name]["type"]]), (name, value)
            assert value in fields[name].get("constraints", {}).get("enum", [value]), (name, value)


@pytest.mark.parametrize(("city", "key"), ROWS)
def test_groups_fit_their_ledger(city: str, key: str) -> None:
    fields = {field["name"]: field for field in LEDGERS[key]["fields"]}
    for group in city_rows(city)[key].get("groups", []):
        named = {name for part in ("set", "dates", "total", "each", "text", "each_of") for name in group.get(part, {})}
        assert named <= set(fields)
        for name, value in group["set"].items():
            assert value in fields[name].get("constraints", {}).get("enum", [value]), (name, value)


@pytest.mark.parametrize("city", CITIES)
def test_bound_figures_name_declared_measures(city: str) -> None:
    for key, figure in load(f"cities/{city}/figures.yaml").items():
        assert figure["status"] in {"bound", "later", "outside"}, key
        assert figure["published"]["source"], key
        if figure["status"] == "bound":
            assert figure["measure"] in MEASURES or figure["measure"].startswith(REGISTERS), key
        else:
            assert "part" in figure or "reason" in figure, key


def test_langfang_lists_187_figures_and_binds_105_of_130_exact_ones() -> None:
    figures = load("cities/langfang/figures.yaml")
    exact = [figure for figure in figures.values() if figure["published"]["qualifier"] == "exact"]

    assert len(figures) == 187
    assert len(exact) == 130
    assert Counter(figure["status"] for figure in exact) == {"bound": 105, "later": 25}


def test_published_figures_give_the_expected_result_of_every_check() -> None:
    figures = load("cities/langfang/figures.yaml")
    published = {key: figure["published"]["value"] for key, figure in figures.items()}
    for check in load("cities/langfang/checks.yaml")["checks"]:
        left, right = computed(check["expr"], published), computed(check.get("rhs", 0), published)
        holds = {"==": left == right, ">=": left >= right, "<=": left <= right, "info": None}[check["op"]]
        assert check["expected"] == {True: "satisfied", False: "violated", None: "informational"}[holds], check["id"]


def test_inconsistencies_concern_listed_figures() -> None:
    loaded = load("cities/langfang/checks.yaml")
    figures = load("cities/langfang/figures.yaml")
    known = {row["id"] for row in loaded["inconsistencies"]}

    assert all(set(row["figures"]) <= set(figures) for row in loaded["inconsistencies"])
    assert {check["inconsistency"] for check in loaded["checks"] if "inconsistency" in check} <= known


@pytest.mark.parametrize("city", CITIES)
def test_every_department_of_the_standard_has_somebody(city: str) -> None:
    codes = {row["code"] for row in load("criteria/2021.yaml")["departments"]}
    loaded = load(f"cities/{city}/departments.yaml")
    general = [row["department"] for row in loaded["map"] if "points" not in row and "items" not in row]
    groups = [row["department"] for row in loaded["groups"]]

    assert sorted([*general, *groups]) == sorted(codes)


def test_bureau_sections_share_every_point_and_no_other() -> None:
    points = {
        point["no"] for section in load("criteria/2021.yaml")["sections"] for point in section["points"]
    }  # fmt: skip
    found = [city for city in CITIES if (PACKS / f"cities/{city}/bureau_sections.yaml").exists()]
    assert found == ["langfang"]
    for city in found:
        loaded = load(f"cities/{city}/bureau_sections.yaml")
        shared = {point for line in loaded["sections"] for point in line["points"]}
        names = [line["name"] for line in loaded["sections"]]

        assert loaded["area"] == load(f"cities/{city}/city.yaml")["area"]
        assert shared <= points
        assert len(names) == len(set(names))
        assert loaded["basis"]


def test_no_pack_speaks_of_its_making() -> None:
    for path in sorted(PACKS.glob("**/*.yaml")):
        if path.name != "city.yaml":
            words = path.read_text(encoding="utf-8").lower()
            assert " seed" not in words, path.name


def test_food_classes_are_the_34_of_sampling() -> None:
    entries = load("dictionaries/food_classes.yaml")["entries"]

    assert len(entries) == 34
    assert len({entry["code"] for entry in entries}) == 34


def test_formats_have_a_known_kind_and_stage() -> None:
    kinds = {entry["name"] for entry in load("dictionaries/operator_kinds.yaml")["entries"]}
    stages = {entry["name"] for entry in load("dictionaries/stages.yaml")["entries"]}
    for entry in load("dictionaries/formats.yaml")["entries"]:
        assert entry["kind"] in kinds
        assert entry["stage"] in stages


def computed(expression: Any, values: dict[str, float]) -> float:
    return _value(ast.parse(str(expression), mode="eval").body, values)


def _value(node: ast.expr, values: dict[str, float]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return {"abs": abs, "round": round}[node.func.id](*(_value(argument, values) for argument in node.args))
    assert isinstance(node, ast.BinOp)
    left, right = _value(node.left, values), _value(node.right, values)
    operator = type(node.op)
    return (
        left / right
        if operator is ast.Div
        else {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}[operator]
    )
