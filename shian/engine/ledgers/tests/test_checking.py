"""A declaration is checked line by line."""

import textwrap
from pathlib import Path

import pytest
from django.conf import settings

from shian.engine.ledgers.checking import faults_in
from shian.engine.ledgers.tests.test_declarations import GOOD

GUIDE = Path(settings.SHIAN_PACKS).parent / "docs" / "ledger-guide.md"
SHIPPED = sorted((Path(settings.SHIAN_PACKS) / "ledgers").glob("*.yaml"))


def checked(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    path = tmp_path / "things.yaml"
    path.write_text(text, encoding="utf-8")
    return [(each.line, each.text) for each in faults_in(path, lambda _ledger: iter(()))]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_ledger_is_in_order(path):
    assert faults_in(path, lambda _ledger: iter(())) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("constraints: {required: true}", "constraints: {requird: true}", 8, "requird"),
        ("title: 停用日期, type: date", "title: 停用日期, type: day", 11, "fields.until.type"),
        ("title: 停用日期", "title: 启用日期", 11, "启用日期"),
        ("{ge_field: since}", "{about: since}", 15, "about"),
        ("valid: {from: since, to: until}", "valid: {from: since, to: code}", 6, "valid"),
        ("area: area_code", "area: place", 5, "place"),
        ("title: 物品台账", "title: [物品", 4, "YAML"),
        ("checks:", "states:\n  - {title: 过期, tone: due}\n  - {title: 正常, tone: green}\nchecks:", 16, "green"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, line, said):
    (found,) = checked(tmp_path, GOOD.replace(old, new))

    assert said in found[1]
    assert found[0] == line


def test_all_mistakes_of_fields_are_told_at_once(tmp_path):
    text = GOOD.replace("type: date", "type: day").replace("type: year", "type: decade")

    assert [line for line, _text in checked(tmp_path, text)] == [10, 11, 12]


def test_the_example_of_the_guide_is_in_order_and_a_wrong_formula_in_it_is_told(tmp_path):
    example = textwrap.dedent(GUIDE.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0])

    assert checked(tmp_path, example) == []
    ((line, text),) = checked(tmp_path, example.replace("formula: working", "formula: workng"))
    assert "workng" in text
    assert "formula: workng" in example.replace("formula: working", "formula: workng").splitlines()[line - 1]
