"""The two faces of a form: what ODK demands of an XForm, and the JSON of a browser's form."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from shian.engine.forms.definition import Definition
from shian.engine.forms.packs import packed_forms
from shian.engine.forms.surveyjs import survey_of
from shian.engine.forms.tests.sheets import ITEMS, sheet
from shian.engine.forms.xform import SUMS, xform_of

NS = {
    "h": "http://www.w3.org/1999/xhtml", "x": "http://www.w3.org/2002/xforms", "o": "http://openrosa.org/xforms",
    "j": "http://openrosa.org/javarosa", "k": "http://www.opendatakit.org/xforms",
}  # fmt: skip
ASKED = [
    {"type": "start", "name": "start"},
    *ITEMS,
    {"type": "select_one_from_file operators.csv", "name": "operator", "label": "对象", "required": "yes"},
    {
        "type": "text",
        "name": "why",
        "label": "为什么 <b>",
        "relevant": "selected(${licence}, 'fail') and ${expired} != ''",
    },
    {"type": "begin repeat", "name": "people", "label": "人员"},
    {"type": "integer", "name": "age", "label": "年龄", "constraint": ". > 15 and ${expired} < 9"},
    {"type": "text", "name": "guardian", "label": "监护人", "relevant": "${age} < 18"},
    {"type": "end repeat"},
]


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


def paths(node: ET.Element, path: str = "") -> list[str]:
    own = f"{path}/{local(node.tag)}"
    return [own, *(each for child in node for each in paths(child, own))]


def forms() -> list[Definition]:
    return [sheet(ASKED), *list(packed_forms())[::8]]


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.key)
def test_an_xform_holds_together(form: Definition) -> None:
    root = ET.fromstring(xform_of(form))
    (instance,) = [each for each in root.findall(".//x:model/x:instance", NS) if each.get("id") is None]
    known, data = set(paths(instance[0])), instance[0]

    assert (data.get("id"), data.get("version")) == (form.key, form.version or None)
    assert "/data/meta/instanceID" in known
    binds = {bind.get("nodeset"): bind for bind in root.findall(".//x:bind", NS)}
    assert set(binds) <= known
    assert binds["/data/meta/instanceID"].get(f"{{{NS['j']}}}preload") == "uid"
    refs = {each.get("ref") for each in root.find("h:body", NS).iter() if (each.get("ref") or "").startswith("/data")}
    assert refs <= known
    lists = {each.get("id") for each in root.findall(".//x:instance", NS)}
    for itemset in root.iter(f"{{{NS['x']}}}itemset"):
        assert itemset.get("nodeset").split("'")[1] in lists
    names = [each.name for each in form.walk() if each.type not in {"group", "repeat"}]
    assert {name.rpartition("/")[2] for name in known} >= {*names, *SUMS}


def test_the_score_is_hidden_but_told_in_a_note() -> None:
    root = ET.fromstring(xform_of(sheet(ASKED)))
    shown = {each.get("ref") for each in root.find("h:body", NS).iter() if each.get("ref")}

    assert "/data/shian_told" in shown
    assert not shown & {f"/data/{name}" for name in SUMS}
    binds = {bind.get("nodeset"): bind for bind in root.findall(".//x:bind", NS)}
    assert "/data/shian_e_licence" in binds["/data/shian_earned"].get("calculate")


def test_a_list_of_entities_comes_from_a_file_of_its_own() -> None:
    root = ET.fromstring(xform_of(sheet(ASKED)))

    sources = {each.get("id"): each.get("src") for each in root.findall(".//x:instance", NS)}
    assert sources["operators"] == "jr://file-csv/operators.csv"


def elements(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {}
    edge = list(told["pages"][0]["elements"])
    while edge:
        each = edge.pop()
        found[each["name"]] = each
        edge += each.get("elements", []) + each.get("templateElements", [])
    return found


def test_the_page_asks_what_the_form_asks() -> None:
    form = sheet(ASKED)
    told = survey_of(form)
    found = elements(told)

    silent = {"start"}
    assert set(found) == {each.name for each in form.walk()} - silent
    assert told["metadata"] == {"start": "start"}
    assert found["licence"]["points"] == 40
    assert found["licence"]["keyItem"] is True
    assert [each["value"] for each in found["licence"]["choices"]] == ["pass", "part", "fail", "na"]
    assert found["operator"] == {
        "name": "operator", "title": "对象", "isRequired": True, "type": "dropdown", "dataset": "operators",
        "choices": [],
    }  # fmt: skip
    assert found["records_photo"]["visibleIf"] == "(({records} = 'part') or ({records} = 'fail'))"


def test_expressions_are_told_in_the_words_of_the_page() -> None:
    found = elements(survey_of(sheet(ASKED)))

    assert found["why"]["visibleIf"] == "(({licence} = 'fail') and ({expired} notempty))"
    assert found["guardian"]["visibleIf"] == "({panel.age} < 18)"
    assert found["age"]["validators"][0]["expression"] == "(({panel.age} > 15) and ({expired} < 9))"
    assert found["hygiene_photo"]["visibleIf"] == "(({hygiene} contains 'dust') or ({hygiene} contains 'flies'))"


def test_the_page_counts_the_same_sums() -> None:
    names = [each["name"] for each in survey_of(sheet(ASKED))["calculatedValues"]]

    assert names[-4:] == list(SUMS)
    assert "shian_e_hygiene" in names


def test_markup_in_a_note_is_text() -> None:
    form = sheet([{"type": "note", "name": "n", "label": "<script>alert(1)</script>"}])

    assert elements(survey_of(form))["n"]["html"] == "&lt;script&gt;alert(1)&lt;/script&gt;"


def test_a_sheet_of_sixty_items_converts_whole() -> None:
    """The last rows bring headings of their own: sums, and a condition that nothing before them has."""
    items = [{**ITEMS[0], "name": f"item{number}", "points": 1} for number in range(60)]
    last = {
        "type": "text",
        "name": "last",
        "label": "最后",
        "relevant": "${item59} = 'fail'",
        "appearance": "multiline",
    }

    root = ET.fromstring(xform_of(sheet([*items, last])))

    binds = {bind.get("nodeset", "").rpartition("/")[2]: bind for bind in root.iter(f"{{{NS['x']}}}bind")}
    assert {f"item{number}" for number in range(60)} | {*SUMS} <= set(binds)
    assert "item59" in binds["last"].get("relevant", "")
    assert "shian_e_item59" in binds[SUMS[0]].get("calculate", "")
