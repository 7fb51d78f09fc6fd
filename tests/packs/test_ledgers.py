"""Ledger declarations: well-formed, consistent in themselves, keys unique over all files."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "packs" / "ledgers"
FILES = sorted(FOLDER.glob("*.yaml"))
TYPES = {"string", "text", "uri", "geopoint", "image", "file", "integer", "number", "boolean", "date", "year"}
AGGREGATES = {"count", "sum", "distinct", "min", "max", "latest", "longest_run"}
PERIOD = re.compile(r"none|year|campaign|range|lookback:\d+m")
CHINESE = re.compile(r"[\u3400-\u9fff]")
REGISTER_MEASURES = {"areas.townships", "areas.population", "operators.caterers"}
REGISTER_MEASURES |= {"operators.school_canteens", "operators.group_meals", "operators.central_kitchens"}


def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


DECLARED = {path.stem: load(path) for path in FILES}
MEASURES = [measure for ledger in DECLARED.values() for measure in ledger["measures"]]


def conditions(where: dict[str, Any] | None) -> set[str]:
    named = set(where or {})
    for value in (where or {}).values():
        if isinstance(value, dict):
            named |= {str(other) for operator, other in value.items() if operator.endswith("_field")}
            named |= {name for operator, others in value.items() if operator.endswith("_sum") for name in others}
    return named


@pytest.mark.parametrize("key", DECLARED)
def test_declaration_names_only_its_own_fields(key: str) -> None:
    ledger = DECLARED[key]
    names = {field["name"] for field in ledger["fields"]}
    mentioned = {*ledger["key_fields"], *ledger["public_fields"], ledger["area"]}
    mentioned |= {ledger[role] for role in ("operator", "organisation", "occurs_on") if role in ledger}
    mentioned |= set(ledger.get("valid", {}).values())
    for check in ledger.get("checks", []):
        mentioned |= conditions(check.get("if")) | conditions(check["then"])

    assert ledger["key"] == key
    assert len(names) == len(ledger["fields"])
    assert mentioned <= names
    assert {field["type"] for field in ledger["fields"]} <= TYPES


@pytest.mark.parametrize("key", DECLARED)
def test_titles_are_unique_headings(key: str) -> None:
    fields = DECLARED[key]["fields"]
    headings = Counter(title for field in fields for title in [field["title"], *field.get("aliases", [])])

    assert all(times == 1 for times in headings.values())


@pytest.mark.parametrize("key", DECLARED)
def test_everything_that_is_shown_has_english_words(key: str) -> None:
    """An empty `unit_en` says that English has no word for the unit; a missing one that nobody thought of it."""
    ledger = DECLARED[key]
    shown = [ledger, *ledger["fields"], *ledger["measures"], *filter(None, [ledger.get("expected")])]
    shown += ledger.get("states", [])

    untitled = [each["title"] for each in shown if not each.get("title_en", "").strip()]
    unitless = [each["title"] for each in shown if each.get("unit") and "unit_en" not in each]
    chinese = [text for each in shown for text in (each["title_en"], each.get("unit_en", "")) if CHINESE.search(text)]

    assert (untitled, unitless, chinese) == ([], [], [])


@pytest.mark.parametrize("key", DECLARED)
def test_english_titles_are_unique_headings_too(key: str) -> None:
    """The importer takes a heading in either language: one may not mean two fields."""
    claimed: dict[str, set[str]] = {}
    for field in DECLARED[key]["fields"]:
        for heading in (field["title"], field["title_en"], *field.get("aliases", [])):
            claimed.setdefault(heading.lower(), set()).add(field["name"])

    assert {heading: names for heading, names in claimed.items() if len(names) > 1} == {}


@pytest.mark.parametrize("key", DECLARED)
def test_key_fields_are_required(key: str) -> None:
    required = {field["name"] for field in DECLARED[key]["fields"] if field.get("constraints", {}).get("required")}

    assert set(DECLARED[key]["key_fields"]) <= required


@pytest.mark.parametrize("key", DECLARED)
def test_measures_can_be_computed(key: str) -> None:
    ledger = DECLARED[key]
    names = {field["name"] for field in ledger["fields"]}
    for measure in ledger["measures"]:
        assert measure["key"].startswith(f"{key}.")
        assert PERIOD.fullmatch(measure["period"]), measure["key"]
        assert set(measure["levels"]) <= {"city", "county", "township", "village"}
        assert ("formula" in measure) != ("aggregate" in measure), measure["key"]
        if "aggregate" in measure:
            assert measure["aggregate"] in AGGREGATES
            assert conditions(measure.get("where")) <= names
            assert measure["aggregate"] == "count" or measure["column"] in names


def test_measure_keys_are_unique() -> None:
    assert all(times == 1 for times in Counter(measure["key"] for measure in MEASURES).values())


def test_formulas_and_wholes_refer_to_measures() -> None:
    known = {measure["key"] for measure in MEASURES} | REGISTER_MEASURES
    for measure in MEASURES:
        used = set(re.findall(r"[a-z_]+\.[a-z0-9_]+", measure.get("formula", "")))
        used |= {measure["whole"]["measure"]} if "measure" in measure.get("whole", {}) else set()
        assert used <= known, measure["key"]


def test_conditions_use_values_that_the_field_allows() -> None:
    for ledger in DECLARED.values():
        allowed = {f["name"]: f.get("constraints", {}).get("enum") for f in ledger["fields"]}
        for measure in ledger["measures"]:
            for name, value in measure.get("where", {}).items():
                values = value if isinstance(value, list) else [value]
                if allowed[name] and not isinstance(value, dict):
                    assert set(values) <= set(allowed[name]), measure["key"]
