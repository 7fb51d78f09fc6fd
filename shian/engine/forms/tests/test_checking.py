"""Workbooks: what becomes of a good one, and each fault with its sheet, row, column and remedy."""

import io
import json
from typing import Any

import pytest

from shian.engine.forms.checking import check_sheets
from shian.engine.forms.definition import definition_of
from shian.engine.forms.faults import Fault, FormRefused
from shian.engine.forms.packs import packed_forms
from shian.engine.forms.question_types import REFUSED, SUPPORTED
from shian.engine.forms.sheets import SheetsUnreadable, read_workbook, workbook_of
from shian.engine.forms.tests.sheets import ITEMS, sheet, sheets, workbook
from shian.engine.forms.xform import xform_of

TEXT = {"type": "text", "name": "remark", "label": "备注"}


def faults(survey: list[dict[str, Any]], **more: Any) -> list[Fault]:
    with pytest.raises(FormRefused) as refusal:
        check_sheets(sheets(survey, **more))
    return refusal.value.faults


def test_a_workbook_becomes_a_definition_with_photos_and_reasons() -> None:
    form = check_sheets(read_workbook(workbook()))

    assert (form.key, form.title, form.full, len(form.items)) == ("open_T1", "试验打分表", 100, 4)
    assert [each.name for each in form.walk()][:4] == ["licence", "licence_photo", "licence_note", "licence_reason"]
    by_name = {each.name: each for each in form.walk()}
    assert by_name["records_photo"].required
    assert not by_name["licence_photo"].required
    assert by_name["records_reason"].required
    assert by_name["records_reason"].relevant == "selected(${records}, 'na')"
    assert by_name["expired"].each == "5"
    assert by_name["expired"].most == "15"
    assert by_name["licence"].required
    assert by_name["licence"].row == 2


def test_a_definition_survives_json_and_its_own_workbook() -> None:
    form = sheet([*ITEMS, {"type": "range", "name": "heat", "label": "温度", "parameters": "start=0 end=100 step=5"}])

    assert definition_of(json.loads(json.dumps(form.as_json()))) == form
    again = check_sheets(read_workbook(io.BytesIO(workbook_of(form))))
    assert again.digest == form.digest
    assert again.digest != sheet().digest


def test_chinese_headings_and_old_spellings_are_understood() -> None:
    rows = [
        {
            "类型": "select one verdict",
            "名称": "licence",
            "题目": "许可",
            "分值": "100",
            "关键项": "是",
            "拍照": "不合格时",
        }
    ]

    form = check_sheets(read_workbook(workbook(rows)))

    (item,) = form.items
    assert (item.type, item.key_item, item.photo) == ("select_one", True, "fail")


def test_groups_and_repeats_nest() -> None:
    form = sheet(
        [
            {"type": "begin group", "name": "g", "label": "组"}, *ITEMS[:1], {"type": "end group"},
            {"type": "begin_repeat", "name": "r", "label": "人员"}, {**TEXT, "name": "person"},
            {"type": "note", "name": "n", "label": "n", "relevant": "${person} = 'x'"}, {"type": "end_repeat"},
        ]
    )  # fmt: skip

    assert [each.name for each in form.questions] == ["g", "r"]
    assert [each.name for each in form.questions[1].children] == ["person", "n"]


@pytest.mark.parametrize("type", sorted(REFUSED))
def test_published_types_outside_the_subset_are_refused_by_name(type: str) -> None:
    (fault,) = faults([TEXT, {"type": type, "name": "x", "label": "x"}])

    assert (fault.sheet, fault.row, fault.column) == ("survey", 3, "type")
    assert type in fault.reason
    assert fault.remedy


@pytest.mark.parametrize("type", sorted(SUPPORTED))
def test_every_type_of_the_subset_converts(type: str) -> None:
    row = {"type": type, "name": "x", "label": "题"}
    more = {
        "select_one": {"type": "select_one verdict"}, "select_multiple": {"type": "select_multiple found"},
        "rank": {"type": "rank found"}, "select_one_from_file": {"type": "select_one_from_file operators.csv"},
        "range": {"parameters": "start=0 end=10 step=1"}, "calculate": {"calculation": "1 + 1"},
    }  # fmt: skip

    form = sheet([TEXT, {**row, **more.get(type, {})}])

    assert "/data/x" in xform_of(form)


@pytest.mark.parametrize(
    ("row", "column", "word"),
    [
        ({"type": ""}, "type", "没有填题型"),
        ({"type": "selct_one verdict"}, "type", "selct_one"),
        ({"type": "select_one nobody"}, "type", "nobody"),
        ({"type": "select_one verdict or_other"}, "type", "or_other"),
        ({"type": "select_one_from_file operators.xml"}, "type", "csv"),
        ({"name": "1x"}, "name", "1x"),
        ({"name": "Remark"}, "name", "重复"),
        ({"name": "shian_score"}, "name", "保留"),
        ({"label": ""}, "label", "没有题目文字"),
        ({"required": "perhaps"}, "required", "perhaps"),
        ({"relevant": "pulldata('x', 'y')"}, "relevant", "pulldata"),
        ({"relevant": "${nobody} = 1"}, "relevant", "nobody"),
        ({"relevant": "${x} = 1"}, "relevant", "绕回"),
        ({"constraint": ". >"}, "constraint", "看不懂"),
        ({"points": "5"}, "points", "不能计分"),
        ({"key_item": "yes"}, "key_item", "没有分值"),
        ({"photo_required": "yes"}, "photo_required", "只有计分"),
        ({"deduction": "每处扣2分"}, "deduction", "没有分值"),
        ({"type": "integer", "points": "5", "deduction": "看情况扣"}, "deduction", "看情况扣"),
        ({"type": "integer", "points": "-5", "deduction": "每处扣2分"}, "points", "-5"),
        ({"type": "select_one found", "points": "5"}, "type", "没有得分比例"),
        ({"type": "select_multiple verdict", "points": "5"}, "type", "没有写扣几分"),
        ({"type": "calculate"}, "calculation", "没有算式"),
        ({"type": "range"}, "parameters", "起止"),
        ({"parameters": "rows=3"}, "parameters", "rows"),
        ({"appearance": "ex:app.x"}, "appearance", "ex:app.x"),
    ],
)
def test_each_fault_names_its_place_and_a_remedy(row: dict[str, str], column: str, word: str) -> None:
    found = faults([TEXT, {"type": "text", "name": "x", "label": "题", **row}])

    assert [(each.sheet, each.row, each.column) for each in found] == [("survey", 3, column)]
    assert word in str(found[0])
    assert found[0].remedy


def test_faults_of_groups() -> None:
    assert "没有结束" in str(faults([TEXT, {"type": "begin group", "name": "g"}])[0])
    assert "没有对应的开头" in str(faults([TEXT, {"type": "end repeat"}])[0])
    empty = faults([{"type": "begin group", "name": "g"}, {"type": "end group"}])
    assert (empty[0].row, empty[0].column) == (2, "name")
    rows = [{"type": "begin repeat", "name": "r"}, *ITEMS[:1], {"type": "end repeat"}]
    assert [(each.row, each.column) for each in faults(rows)] == [(3, "points")]
    outside = [{"type": "begin repeat", "name": "r"}, {**TEXT, "name": "y"}, {"type": "end repeat"}]
    assert "组外不能引用" in str(faults([*outside, {**TEXT, "relevant": "${y} = 1"}])[0])


def test_faults_of_choices_and_settings() -> None:
    choices = [{"list_name": "", "name": "a", "label": "a"}, {"list_name": "l", "name": "a b", "label": ""},
               {"list_name": "l", "name": "c", "label": "c", "score": "2", "deduct": "x"}]  # fmt: skip
    found = faults(
        [TEXT], choices=choices, form_id="1", form_title="", pass_mark="100+", withheld="maybe", valid_from="soon"
    )

    assert [(each.sheet, each.row, each.column) for each in found] == [
        ("choices", 2, "list_name"), ("choices", 3, "name"), ("choices", 3, "label"), ("choices", 4, "score"),
        ("choices", 4, "deduct"), ("settings", 2, "form_id"), ("settings", 2, "form_title"),
        ("settings", 2, "pass_mark"),
        ("settings", 2, "valid_from"), ("settings", 2, "withheld"),
    ]  # fmt: skip
    assert faults(ITEMS, pass_mark="")[0].column == "pass_mark"
    assert faults(ITEMS, pass_mark="95")[0].column == "excellent_mark"


def test_columns_and_sheets_outside_the_subset_are_refused_by_name() -> None:
    found = faults([{**TEXT, "label::English (en)": "Remark"}])
    assert (found[0].sheet, found[0].row, found[0].column) == ("survey", 1, "label::English (en)")
    assert "请删去这一列" in found[0].remedy


def test_a_name_that_an_items_photo_will_have_is_refused() -> None:
    (fault,) = faults([*ITEMS[:1], {**TEXT, "name": "licence_photo"}])

    assert (fault.column, "licence" in fault.reason) == ("name", True)


def test_a_form_that_takes_corrections_asks_for_a_second_photo_of_what_was_put_right() -> None:
    form = check_sheets(read_workbook(workbook(corrections="yes")))

    by_name = {each.name: each for each in form.walk()}
    after, photo = by_name["records_after"], by_name["records_photo"]
    assert (after.type, after.required, after.companion_of) == ("image", False, "records")
    assert after.relevant == photo.relevant == "selected(${records}, 'part') or selected(${records}, 'fail')"
    assert "records_after" not in {each.name for each in sheet().walk()}
    assert check_sheets(read_workbook(io.BytesIO(workbook_of(form)))).takes_corrections
    assert [each.column for each in faults(ITEMS, corrections="maybe")] == ["corrections"]


def test_a_file_that_is_no_workbook_says_so() -> None:
    with pytest.raises(SheetsUnreadable, match="损坏"):
        read_workbook(io.BytesIO(b"PK\x03\x04 nothing"))


def test_the_packs_hold_a_sheet_for_each_format_and_each_adds_up_to_a_hundred() -> None:
    forms = [form for form in packed_forms() if not form.key.startswith("duty_")]

    assert [form.key for form in forms if form.is_withheld] == [f"covert_A{number:02}" for number in range(1, 10)]
    assert [form.key for form in forms if not form.is_withheld] == [f"open_M{number:02}" for number in range(1, 25)]
    assert {form.full for form in forms} == {100}
    assert all(form.confidence == "L" and form.pass_mark == "80" for form in forms)
